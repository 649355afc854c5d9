"""The driver ``shelf``, for a pod manager that does not exist.

It is the example of the documentation. A Shelf holds machines; a node is one
of them, taken for somebody, with a note.
"""

import dataclasses
import http
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from valence.common import (
    exception,
    http_auth,
    http_client,
    http_health,
    http_tls,
)
from valence.objects import hardware
from valence.objects.pod_manager import PodManager
from valence.objects.requirements import Memory, Processor, Requirements
from valence.objects.resource import ResourceType
from valence.podm import base, failures

_MACHINES, _NODES = '/shelf/machines', '/shelf/nodes'

#: By Redfish's words, which Valence speaks: those of a Shelf.
_RESETS = {'On': 'on', 'ForceOff': 'off'}
#: By those of a Shelf.
_POWER_STATES = {'on': 'On', 'off': 'Off'}
_JOB_STATES = {
    'running': hardware.MonitorState.RUNNING,
    'done': hardware.MonitorState.DONE,
    'failed': hardware.MonitorState.FAILED,
}

#: What a Shelf does not tell of parts.
_PROCESSOR = {'instruction_set': None, 'model': None, 'speed_mhz': None}
_MEMORY = {'data_width_bit': None, 'speed_mhz': None}
_INTERFACE = {'speed_mbps': None, 'status': None, 'ipv4': (), 'vlans': ()}

_Kind = TypeVar('_Kind')


class Resource:
    """What a Shelf sent, read with care.

    :param path: where it was sent from.
    :raises PodManagerMalformed: if it is no object.
    """

    def __init__(
        self, client: http_client.HttpClient, path: str, raw: object
    ) -> None:
        if not isinstance(raw, Mapping):
            raise client.malformed(path, 'it is not a JSON object')
        self.raw = raw
        self._client = client
        self._path = path

    def value(self, field: str, kind: type[_Kind]) -> _Kind:
        """Give a field that cannot be done without.

        :raises PodManagerMalformed: if it is missing, or something else.
        """
        value = self.raw.get(field)
        if not isinstance(value, kind):
            raise self._client.malformed(
                self._path, f'{field} is missing or of a wrong type'
            )
        return value

    def link(self, field: str) -> str:
        """Give the path that a link leads to.

        :raises PodManagerMalformed: if it must not be followed.
        """
        return self._client.path_of(self.value(field, str), self._path)

    def parts(self, field: str) -> 'list[Resource]':
        """Give the objects of a list."""
        found = self.value(field, list)
        return [Resource(self._client, self._path, raw) for raw in found]


class Shelf:
    """What there is at a Shelf. Thread-safe."""

    def __init__(self, client: http_client.HttpClient) -> None:
        self.client = client

    def read(self, path: str) -> Resource:
        return Resource(self.client, path, self.client.get(path))

    def machines(self) -> list[Resource]:
        return self.read(_MACHINES).parts('machines')

    def nodes(self) -> list[Resource]:
        return self.read(_NODES).parts('nodes')


def read_system(sent: Resource) -> hardware.System:
    return hardware.System(
        url=sent.link('url'),
        id=sent.value('id', str),
        power_state=_POWER_STATES.get(sent.value('power', str)),
        cores=sent.value('cores', int),
        ram_gib=sent.value('memory_mib', int) / 1024,
        interfaces=1,
        reset_types=tuple(_RESETS),
        raw=sent.raw,
    )


def read_node(sent: Resource) -> hardware.ComposedNode:
    return hardware.ComposedNode(
        url=sent.link('url'),
        id=sent.value('id', str),
        name=sent.value('name', str),
        description=sent.value('note', str),
        # A Shelf has no half-made nodes.
        state='Assembled',
        power_state=_POWER_STATES.get(sent.value('power', str)),
        system_url=sent.link('machine'),
        reset_types=tuple(_RESETS),
        raw=sent.raw,
    )


class ShelfInventory(base.Inventory):
    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def walk(self) -> Iterator[hardware.Part]:
        for path, kind, read in (
            (_MACHINES, ResourceType.COMPUTER_SYSTEM, self._shelf.machines),
            (_NODES, ResourceType.COMPOSED_NODE, self._shelf.nodes),
        ):
            try:
                found = [(each.link('url'), kind) for each in read()]
            except failures.OF_ONE as error:
                why = failures.told(error, path)
                yield hardware.Part(path, frozenset([kind]), error=why)
            else:
                yield hardware.Part(path, frozenset([kind]), found)

    def systems(self) -> list[hardware.System]:
        return [read_system(machine) for machine in self._shelf.machines()]


