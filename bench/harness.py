"""Takes figures side by side, and prints them.

A machine is never quiet, so the sides of a comparison take turns within one
run, and a ratio is the median of the ratios of neighbours.
"""

import statistics
import sys
from collections.abc import Callable, Mapping

ROUNDS = 5

Figures = Mapping[str, float]
Series = dict[str, list[float]]


def figure(name: str, value: float, unit: str) -> None:
    """Print a figure; nothing else goes to standard output."""
    print(f'{name} {value:.4g} {unit}', flush=True)


def say(message: str) -> None:
    """Tell how far it is."""
    print(message, file=sys.stderr, flush=True)


def alternate(
    sides: Mapping[str, Callable[[], Figures]], rounds: int = ROUNDS
) -> dict[str, Series]:
    """Measure the sides in turn, after one turn that does not count.

    :returns: by side, and by the name of the figure, the values of all turns.
    """
    found: dict[str, Series] = {side: {} for side in sides}
    for turn in range(rounds + 1):
        for side, measure in sides.items():
            figures = measure()
            shown = ', '.join(f'{k} {v:.4g}' for k, v in figures.items())
            say(f'  {turn or "warm-up"} {side}: {shown}')
            if turn:
                for name, value in figures.items():
                    found[side].setdefault(name, []).append(value)
    return found


def ratio(ours: list[float], others: list[float]) -> float:
    """Give the median of the ratios, turn by turn."""
    pairs = zip(ours, others, strict=True)
    return statistics.median(our / other for our, other in pairs)


def median(values: list[float]) -> float:
    return statistics.median(values)


def p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100, method='inclusive')[-1]
