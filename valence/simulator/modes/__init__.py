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
    bulk,
    deviate,
    hostile,
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
        behaviour.Events,
        behaviour.Assembly,
        deviate.Deviate,
        hostile.Hostile,
        pace.AssemblyTime,
        pace.ReservationTime,
        pace.ActTime,
        pace.PowerTime,
        pace.Latency,
        answers.Drop,
        answers.Garble,
        bulk.Bulk,
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


def power_ms(active: Mapping[str, Mode]) -> typing.Any:
    """Return how long a reset takes to take effect, by what is set."""
    if 'power_ms' in active:
        return active['power_ms'].value
    deviates = active['deviate'].value if 'deviate' in active else ()
    return deviate.LATE_POWER_MS if 'late_power' in deviates else 0
