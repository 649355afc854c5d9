"""The resource blocks of a pod, and the zones they are in.

Each system's worth of hardware is cut into three blocks: its processors
and memory, its drives, its ports.  All follows from kind and index, as
the layout does; nothing is stored for a block that nobody touched.
"""

import dataclasses
import re
from collections.abc import Iterable, Iterator

from valence.simulator import layout as layouts
from valence.simulator import profiles

SERVICE = f'{layouts.ROOT}/CompositionService'
PATH = f'{SERVICE}/ResourceBlocks'

COMPUTE = 'Compute'
STORAGE = 'Storage'
NETWORK = 'Network'
KINDS = (COMPUTE, STORAGE, NETWORK)

# The least and the most blocks of a kind that a system can have.
LIMITS = {COMPUTE: (1, 2), STORAGE: (0, 4), NETWORK: (0, 2)}

ZONES = (1, 2)

_ID = re.compile(rf'({"|".join(KINDS)})Block([1-9]\d*)')


@dataclasses.dataclass(frozen=True, slots=True)
class Block:
    """A block; ``index`` is that of the system's worth it is part of."""

    kind: str
    index: int

    @property
    def id(self) -> str:
        """The id, unique in the pod."""
        return f'{self.kind}Block{self.index + 1}'

    @property
    def path(self) -> str:
        """The path."""
        return f'{PATH}/{self.id}'

    @property
    def processors(self) -> tuple[profiles.Processor, ...]:
        """The processors in it."""
        return self._profile.processors if self.kind == COMPUTE else ()

    @property
    def modules(self) -> tuple[profiles.Module, ...]:
        """The memory modules in it."""
        return self._profile.modules if self.kind == COMPUTE else ()

    @property
    def drives(self) -> tuple[profiles.Drive, ...]:
        """The drives in it."""
        return self._profile.drives if self.kind == STORAGE else ()

    @property
    def interfaces(self) -> tuple[profiles.Interface, ...]:
        """The Ethernet ports in it."""
        return self._profile.interfaces if self.kind == NETWORK else ()

    @property
    def hardware(self) -> tuple[object, ...]:
        """All that is in it; equal for blocks that are alike."""
        return (self.processors, self.modules, self.drives, self.interfaces)

    @property
    def _profile(self) -> profiles.Profile:
        return profiles.profile_of(self.index)


def every(layout: layouts.Layout) -> Iterator[Block]:
    """Yield all blocks of a pod, kind by kind."""
    for kind in KINDS:
        for index in range(layout.systems):
            yield Block(kind, index)


def _indexes(layout: layouts.Layout, zone: int) -> range:
    # Half to each zone, and the odd one to the first.
    first = -(-layout.systems // 2)
    return range(first) if zone == 1 else range(first, layout.systems)


def zone_of(layout: layouts.Layout, block: Block) -> int:
    """Return the number of the zone of a block."""
    return 1 if block.index in _indexes(layout, 1) else 2


def in_zone(layout: layouts.Layout, zone: int) -> list[Block]:
    """Return the blocks of a zone, kind by kind."""
    indexes = _indexes(layout, zone)
    return [Block(kind, index) for kind in KINDS for index in indexes]


def find(layout: layouts.Layout, block_id: str) -> Block | None:
    """Return the block with this id, if there is one."""
    found = _ID.fullmatch(block_id)
    if found is None or int(found[2]) > layout.systems:
        return None
    return Block(found[1], int(found[2]) - 1)


def at(layout: layouts.Layout, path: str) -> Block | None:
    """Return the block at a path, if there is one."""
    parent, _, block_id = path.rstrip('/').rpartition('/')
    return find(layout, block_id) if parent == PATH else None


def beyond_limits(blocks: Iterable[Block]) -> list[str]:
    """Return a sentence for each kind that there is too little or much of."""
    kinds = [each.kind for each in blocks]
    return [
        f'A system has {least} to {most} blocks of type {kind}, '
        f'and not {kinds.count(kind)}.'
        for kind, (least, most) in LIMITS.items()
        if not least <= kinds.count(kind) <= most
    ]
