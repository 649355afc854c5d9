"""So many bytes of what can be had again.

What was not asked for for the longest time makes room.
"""

import collections
import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar('K', bound=Hashable)
V = TypeVar('V')


class Lru(Generic[K, V]):
    """Keeps values up to a size in all. Thread-safe.

    :param capacity: bytes in all.
    :param size_of: gives the bytes of a value.
    """

    def __init__(self, capacity: int, size_of: Callable[[V], int]) -> None:
        self._capacity = capacity
        self._size_of = size_of
        self._size = 0
        self._kept: collections.OrderedDict[K, V] = collections.OrderedDict()
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """Bytes that are kept."""
        return self._size

    def get(self, key: K) -> V | None:
        with self._lock:
            value = self._kept.get(key)
            if value is not None:
                self._kept.move_to_end(key)
            return value

    def put(self, key: K, value: V) -> None:
        """Keep a value, unless it would push most others out."""
        if self._size_of(value) > self._capacity // 4:
            return
        with self._lock:
            self._drop(key)
            self._kept[key] = value
            self._size += self._size_of(value)
            while self._size > self._capacity:
                self._drop(next(iter(self._kept)))

    def drop(self, key: K) -> None:
        with self._lock:
            self._drop(key)

    def _drop(self, key: K) -> None:
        value = self._kept.pop(key, None)
        if value is not None:
            self._size -= self._size_of(value)
