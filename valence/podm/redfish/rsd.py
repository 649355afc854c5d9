"""Intel Rack Scale Design's Nodes API, versions 2.1 to 2.5.

A node is allocated (which reserves its parts), then assembled (which takes
its time), and taken apart by DELETE. One node has one system.
"""

import itertools
import logging
from typing import Any

from valence.common import exception, http_answer
from valence.objects import hardware
from valence.objects.requirements import Memory, Requirements
from valence.podm.redfish import actions, monitors, nodes, parse
from valence.podm.redfish.service import Service
from valence.podm.redfish.systems import SystemsCompute

LOG = logging.getLogger(__name__)

#: Intel's pod manager spells it one way, Intel's simulator the other.
ALLOCATE = (
    '#ComposedNodeCollection.Allocate',
    '#ComposedNodesCollection.Allocate',
)
ASSEMBLE = '#ComposedNode.Assemble'

#: MemoryType, where MemoryDeviceType (DDR4, ...) is the usual meaning.
_MEMORY_TYPES = frozenset(
    {'DRAM', 'NVDIMM_N', 'NVDIMM_F', 'NVDIMM_P', 'IntelOptane'}
)


class RsdCompute(SystemsCompute):
    """Compute with composed nodes.

    :param nodes_path: of the collection of nodes.
    """

    def __init__(self, service: Service, nodes_path: str) -> None:
        super().__init__(service)
        self._nodes = nodes_path

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
    ) -> str | hardware.Pending:
        action = actions.find(self._service.get(self._nodes), *ALLOCATE)
        body = {
            'Name': name,
            'Description': f'{description} {tag}'.strip(),
            **_wanted(requirements),
        }
        try:
            answer = self._service.client.send(
                'POST', action.target('target'), body
            )
        except exception.PodManagerRefused as error:
            if _no_match(error):
                raise exception.NoMatchingSystem(
                    detail=str(error), reasons=error.reasons
                ) from None
            raise
        return self._allocated(answer, tag)

    def find_node(self, tag: str) -> str | None:
        word = parse.word(tag)

        def match(path: str) -> bool:
            try:
                node = self._service.get(path)
            except exception.PodManagerResourceMissing:
                return False
            texts = (node.text('Name'), node.text('Description'))
            return any(word.search(text or '') for text in texts)

        paths = self._service.members(self._nodes)
        matches = self._service.each(match, paths)
        found = itertools.compress(paths, matches)
        return next(found, None)

    def list_nodes(self) -> list[hardware.ComposedNode]:
        def read(path: str) -> hardware.ComposedNode | None:
            try:
                return self.get_node(path)
            except exception.PodManagerResourceMissing:
                return None

        paths = self._service.members(self._nodes)
        found = self._service.each(read, paths)
        return [node for node in found if node is not None]

    def find_pending(self, tag: str) -> hardware.Pending | None:
        return monitors.find_pending(self._service, tag)

    def get_node(self, url: str) -> hardware.ComposedNode:
        return nodes.read_node(self._service.get(url))

    def get_node_detail(self, url: str) -> hardware.ComposedNode:
        return nodes.read_detail(self._service, self._service.get(url))

    def assemble_node(self, url: str) -> hardware.Pending | None:
        action = actions.find(self._service.get(url), ASSEMBLE)
        return self._change('POST', action.target('target'))

    def reset_node(self, url: str, reset_type: str) -> hardware.Pending | None:
        return self._reset(self._service.get(url), reset_type, nodes.RESET)

    def set_node_boot(
        self, url: str, boot: hardware.BootOverride
    ) -> hardware.Pending | None:
        node = self._service.get(url)
        change = actions.boot_change(node, boot)
        try:
            return self._change('PATCH', url, change)
        except exception.PodManagerRefused as error:
            # Some allow it on the node's system only.
            system = node.link('Links', 'ComputerSystem')
            if error.kwargs['answer'] != 405 or system is None:
                raise
            return self.set_system_boot(system, boot)

    def delete_node(self, url: str) -> hardware.Pending | None:
        try:
            return self._change('DELETE', url)
        except exception.PodManagerResourceMissing:
            LOG.debug('The node %s was gone already.', url)
            return None

    def _allocated(
        self, answer: http_answer.Answer, tag: str
    ) -> str | hardware.Pending:
        """Give what an answer tells of: the node's url, or a monitor.

        Intel's pod manager answers 201 with the node as Location, others
        202 with a monitor, some 202 with the node.
        """
        client = self._service.client
        location = monitors.location(client, answer)
        if location is not None and (
            answer.status == 201
            or (answer.status == 202 and self._is_node(location))
        ):
            return location
        pending = monitors.pending(client, answer)
        if pending is not None:
            return pending
        found = self.find_node(tag)
        if found is None:
            raise client.malformed(answer.path, 'it tells of no new node')
        return found

    def _is_node(self, path: str) -> bool:
        """Tell whether a path is right below the collection of nodes."""
        # Some send links in lower case, or with a trailing slash.
        above, _slash, _name = path.lower().rstrip('/').rpartition('/')
        return above == self._nodes.lower().rstrip('/')


def _no_match(error: exception.PodManagerRefused) -> bool:
    return error.kwargs['answer'] == 409 and any(
        'ResourcesStateMismatch' in code for code in error.kwargs['codes']
    )


def _wanted(requirements: Requirements) -> dict[str, Any]:
    """Give what an Allocate asks for, with numbers as numbers."""
    processor, drive = requirements.processor, requirements.local_drive
    memory, network = requirements.memory, requirements.network
    wanted = {
        'Processors': processor
        and {
            'TotalCores': processor.total_cores,
            'Model': processor.model,
            'InstructionSet': processor.instruction_set,
            'AchievableSpeedMHz': processor.speed_mhz,
        },
        'Memory': memory and _memory(memory),
        'LocalDrives': drive
        and {'CapacityGiB': drive.capacity_gib, 'Type': drive.type},
        'EthernetInterfaces': network and {'SpeedMbps': network.speed_mbps},
    }
    asked = {
        name: {key: value for key, value in part.items() if value is not None}
        for name, part in wanted.items()
        if part
    }
    return {name: [part] for name, part in asked.items() if part}


def _memory(memory: Memory) -> dict[str, Any]:
    kind = 'MemoryType' if memory.type in _MEMORY_TYPES else 'MemoryDeviceType'
    return {
        'CapacityMiB': memory.capacity_mib,
        'SpeedMHz': memory.speed_mhz,
        kind: memory.type,
    }