class ShelfCompute(base.Compute):
    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    # Systems

    def get_system(self, url: str) -> hardware.System:
        return read_system(self._shelf.read(url))

    def reset_system(
        self, url: str, reset_type: str
    ) -> hardware.Pending | None:
        if reset_type not in _RESETS:
            raise exception.UnsupportedValue(
                field='ResetType', value=reset_type, allowed=', '.join(_RESETS)
            )
        client = self._shelf.client
        answer = client.send(
            'PUT', f'{url}/power', {'power': _RESETS[reset_type]}
        )
        if answer.status != http.HTTPStatus.ACCEPTED:
            return None
        sent = Resource(client, answer.path, answer.document())
        return hardware.Pending(sent.link('job'))

    def set_system_boot(self, url: str, boot: hardware.BootOverride) -> None:
        raise exception.UnsupportedAction(
            action='Setting what a machine boots from', what='a Shelf'
        )

    # Nodes

    @property
    def composes(self) -> bool:
        return True

    def allocate_node(
        self,
        *,
        name: str,
        description: str,
        tag: str,
        requirements: Requirements,
    ) -> str:
        note = f'{description} {tag}'.strip()
        body = {'name': name, 'note': note, **_asked(requirements)}
        client = self._shelf.client
        try:
            answer = client.send('POST', _NODES, body)
        except exception.PodManagerRefused as error:
            if error.kwargs['answer'] != http.HTTPStatus.CONFLICT:
                raise
            raise exception.NoMatchingSystem(
                detail=str(error), reasons=error.reasons
            ) from None
        return Resource(client, _NODES, answer.document()).link('url')

    def find_node(self, tag: str) -> str | None:
        for node in self._shelf.nodes():
            if tag in node.value('note', str).split():
                return node.link('url')
        return None

    def list_nodes(self) -> list[hardware.ComposedNode]:
        return [read_node(node) for node in self._shelf.nodes()]

    def get_node(self, url: str) -> hardware.ComposedNode:
        return read_node(self._shelf.read(url))

    def get_node_detail(self, url: str) -> hardware.ComposedNode:
        node = self._shelf.read(url)
        machine = self._shelf.read(node.link('machine'))
        cores, memory = (
            machine.value(field, int) for field in ('cores', 'memory_mib')
        )
        return dataclasses.replace(
            read_node(node),
            processors=[{**_PROCESSOR, 'total_core': cores}],
            memory=[{**_MEMORY, 'total_memory_mb': memory}],
            interfaces=[{**_INTERFACE, 'mac': machine.value('mac', str)}],
        )

    def assemble_node(self, url: str) -> None:
        """Do nothing: it is whole from the beginning."""

    def reset_node(self, url: str, reset_type: str) -> hardware.Pending | None:
        machine = self._shelf.read(url).link('machine')
        return self.reset_system(machine, reset_type)

    def delete_node(self, url: str) -> None:
        try:
            self._shelf.client.send('DELETE', url)
        except exception.PodManagerResourceMissing:
            return


def _asked(requirements: Requirements) -> dict[str, Any]:
    """Give what a Shelf is asked for.

    :raises NoMatchingSystem: if it cannot be asked for all of it.
    """
    asked = {}
    processor, memory = requirements.processor, requirements.memory
    if processor is not None:
        asked['cores'] = processor.total_cores
        processor = Processor(total_cores=processor.total_cores)
    if memory is not None:
        asked['memory_mib'] = memory.capacity_mib
        memory = Memory(capacity_mib=memory.capacity_mib)
    if requirements != Requirements(processor=processor, memory=memory):
        raise exception.NoMatchingSystem(
            detail='A Shelf can be asked for cores and memory only.'
        )
    return asked


class ShelfConnection(base.Connection):
    """A Shelf, at ``http://HOST:PORT``."""

    def __init__(
        self,
        podm: PodManager,
        limits: http_client.Limits,
        health: http_health.Health | None = None,
    ) -> None:
        super().__init__(podm)
        self._auth = http_auth.BasicAuth(*podm.credentials())
        self._client = http_client.HttpClient(
            podm.url,
            auth=self._auth,
            limits=limits,
            trust=http_tls.Trust.of(podm.tls),
            under='/shelf/',
            health=health,
        )
        self._shelf = Shelf(self._client)

    def check(self) -> bool:
        self._shelf.machines()
        return True

    @property
    def compute(self) -> base.Compute:
        return ShelfCompute(self._shelf)

    @property
    def inventory(self) -> base.Inventory:
        return ShelfInventory(self._shelf)

    def look(self, monitor: str) -> hardware.Monitor:
        try:
            job = self._shelf.read(monitor)
        except exception.PodManagerResourceMissing:
            return hardware.Monitor(hardware.MonitorState.GONE)
        state = _JOB_STATES.get(job.value('state', str))
        if state is None:
            raise self._client.malformed(monitor, 'its state is not known')
        if state is not hardware.MonitorState.FAILED:
            return hardware.Monitor(state)
        why = self._auth.masked(job.value('why', str))
        return hardware.Monitor(state, reasons=[why])

    def drop_idle(self, seconds: float) -> None:
        self._client.drop_idle(seconds)

    def close(self) -> None:
        self._client.close()
