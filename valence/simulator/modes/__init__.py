"""Ways a pod can misbehave, switched on and off by tests.

A mode is one small class.  Write one, name it in ``MODES``, and it can
be set.
"""

import typing
from collections.abc import Mapping

from valence.simulator.modes import (
    answers,
    base,
    behaviour,
    pace,
    refusals,
)

Disconnect = base.Disconnect
Mode = base.Mode

# In the order in which they see a request, and then its answer.
MODES: Mapping[str, type[Mode]] = {
    each.name: each
    for each in (
        refusals.Dead,
        refusals.Away,
        refusals.Hang,
        refusals.Status,
        refusals.Burst,
        behaviour.Sessions,
        behaviour.Accept,
        behaviour.Assembly,
        pace.AssemblyTime,
        pace.ActTime,
        pace.Latency,
        answers.Drop,
        answers.Garble,
        pace.Drip,
    )
}


def parse_all(values: Mapping[str, typing.Any]) -> dict[str, Mode | None]:
    """Return a mode for each value; None where it is null or false.

    :raises ValueError: for a mode there is not, or a value it cannot have
    """
    parsed: dict[str, Mode | None] = {}
    for name, value in values.items():
        if name not in MODES:
            known = ', '.join(MODES)
            raise ValueError(f'There is no mode {name}; there are: {known}.')
        off = value is None or value is False
        parsed[name] = None if off else MODES[name](value)
    return parsed
