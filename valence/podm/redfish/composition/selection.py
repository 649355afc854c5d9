"""Chooses the resource blocks of one node.

All of them are of one zone. Among those that fit, the smallest is chosen;
among equals the choice follows from the node's tag, so that nodes that are
composed side by side do not all want the same block, and a second try for
one node wants the first one's.
"""

import math
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from valence.common import exception
from valence.objects.requirements import Network, Requirements
from valence.podm.redfish.composition import fitting
from valence.podm.redfish.composition.blocks import WHOLE, Block, Contents
from valence.podm.redfish.service import Service

#: Blocks that a service may want a number of (``@Redfish.ResourceBlockLimits``
#: has ``MinStorage`` and the like).
_LIMITED = ('Storage', 'Network', 'Processor', 'Memory')

Limits = Mapping[str, Any]


class Selection:
    """One choice for one node.

    :param service: what the blocks' parts are read with.
    :param tag: of the node.
    :param limits: of the number of blocks, by name, as they are advertised.
    """

    def __init__(
        self,
        service: Service,
        wanted: Requirements,
        tag: str,
        limits: Limits,
    ) -> None:
        self._service = service
        self._contents = Contents(service)
        self._wanted = wanted
        self._tag = tag
        self._limits = limits
        self._reasons: dict[str, None] = {}

    def choose(self, blocks: Sequence[Block]) -> list[Block]:
        """Give the blocks to compose.

        :param blocks: all that there are.
        :raises NoMatchingSystem: saying what there was not.
        """
        free = [block for block in blocks if block.is_free(self._tag)]
        for zone in sorted(_zones(free), key=self._is_new):
            found = self._in_zone(zone)
            if found is not None:
                return found
        if not free:
            self._miss('resource block')
        raise exception.NoMatchingSystem(
            detail=f'None of {len(free)} free resource blocks, of '
            f'{len(blocks)} in all, make what was asked for.',
            reasons=list(self._reasons),
        )

    def _in_zone(self, zone: list[Block]) -> list[Block] | None:
        compute = self._compute(zone)
        if compute is None:
            return None
        chosen = list(compute)
        for find in (self._storage, self._network):
            more = find(zone, chosen)
            if more is None:
                return None
            chosen += more
        return self._within_limits(zone, chosen)

    def _compute(self, zone: list[Block]) -> list[Block] | None:
        """Give what has the processors and the memory."""
        whole = self._smallest(zone, self._fits_both, *WHOLE)
        if whole is not None:
            return [whole]
        processors = self._smallest(zone, self._fits_processor, 'Processor')
        memory = self._smallest(zone, self._fits_memory, 'Memory')
        if processors is None or memory is None:
            if not _of(zone, *WHOLE):
                self._miss('pair of processors and memory')
            return None
        return [processors, memory]

    def _fits_both(self, block: Block) -> tuple[float, float] | None:
        """Give cores and memory of a block; None where they do not fit."""
        cores = self._fits_processor(block)
        if cores is None:
            self._miss('processor')
            return None
        memory = self._fits_memory(block)
        if memory is None:
            self._miss('memory')
            return None
        return cores, memory

    def _fits_processor(self, block: Block) -> float | None:
        found = self._contents.processors(block)
        wanted = self._wanted.processor
        if wanted and not any(
            fitting.processor(wanted, each) for each in found
        ):
            return None
        return fitting.cores(found)

    def _fits_memory(self, block: Block) -> float | None:
        found = self._contents.memory(block)
        wanted = self._wanted.memory
        if wanted and not fitting.memory(wanted, found):
            return None
        return fitting.mebibytes(found)

    def _storage(
        self, zone: list[Block], chosen: list[Block]
    ) -> list[Block] | None:
        wanted = self._wanted.local_drive
        if wanted is None:
            return []

        def fits(block: Block) -> float | None:
            drives = self._contents.drives(block)
            if not any(fitting.drive(wanted, each) for each in drives):
                return None
            return sum(each.number('CapacityBytes') or 0 for each in drives)

        return self._one(zone, chosen, 'Storage', fits, 'drive')

    def _network(
        self, zone: list[Block], chosen: list[Block]
    ) -> list[Block] | None:
        """Give what has the interface; a node without any is of no use."""
        wanted = self._wanted.network

        def fits(block: Block) -> float | None:
            found = self._contents.interfaces(block)
            if any(
                fitting.interface(wanted or Network(), each) for each in found
            ):
                return max(each.number('SpeedMbps') or 0 for each in found)
            # Not all tell of their interfaces as such.
            is_any = wanted is None and 'Network' in block.kinds
            return math.inf if is_any else None

        if wanted is None and not _of(zone, 'Network'):
            return []
        return self._one(zone, chosen, 'Network', fits, 'interface')

    def _one(
        self,
        zone: list[Block],
        chosen: list[Block],
        kind: str,
        fits: Callable[[Block], float | None],
        what: str,
    ) -> list[Block] | None:
        """Give one more block, unless what was chosen has it already."""
        if any(fits(block) is not None for block in chosen):
            return []
        found = self._smallest(zone, fits, kind)
        if found is None:
            self._miss(what)
            return None
        return [found]

    def _smallest(
        self, zone: list[Block], fits: Callable[[Block], Any], *kinds: str
    ) -> Block | None:
        """Give the smallest; what is reserved for us before all others.

        :param fits: gives the size of a block, None where it does not fit.
        """

        def rank(item: tuple[Any, Block]) -> Any:
            size, block = item
            ours = block.is_reserved_for(self._tag)
            return not ours, size, self._turn(block)

        blocks = _of(zone, *kinds)
        sizes = self._service.each(fits, blocks)
        found = [
            (size, block)
            for size, block in zip(sizes, blocks, strict=True)
            if size is not None
        ]
        return min(found, key=rank)[1] if found else None

    def _within_limits(
        self, zone: list[Block], chosen: list[Block]
    ) -> list[Block] | None:
        """Add what the service wants besides; None if there is too much."""
        for kind in _LIMITED:
            least = self._limits.get(f'Min{kind}')
            for block in self._spread(_of(zone, kind)):
                if not _is_less(len(_of(chosen, kind)), least):
                    break
                if block not in chosen:
                    chosen.append(block)
            most = self._limits.get(f'Max{kind}')
            count = len(_of(chosen, kind))
            if _is_less(count, least) or _is_less(most, count):
                self._miss(
                    f'choice of {kind} blocks within the limits, and none'
                )
                return None
        return chosen

    def _is_new(self, zone: list[Block]) -> bool:
        """Tell whether nothing in a zone is reserved for us."""
        return not any(block.is_reserved_for(self._tag) for block in zone)

    def _spread(self, blocks: Iterable[Block]) -> list[Block]:
        return sorted(blocks, key=self._turn)

    def _turn(self, block: Block) -> int:
        return zlib.crc32(f'{self._tag} {block.url}'.encode())

    def _miss(self, what: str) -> None:
        self._reasons[f'There is no free {what} as asked for.'] = None


def _of(blocks: Iterable[Block], *kinds: str) -> list[Block]:
    return [block for block in blocks if block.kinds & set(kinds)]


def _is_less(one: object, other: object) -> bool:
    numbers = isinstance(one, int) and isinstance(other, int)
    return numbers and one < other  # type: ignore[operator]


def _zones(blocks: Iterable[Block]) -> list[list[Block]]:
    """Give the blocks of each zone; all at once where there are none."""
    zones: dict[str, list[Block]] = {}
    for block in blocks:
        for zone in block.zones or ['']:
            zones.setdefault(zone, []).append(block)
    return list(zones.values())
