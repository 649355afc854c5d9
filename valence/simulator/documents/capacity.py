"""Where the capacity of pools and volumes is from.

To 2.3 their documents tell; since 2.4 they refer to resources that do.
"""

import dataclasses

from valence.simulator import pod as pods
from valence.simulator.documents import common

ID = '1'

_LISTS = {'Drive': 'ProvidingDrives', 'StoragePool': 'ProvidingPools'}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What provides how many bytes of something at a path."""

    of: str
    providing: str
    paths: list[str]
    allocated: int

    @property
    def path(self) -> str:
        """Where it is, if it is a resource of its own."""
        return f'{self.of}/CapacitySources/{ID}'

    @property
    def provided(self) -> common.Json:
        """How much is provided."""
        capacity = {'Data': {'AllocatedBytes': self.allocated}}
        return {'ProvidedCapacity': capacity}


def sources(pod: pods.Pod, one: Source) -> list[common.Json]:
    """Return the CapacitySources property, of one source."""
    storage = pod.personality.storage
    if storage is not None and storage.sources_apart:
        return [common.link(one.path)]
    return [{**one.provided, _LISTS[one.providing]: common.links(one.paths)}]


def source(one: Source) -> common.Json:
    """Return a source as a resource of its own."""
    providing = _LISTS[one.providing]
    return {
        **common.header(
            one.path, 'Capacity.v1_1_0.CapacitySource', ID, 'Capacity Source'
        ),
        **one.provided,
        providing: common.link(f'{one.path}/{providing}'),
    }


def providers(one: Source) -> common.Json:
    """Return what provides it."""
    return common.collection(
        f'{one.path}/{_LISTS[one.providing]}',
        f'{one.providing}Collection',
        f'{one.providing} Collection',
        one.paths,
    )
