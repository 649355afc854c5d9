"""What can be had again and is kept for a while: a region of oslo.cache.

Without ``[cache] enabled`` it is in the memory of this process; else where
the options of oslo.cache say. It is JSON in either place: nothing that lies
in a cache outside is ever unpickled. A cache that does not answer is one that
has nothing.
"""

import logging
from collections.abc import Sequence
from typing import Any

import dogpile.cache
import orjson
import oslo_cache
from dogpile.cache import api
from oslo_cache.exception import ConfigurationError
from oslo_config import cfg

LOG = logging.getLogger(__name__)

_MEMORY = 'valence.memory'
_MEMCACHED = 'dogpile.cache.pymemcache'
#: Backends whose clients unpickle what they find.
_UNSAFE = frozenset(
    {
        'dogpile.cache.bmemcached',
        'dogpile.cache.memcached',
        'dogpile.cache.pylibmc',
        'oslo_cache.memcache_pool',
    }
)

dogpile.cache.register_backend(
    _MEMORY, 'valence.common.cache_memory', 'MemoryBackend'
)
dogpile.cache.register_backend(
    _MEMCACHED, 'valence.common.cache_memcached', 'MemcachedBackend'
)


class Cache:
    """Keeps what is JSON. Thread-safe; no call of it fails.

    :param region: with the serializer of :func:`make_region`.
    """

    def __init__(self, region: dogpile.cache.CacheRegion) -> None:
        self._region = region
        self._works = True

    def get_all(self, keys: Sequence[str]) -> dict[str, Any]:
        """Give what there is of some keys, however old."""
        try:
            found = self._region.get_multi(keys, ignore_expiration=True)
        except Exception as error:  # Each backend has errors of its own.
            self._note(error)
            return {}
        self._note(None)
        return {
            key: value
            for key, value in zip(keys, found, strict=True)
            if value is not api.NO_VALUE
        }

    def put(self, key: str, value: object) -> None:
        try:
            self._region.set(key, value)
        except Exception as error:  # Each backend has errors of its own.
            self._note(error)
        else:
            self._note(None)

    def _note(self, error: Exception | None) -> None:
        """Tell the log when the cache goes away, and when it is back."""
        worked, self._works = self._works, error is None
        if error is not None and worked:
            LOG.warning('The cache does not work: %r', error)
        elif error is None and not worked:
            LOG.info('The cache works again')


def make_region(
    conf: cfg.ConfigOpts, capacity: int
) -> dogpile.cache.CacheRegion:
    """Give a region as it is configured, or in memory if that cannot be.

    :param capacity: bytes of the one in memory.
    """
    if conf.cache.enabled:
        try:
            return _configured(conf)
        except (ConfigurationError, ImportError, ValueError) as error:
            LOG.error(
                '[cache] is of no use, what is read is kept in memory: %s',
                error,
            )
    return _region().configure(_MEMORY, arguments={'capacity': capacity})


def _configured(conf: cfg.ConfigOpts) -> dogpile.cache.CacheRegion:
    """Give a region as oslo.cache makes it.

    :raises ConfigurationError, ImportError, ValueError:
    """
    if conf.cache.backend in _UNSAFE:
        raise ValueError(
            f'backend must not be {conf.cache.backend}, which unpickles what '
            f'anybody may have put into the cache; use {_MEMCACHED}'
        )
    return oslo_cache.configure_cache_region(conf, _region())


def _region() -> dogpile.cache.CacheRegion:
    return dogpile.cache.make_region(
        serializer=orjson.dumps, deserializer=_loads
    )


def _loads(value: bytes) -> Any:
    try:
        return orjson.loads(value)
    except ValueError as error:
        raise api.CantDeserializeException from error
