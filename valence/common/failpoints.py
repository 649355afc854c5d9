"""Places where a test lets a process die, or sleep, just then.

The variable ``VALENCE_FAIL`` of the environment names them when the process
starts: ``after_commit:exit9`` kills it at that point, ``after_commit:exit9@3``
when it comes there for the third time, ``before_allocate:sleep0.5`` sleeps
there each time; several are separated by commas. Without the variable they do
nothing.
"""

import itertools
import os
import re
import signal
import time
from collections.abc import Callable

VARIABLE = 'VALENCE_FAIL'

_PART = re.compile(
    r'(?P<name>\w+):(?:(?P<exit>exit9)(?:@(?P<turn>\d+))?'
    r'|sleep(?P<seconds>\d+(?:\.\d+)?))'
)


def parse(text: str) -> dict[str, Callable[[], None]]:
    """Give what happens at each point that a text names.

    :raises ValueError: names what cannot be understood.
    """
    parts = [part.strip() for part in text.split(',') if part.strip()]
    return dict(map(_parse_one, parts))


def _parse_one(part: str) -> tuple[str, Callable[[], None]]:
    found = _PART.fullmatch(part)
    if found is None:
        raise ValueError(
            f'{VARIABLE}: {part} is not understood: write name:exit9, '
            'name:exit9@<turn> or name:sleep<seconds>.'
        )
    if found['exit']:
        return found['name'], _exit_at(int(found['turn'] or 1))
    seconds = float(found['seconds'])
    return found['name'], lambda: time.sleep(seconds)


def _exit_at(turn: int) -> Callable[[], None]:
    turns = itertools.count(1)

    def act() -> None:
        if next(turns) == turn:
            os.kill(os.getpid(), signal.SIGKILL)

    return act


_POINTS = parse(os.environ.get(VARIABLE, ''))


def reach(name: str) -> None:
    """Do what the environment wants done at this point."""
    if _POINTS and name in _POINTS:
        _POINTS[name]()
