"""Many items, in batches of no more than so many."""

import itertools
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar('T')


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Split items into lists of so many; the last may be shorter.

    As ``itertools.batched`` of Python 3.12.
    """
    left = iter(items)
    while batch := list(itertools.islice(left, size)):
        yield batch
