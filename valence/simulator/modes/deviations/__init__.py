"""The ways in which real servers deviate, each a small class.

Write one, name it in ``ALL``, and the ``deviate`` mode has it.
"""

import typing
from collections.abc import Mapping

from valence.simulator.modes.deviations import (
    actions,
    base,
    changes,
    failures,
    identities,
    links,
    members,
    sessions,
)

Deviation = base.Deviation

# From the outside to the inside: the first sees a request as it came, and
# the last sees an answer as it was made.
ALL: Mapping[str, type[Deviation]] = {
    each.name: each
    for each in (
        failures.HtmlErrors,
        failures.ObjectErrors,
        failures.StringErrors,
        failures.EmptyErrors,
        failures.Forbidden,
        failures.MissingIs500,
        links.RootSlash,
        links.RootNoSlash,
        links.LowerLinks,
        links.SlashLinks,
        links.DeadLinks,
        actions.MisspeltAllocate,
        actions.MisspeltTargets,
        actions.AllocateKey,
        changes.AbsoluteLocation,
        changes.NoLocation,
        members.NestedMembers,
        members.MisspeltCount,
        members.WrongCount,
        members.WrongCollectionId,
        identities.OddContext,
        identities.StringBooleans,
        identities.NumericId,
        identities.MissingProperties,
        identities.NoBlockType,
        sessions.BasicLogin,
        sessions.ConstantToken,
        sessions.NoSessions,
        changes.Compose204,
        changes.Compose200,
        changes.Compose202,
        changes.Delete200,
        changes.Reset200,
        changes.PatchNode405,
        changes.LatePower,
        changes.OnceContinuous,
        changes.Ghosts,
    )
}


def names(mode: str, value: typing.Any) -> list[str]:
    """Return the names that a value has; true has all that go together.

    :raises ValueError: for a name there is not, or two that exclude another
    """
    if value is True:
        return _together()
    if not isinstance(value, list | tuple) or not value:
        raise ValueError(f'{mode} must be a list of names, or true.')
    for each in value:
        if each not in ALL:
            known = ', '.join(ALL)
            raise ValueError(f'{mode} has no {each}; there are: {known}.')
    found = [each for each in ALL if each in value]
    _check_exclusions(mode, found)
    return found


def _together() -> list[str]:
    found: dict[str, str] = {}
    for name, each in ALL.items():
        if not each.apart:
            found.setdefault(each.excludes or name, name)
    return list(found.values())


def _check_exclusions(mode: str, found: list[str]) -> None:
    first: dict[str, str] = {}
    for name in found:
        other = first.setdefault(ALL[name].excludes or name, name)
        if other != name:
            raise ValueError(
                f'{mode} cannot have both {other} and {name}: they are about '
                f'{ALL[name].excludes}.'
            )
