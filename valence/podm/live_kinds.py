"""What can be told of pod managers: the kinds that :mod:`.live` keeps."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from valence.objects.hardware import Properties, System
from valence.podm.base import Connection
from valence.podm.live import Kind

T = TypeVar('T')

#: Redfish properties of systems that lists of them are filtered by.
FILTERED = (
    'AssetTag',
    'Id',
    'Manufacturer',
    'Model',
    'Name',
    'PowerState',
    'SerialNumber',
    'Status/Health',
    'Status/State',
    'UUID',
)
_TOP = frozenset(path.partition('/')[0] for path in FILTERED)


def kind_of_many(
    name: str,
    made: Callable[..., T],
    read: Callable[[Connection, str], Sequence[T]],
) -> Kind[Sequence[T]]:
    """Give the kind of many objects of one dataclass.

    :param made: the dataclass; its fields are JSON.
    """
    fields = [
        field.name
        for field in dataclasses.fields(made)  # type: ignore[arg-type]
    ]

    def pack(values: Sequence[T]) -> object:
        return [[getattr(each, name) for name in fields] for each in values]

    def unpack(rows: Any) -> Sequence[T]:
        if any(len(row) != len(fields) for row in rows):
            raise ValueError
        return [made(*row) for row in rows]

    # What another version has kept with other fields is not found.
    return Kind(f'{name}:{",".join(fields)}', read, pack, unpack)


def kind_of_one(
    name: str, made: Callable[..., T], read: Callable[[Connection, str], T]
) -> Kind[T]:
    """Give the kind of one object of a dataclass, as kind_of_many does."""
    many = kind_of_many(name, made, lambda podm, url: [read(podm, url)])
    return Kind(
        many.name,
        read,
        lambda value: many.pack([value]),
        lambda rows: many.unpack(rows)[0],
    )


def _read_systems(connection: Connection, _url: str) -> Sequence[System]:
    return [_short(system) for system in connection.inventory.systems()]


def _short(system: System) -> System:
    """Give a system as lists need it: a tenth of what was sent."""
    raw = {name: system.raw[name] for name in _TOP & system.raw.keys()}
    if isinstance(status := raw.get('Status'), Mapping):
        kept = {'Health', 'State'} & status.keys()
        raw['Status'] = {name: status[name] for name in kept}
    return dataclasses.replace(
        system, boot={}, reset_types=(), boot_targets=(), raw=raw
    )


def _read_system(connection: Connection, url: str) -> System:
    return connection.compute.get_system(url)


def _read_properties(connection: Connection, url: str) -> Properties:
    return connection.inventory.read(url)


#: All systems of a pod manager; of what was sent, only :data:`FILTERED`.
SYSTEMS: Kind[Sequence[System]] = kind_of_many(
    'systems', System, _read_systems
)
#: One system, by its path, with its detail.
SYSTEM: Kind[System] = kind_of_one('system', System, _read_system)
#: One resource, by its path.
PROPERTIES: Kind[Properties] = kind_of_one(
    'properties', Properties, _read_properties
)
