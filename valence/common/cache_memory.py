"""A backend of dogpile.cache: so many bytes in the memory of this process.

Those of dogpile and of oslo.cache that are in memory grow without an end.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dogpile.cache import api

from valence.common.lru import Lru

#: Bytes that a value takes besides its own, roughly.
_BESIDES = 256


class MemoryBackend(api.BytesBackend):
    """Argument ``capacity``: bytes in all."""

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        self._kept: Lru[str, bytes] = Lru(
            arguments['capacity'], lambda value: len(value) + _BESIDES
        )

    def get_serialized(self, key: str) -> api.SerializedReturnType:
        value = self._kept.get(key)
        return api.NO_VALUE if value is None else value

    def get_serialized_multi(
        self, keys: Iterable[str]
    ) -> Sequence[api.SerializedReturnType]:
        return [self.get_serialized(key) for key in keys]

    def set_serialized(self, key: str, value: bytes) -> None:
        self._kept.put(key, value)

    def set_serialized_multi(self, mapping: Mapping[str, bytes]) -> None:
        for key, value in mapping.items():
            self._kept.put(key, value)

    def delete(self, key: str) -> None:
        self._kept.drop(key)

    def delete_multi(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._kept.drop(key)
