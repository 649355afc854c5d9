"""Which EESV, which group and which EEIOs a node shall have.

Nothing here asks or changes anything. The choice follows from the node's
tag, so that compositions that go on at the same time seldom choose the same,
and one that is repeated chooses what it chose before.
"""

import collections
import hashlib
from collections.abc import Iterable, Sequence

from valence.common import exception
from valence.objects.requirements import Requirements
from valence.podm.expether.devices import Device
from valence.podm.expether.urls import Place

#: Of the ids that are nobody's default, 16 to 4092.
FIRST_GROUP, LAST_GROUP = 16, 4092
#: Groups that a tag may have: the more, the seldomer all of them are in use,
#: and the more often one is another node's.
_DRAWS = 4


def wanted_kinds(requirements: Requirements) -> tuple[str, ...]:
    """Give the kinds of the EEIOs that are asked for.

    :raises NoMatchingSystem: if more is asked for than an EEM can promise.
    """
    others = {
        'processor': requirements.processor,
        'memory': requirements.memory,
        'local_drive': requirements.local_drive,
        'network': requirements.network,
    }
    asked = [name for name, part in others.items() if part is not None]
    if asked:
        raise exception.NoMatchingSystem(
            detail='An ExpEther manager does not tell what a server has '
            'inside: of a node there only pci_device can be asked for, and '
            f'not {", ".join(asked)}.'
        )
    pci = requirements.pci_device
    return tuple(kind.upper() for kind in (pci.type if pci else ()))


def groups_of(tag: str) -> tuple[int, ...]:
    """Give the groups that the node of a tag can be in."""
    size = LAST_GROUP - FIRST_GROUP + 1
    return tuple(
        FIRST_GROUP + _hash(f'{tag}/{draw}') % size for draw in range(_DRAWS)
    )


def choose(
    tag: str,
    wanted: tuple[str, ...],
    eesvs: Sequence[Device],
    eeios: Sequence[Device],
) -> Place:
    """Choose the place of a new node.

    :raises NoMatchingSystem: with the reasons why there is none.
    """
    used = {device.group for device in (*eesvs, *eeios)}
    groups = [group for group in groups_of(tag) if group not in used]
    usable = _in_order(tag, (eesv for eesv in eesvs if eesv.usable))
    fit = [
        eesv
        for eesv in usable
        if eesv.room is None or eesv.room >= len(wanted)
    ]
    reasons = _lacking(wanted, eeios)
    if not usable:
        reasons.append('No EESV is free.')
    elif not fit:
        reasons.append(f'No free EESV can have {len(wanted)} EEIOs.')
    if not groups:
        reasons.append('The groups for this node are in use: ask again.')
    if reasons:
        raise exception.NoMatchingSystem(
            detail='The ExpEther manager has nothing for this node.',
            reasons=reasons,
        )
    return Place(fit[0].id, groups[0], wanted)


def missing(place: Place, eeios: Sequence[Device]) -> list[Device]:
    """Choose the EEIOs that are still to be put into the group of a node.

    :raises NoMatchingSystem: if there are not enough of a kind.
    """
    kinds = missing_kinds(place, eeios)
    reasons = _lacking(kinds, eeios)
    if reasons:
        raise exception.NoMatchingSystem(
            detail='Somebody else took what was free.', reasons=reasons
        )
    seed = f'{place.eesv}/{place.group}'
    usable = _in_order(seed, (eeio for eeio in eeios if eeio.usable))
    chosen = []
    for kind in kinds:
        eeio = next(each for each in usable if each.kind == kind)
        usable.remove(eeio)
        chosen.append(eeio)
    return chosen


def missing_kinds(place: Place, eeios: Iterable[Device]) -> tuple[str, ...]:
    """Give the kinds of the EEIOs that a node still lacks."""
    held = (eeio.kind for eeio in eeios if eeio.group == place.group)
    lacking = collections.Counter(place.wanted or ())
    lacking -= collections.Counter(kind for kind in held if kind)
    return tuple(lacking.elements())


def _lacking(wanted: Iterable[str], eeios: Iterable[Device]) -> list[str]:
    free = collections.Counter(eeio.kind for eeio in eeios if eeio.usable)
    return [
        f'Of EEIOs with a {kind} {count} are wanted, and {free[kind]} free.'
        for kind, count in collections.Counter(wanted).items()
        if free[kind] < count
    ]


def _in_order(seed: str, devices: Iterable[Device]) -> list[Device]:
    return sorted(devices, key=lambda each: _hash(f'{seed}/{each.id}'))


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
