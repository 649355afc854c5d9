"""The backend ``dogpile.cache.pymemcache``, as far as it can be trusted.

Its own client makes objects of what somebody has pickled into the cache, and
waits for ever for a server that does not answer. Here bytes stay bytes, and
``[cache] socket_timeout`` holds.
"""

import functools
from collections.abc import Mapping
from typing import Any

from dogpile.cache.backends import memcached


class Bytes:
    """What the client makes of a value: nothing, whatever its flags say."""

    def serialize(self, key: object, value: bytes) -> tuple[bytes, int]:
        return value, 0

    def deserialize(self, key: object, value: bytes, flags: int) -> bytes:
        return value


class MemcachedBackend(memcached.PyMemcacheBackend):
    """Argument ``socket_timeout``: seconds, besides those of its base."""

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        super().__init__(  # type: ignore[no-untyped-call]
            {**arguments, 'serde': Bytes()}
        )
        self._timeout = arguments['socket_timeout']

    @functools.cached_property
    def client(self) -> Any:
        """Give the one client; threads take their connections of a pool."""
        from pymemcache.client import hash as hashing

        return hashing.HashClient(
            self.url,
            serde=self.serde,
            tls_context=self.tls_context,
            connect_timeout=self._timeout,
            timeout=self._timeout,
            retry_attempts=0,
            dead_timeout=self.dead_timeout,
            use_pooling=True,
        )
