"""Give each of several requirements a thing of its own.

The classical augmenting path: a requirement that finds its thing taken
asks the holder to move.  Greedy choice would refuse requests that can
be met.
"""

import typing
from collections.abc import Callable, Sequence

Want = typing.TypeVar('Want')
Thing = typing.TypeVar('Thing')


def match(
    wants: Sequence[Want],
    things: Sequence[Thing],
    fits: Callable[[Want, Thing], bool],
) -> bool:
    """Tell whether all wants can be met at once, each by its own thing."""
    holder: dict[int, int] = {}

    def place(want: int, tried: set[int]) -> bool:
        for number, thing in enumerate(things):
            if number in tried or not fits(wants[want], thing):
                continue
            tried.add(number)
            if number not in holder or place(holder[number], tried):
                holder[number] = want
                return True
        return False

    if len(wants) > len(things):
        return False
    return all(place(want, set()) for want in range(len(wants)))
