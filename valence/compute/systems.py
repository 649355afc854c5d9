"""Systems as the API shows them, and what can be asked of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from valence.db.api import Database, Query
from valence.objects import times
from valence.objects.hardware import System
from valence.objects.resource import Resource


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
        if system is None:
            return not self.properties and least == (None, None, None)
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


def nodes_by_system(
    database: Database, podm_ids: Collection[str]
) -> dict[tuple[str, str], str]:
    """Give the node of each system in use, by pod manager and url."""
    query = Query(filters={'podm_id': list(podm_ids)})
    return {
        (node.podm_id, node.system_url): node.uuid
        for node in database.nodes.list(query=query)
        if node.podm_id is not None and node.system_url is not None
    }


def show(
    row: Resource,
    system: System | None,
    taken: Mapping[tuple[str, str], str],
) -> dict[str, Any]:
    """Give a system in the API's shape; numbers are strings there.

    Without ``system`` nothing but the pointer is known.
    """
    known = {
        'uuid': row.uuid,
        'podm_id': row.podm_id,
        'resource_uri': row.resource_url,
        'node_uuid': taken.get((row.podm_id, row.resource_url)),
    }
    if system is None:
        return {**known, 'health': 'Unknown', 'observed_at': None}
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
    return ''.join(f'{kind}:{name}_' for kind, name in system.location)


def _number(value: float | None) -> str | None:
    return None if value is None else f'{value:g}'
