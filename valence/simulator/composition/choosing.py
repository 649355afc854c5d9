"""Choose the blocks of a composition: those named, or those that fit.

Chooses only; the state does the taking.
"""

import itertools
import typing
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from valence.simulator import errors
from valence.simulator.composition import blocks as block_values
from valence.simulator.composition import constraints, refusals, state

Block = block_values.Block
Request = Mapping[str, typing.Any]
Fits = Callable[[Sequence[Block]], bool]

AFFINITY = '@Redfish.ZoneAffinity'


def choose(
    composition: state.Composition,
    request: Request,
    *,
    reservation: str | None = None,
    besides: Collection[Block] = (),
) -> list[Block]:
    """Return the blocks for a request whose shape was checked.

    :param reservation: the id of the one that the request is for
    :param besides: blocks that are as good as taken
    :raises RedfishError: 400 for a request that can never be met; 409
        when it cannot be met now
    """
    links = request.get('Links') or {}
    if 'ResourceBlocks' in links:
        _check_undivided(request)
        blocks = named(composition, links['ResourceBlocks'] or [])
        _check_limits(blocks)
        _check_free(composition, blocks, reservation, besides)
        return blocks
    return _fitting(composition, request, reservation, besides)


def _check_undivided(request: Request) -> None:
    sections = [each.name for each in constraints.SECTIONS]
    both = [name for name in (AFFINITY, *sections) if request.get(name)]
    if both:
        raise errors.invalid_payload(
            f'{", ".join(both)} and Links.ResourceBlocks exclude each other.'
        )


def named(
    composition: state.Composition, links: Iterable[Request]
) -> list[Block]:
    """Return the blocks that links lead to.

    :raises RedfishError: 400, for one there is not, or one twice
    """
    paths = [each.get('@odata.id') or '' for each in links]
    found = {path: block_values.at(composition.layout, path) for path in paths}
    unknown = [path for path, block in found.items() if block is None]
    if unknown:
        ids = [path.rstrip('/').rpartition('/')[2] for path in unknown]
        raise refusals.Refusal(400, map(refusals.not_found, ids))
    blocks = [found[path] for path in paths]
    known = [each for each in blocks if each is not None]
    if len(set(known)) < len(known):
        raise errors.invalid_payload('A resource block is there twice.')
    return known


def _check_limits(blocks: Iterable[Block]) -> None:
    problems = block_values.beyond_limits(blocks)
    if problems:
        raise errors.invalid_payload(*problems)


def _check_free(
    composition: state.Composition,
    blocks: Sequence[Block],
    reservation: str | None,
    besides: Collection[Block],
) -> None:
    reasons = [
        refusals.in_use(each.id)
        for each in blocks
        if composition.system_on(each) is not None or each in besides
    ]
    holds = composition.holds
    reasons += [
        refusals.reserved(each.id, holds.holder(each))
        for each in holds.denied(blocks, reservation)
    ]
    layout = composition.layout
    if len({block_values.zone_of(layout, each) for each in blocks}) > 1:
        reasons.append(refusals.zones_differ())
    if reasons:
        raise refusals.Refusal(409, reasons)


def _fitting(
    composition: state.Composition,
    request: Request,
    reservation: str | None,
    besides: Collection[Block],
) -> list[Block]:
    wanted = _wanted(request)
    zones = []
    kinds = {section.block for section in wanted}
    order = [kind for kind in block_values.KINDS if kind in kinds]
    for zone in _zones(request):
        free = [
            each
            for each in composition.free(zone, reservation)
            if each not in besides
        ]
        zones.append(free)
        picks = [_pick(free, kind, _fits(wanted, kind)) for kind in order]
        if all(pick is not None for pick in picks):
            return [block for pick in picks for block in pick or ()]
    raise refusals.Refusal(409, _reasons(zones, wanted, order))


_Wanted = dict[constraints.Section, list[constraints.Want]]


def _wanted(request: Request) -> _Wanted:
    found = {
        section: constraints.wants(request, section)
        for section in constraints.SECTIONS
    }
    return {section: wants for section, wants in found.items() if wants}


def _zones(request: Request) -> Sequence[int]:
    affinity = request.get(AFFINITY)
    if affinity is None:
        return block_values.ZONES
    zones = [each for each in block_values.ZONES if str(each) == affinity]
    if not zones:
        raise errors.invalid_payload(f'There is no zone {affinity}.')
    return zones


def _fits(wanted: _Wanted, kind: str) -> Fits:
    sections = {each: w for each, w in wanted.items() if each.block == kind}
    return lambda blocks: all(
        constraints.are_met(section, wants, blocks)
        for section, wants in sections.items()
    )


def _pick(free: Iterable[Block], kind: str, fits: Fits) -> list[Block] | None:
    """Return the fewest blocks of a kind that fit together."""
    alike: dict[typing.Any, list[Block]] = {}
    for block in free:
        if block.kind == kind:
            # Blocks of the same hardware fit, or do not, for each other.
            alike.setdefault(block.hardware, []).append(block)
    _, most = block_values.LIMITS[kind]
    for size in range(1, most + 1):
        for choice in itertools.combinations_with_replacement(alike, size):
            pools = {each: iter(alike[each]) for each in choice}
            # None where there are not as many of a kind.
            found = [next(pools[each], None) for each in choice]
            blocks = [each for each in found if each is not None]
            if len(blocks) == size and fits(blocks):
                return blocks
    return None


def _reasons(
    zones: Sequence[Sequence[Block]], wanted: _Wanted, kinds: Iterable[str]
) -> list[refusals.Reason]:
    """Say which requirements are met in no zone; else that they part."""

    def is_met(kind: str, some: _Wanted) -> bool:
        fits = _fits(some, kind)
        return any(_pick(free, kind, fits) is not None for free in zones)

    unmet = [
        section
        for section, wants in wanted.items()
        if not is_met(section.block, {section: wants})
    ]
    if not unmet:
        # Each by itself could be met, but not by the same blocks.
        apart = [kind for kind in kinds if not is_met(kind, wanted)]
        unmet = [each for each in wanted if each.block in apart]
    if not unmet:
        return [refusals.zones_differ()]
    return [refusals.no_match(section.resource) for section in unmet]
