"""Systems as the API shows them, and what can be asked of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from valence.common import exception
from valence.compute.resources import Place, place
from valence.db.api import Database
from valence.objects import times
from valence.objects.hardware import System
from valence.objects.pod_manager import PodManager
from valence.objects.resource import Resource
from valence.podm.live import Ident, Live, Told
from valence.podm.live_kinds import SYSTEM, SYSTEMS

_UNKNOWN = 'Unknown'


@dataclass(frozen=True, slots=True)
class Matching:
    """What is asked of systems.

    :ivar properties: path of a Redfish property, such as ``Status/Health``,
        and its value; compared without regard to case.
    :ivar ram: GiB at least. :ivar storage: GiB at least.
    :ivar cores: at least.
    """

    properties: Mapping[str, str] = field(default_factory=dict)
    ram: float | None = None
    storage: float | None = None
    cores: float | None = None

    def accepts(self, system: System | None) -> bool:
        """Tell whether a system is what is asked for.

        One that cannot be read only is where nothing is asked.
        """
        least = (self.ram, self.storage, self.cores)
        if not self.properties and least == (None, None, None):
            return True
        if system is None:
            return False
        has = (system.ram_gib, system.storage_gib, system.cores)
        return all(
            wanted is None or (value is not None and value >= wanted)
            for wanted, value in zip(least, has, strict=True)
        ) and all(
            _look_up(system.raw, path) == value.casefold()
            for path, value in self.properties.items()
        )


def _look_up(raw: Mapping[str, Any], path: str) -> str | None:
    value: Any = raw
    for name in path.split('/'):
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return str(value).casefold()


def by_place(
    told: Mapping[Ident, Told[Sequence[System]]],
) -> dict[Place, System]:
    """Give all systems that were told.

    Those of a pod manager that is away are as it told them last, without
    what may have changed since then.
    """
    return {
        place(podm_id, system.url): _last_seen(system)
        if found.error
        else system
        for (podm_id, _url), found in told.items()
        for system in found.value or ()
    }


def read(
    live: Live, podm: PodManager, row: Resource, patience: float
) -> System | None:
    """Read one system now; give it as it was last told if that fails.

    :raises SystemNotFound: if its pod manager does not have it any more.
    """
    here = place(podm.uuid, row.resource_url)
    told = live.get(SYSTEM, podm, row.resource_url, patience=patience, ttl=0)
    if told.error is None:
        return told.value
    if isinstance(told.error, exception.PodManagerResourceMissing):
        raise exception.SystemNotFound(system=row.uuid)
    listed = live.last(SYSTEMS, podm).value or ()
    known = [each for each in listed if place(podm.uuid, each.url) == here]
    if told.value is not None:
        known.append(told.value)
    latest = max(known, key=lambda system: system.observed_at, default=None)
    return latest and _last_seen(latest)


def _last_seen(system: System) -> System:
    """Give what is true of a system for longer than it can be read."""
    raw = {**system.raw, 'Status': {'Health': _UNKNOWN}}
    raw.pop('PowerState', None)
    return replace(system, health=_UNKNOWN, power_state=None, raw=raw)


def nodes_by_system(
    database: Database, podm_ids: Collection[str]
) -> dict[Place, str]:
    """Give the node of each system in use."""
    found = database.nodes.by_system(podm_ids=podm_ids)
    return {place(*where): uuid for where, uuid in found.items()}


def show(
    row: Resource,
    system: System | None,
    node_uuid: str | None,
) -> dict[str, Any]:
    """Give a system in the API's shape; numbers are strings there.

    :param system: None where nothing but the pointer is known.
    """
    known = {
        'uuid': row.uuid,
        'podm_id': row.podm_id,
        'resource_uri': row.resource_url,
        'node_uuid': node_uuid,
    }
    if system is None:
        return {**known, 'health': _UNKNOWN, 'observed_at': None}
    return {
        **known,
        'id': system.id,
        'Name': system.name,
        'Description': system.description,
        'health': system.health,
        'power_state': system.power_state,
        'location': _location(system),
        'cpu': {
            'arch': system.architecture,
            'cores': _number(system.cores),
            'model': system.processor_model,
        },
        'ram': _number(system.ram_gib),
        'storage': _number(system.storage_gib),
        'network': _number(system.interfaces),
        'observed_at': times.show(system.observed_at),
    }


def _location(system: System) -> str:
    return ''.join([f'{kind}:{name}_' for kind, name in system.location])


def _number(value: float | None) -> str | None:
    return None if value is None else f'{value:g}'
