"""The seed that all random choices come from, and the size of the tests."""

import os
import random
from typing import TypeVar

T = TypeVar('T')

#: Chosen anew for each run, unless a run is repeated.
SEED = os.environ.get('CHAOS_SEED') or str(
    random.SystemRandom().getrandbits(24)
)
#: Whether the figures are those of the matrix, or small ones.
FULL = os.environ.get('CHAOS_SCALE', 'short') == 'full'


def scale(full: T, short: T) -> T:
    """Choose between the figure of the matrix and a small one."""
    return full if FULL else short


def share(count: int, turn: int, turns: int) -> int:
    """Give how many of so many come in a turn, when all take as many."""
    return count * (turn + 1) // turns - count * turn // turns


def of(name: str) -> random.Random:
    """Give the choices of one test, whichever ran before it."""
    return random.Random(f'{SEED} {name}')
