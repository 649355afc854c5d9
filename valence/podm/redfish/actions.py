"""Power and boot, which systems and composed nodes share."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from valence.common import exception
from valence.objects import hardware
from valence.podm.redfish import parse

_BOOT = 'BootSourceOverride'


def find(document: parse.Document, *names: str) -> parse.Document:
    """Give what is advertised of an action, under one of its names.

    :raises PodManagerMalformed: if it is not advertised.
    """
    for name in names:
        action = document.part('Actions', name)
        if action.raw:
            return action
    raise document.lacks(f'Actions/{names[0]}')


@contextlib.contextmanager
def advertised(action: parse.Document, name: str) -> Iterator[None]:
    """Say what was advertised, if the target that is asked inside is not.

    :param action: as of :func:`find`.
    :raises PodManagerResourceMissing:
    """
    try:
        yield
    except exception.PodManagerResourceMissing as error:
        if error.kwargs['path'] != action.target('target'):
            raise
        reason = (
            f'{error.kwargs["reason"]}; {action.path} advertises it as the '
            f'target of {name}'
        )
        raise exception.PodManagerResourceMissing(
            **{**error.kwargs, 'reason': reason}
        ) from None


def reset_types(document: parse.Document, name: str) -> Sequence[str]:
    """Give the reset types of an action; none where none are told."""
    return parse.allowed(document.part('Actions', name), 'ResetType')


def boot_targets(document: parse.Document) -> Sequence[str]:
    return parse.allowed(document.part('Boot'), f'{_BOOT}Target')


def boot(document: parse.Document) -> Mapping[str, Any]:
    """Give the boot override as it is set."""
    return {
        name: value
        for name in (f'{_BOOT}Enabled', f'{_BOOT}Target', f'{_BOOT}Mode')
        if (value := document.value('Boot', name)) is not None
    }


def boot_change(
    document: parse.Document, wanted: hardware.BootOverride
) -> dict[str, Any]:
    """Give the body of the PATCH that sets a boot override.

    :raises UnsupportedValue: if the system does not allow it.
    """
    change = {
        f'{_BOOT}Enabled': wanted.enabled,
        f'{_BOOT}Target': wanted.target,
    }
    if wanted.mode is not None:
        change[f'{_BOOT}Mode'] = wanted.mode
    holder = document.part('Boot')
    for name, value in change.items():
        parse.check_allowed(holder, name, value)
    return {'Boot': change}
