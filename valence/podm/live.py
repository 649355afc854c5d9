"""What pod managers tell, kept for a while and always told with its age.

What can be read is a :class:`Kind`: how it is read of a connection, and how
it is written down. Those that exist are in ``live_kinds.py``. A
:class:`Live` gives it, from the cache or from the pod manager::

    told = live.get(SYSTEMS, podm, patience=8)
    told.value, told.observed_at, told.error

    by_place = live.get_all(PROPERTIES, [(podm, url), ...], patience=8)
    told = by_place[podm.uuid, url]

A pod manager that is away costs a call no more than its patience; what is
left of it is what it told last, with its age and beside the error.

What is kept is found under the ``changes`` of the pod manager's record: as
soon as somebody counts a change there, no process finds what it or another
has read before. So whoever asks gives records as they are now. Nothing here
knows the database or the message bus.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from valence.common import exception, http_deadline
from valence.common.cache import Cache
from valence.objects.pod_manager import PodManager
from valence.podm.base import Connection
from valence.podm.pool import Pool
from valence.podm.readers import Job, Readers

T = TypeVar('T')

#: A pod manager, and a path there; '' for a kind that is of all of it.
Place = tuple[PodManager, str]
#: The uuid of a pod manager, and a path there.
Ident = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """Something that can be read of a pod manager.

    :ivar name: of what is kept; another form of it needs another name.
    :ivar read: reads it at a path, or raises a ValenceError.
    :ivar pack: makes of it what orjson can write.
    :ivar unpack: makes it again; raises AttributeError, LookupError,
        TypeError or ValueError if it is given anything else.
    """

    name: str
    read: Callable[[Connection, str], T]
    pack: Callable[[T], object]
    unpack: Callable[[Any], T]


@dataclass(frozen=True, slots=True)
class Told(Generic[T]):
    """What a pod manager has told.

    :ivar value: None if it has not told it, or not for a long time.
    :ivar observed_at: when it was asked for it, microseconds since 1970 by
        the clock of who asked; None with the value.
    :ivar error: why it cannot be read now; the value is an older one then.
    """

    value: T | None = None
    observed_at: int | None = None
    error: exception.ValenceError | None = None


class Live:
    """What the pod managers tell. Thread-safe.

    :param ttl: seconds for which what was read is told; 0 reads each time.
    :param deadline: seconds that the reading of one value may take. It may
        be more than the patience of who asks: the next one has it then.
    """

    def __init__(
        self,
        pool: Pool,
        cache: Cache,
        readers: Readers,
        *,
        ttl: float,
        deadline: float,
    ) -> None:
        self._pool = pool
        self._cache = cache
        self._readers = readers
        self._ttl = ttl
        self._deadline = deadline

    def get(
        self,
        kind: Kind[T],
        podm: PodManager,
        url: str = '',
        *,
        patience: float,
        ttl: float | None = None,
    ) -> Told[T]:
        """Give one value, as :meth:`get_all` does.

        :param ttl: instead of the one that is configured.
        """
        ttl = self._ttl if ttl is None else ttl
        return self._get(kind, [(podm, url)], patience, ttl)[podm.uuid, url]

    def get_all(
        self, kind: Kind[T], places: Iterable[Place], *, patience: float
    ) -> dict[Ident, Told[T]]:
        """Give the values of many places.

        Never raises for a pod manager: each value has its own error.

        :param patience: seconds; what has not been read by then is told as
            late, and as it was before.
        """
        return self._get(kind, places, patience, self._ttl)

    def last(self, kind: Kind[T], podm: PodManager, url: str = '') -> Told[T]:
        """Give what was told last, however long ago; it is not read."""
        ident = podm.uuid, url
        keys = _keys(kind, {ident: (podm, url)})
        return self._recall(kind, keys)[ident]

    def _get(
        self,
        kind: Kind[T],
        places: Iterable[Place],
        patience: float,
        ttl: float,
    ) -> dict[Ident, Told[T]]:
        asked = {(podm.uuid, url): (podm, url) for podm, url in places}
        keys = _keys(kind, asked)
        told = self._recall(kind, keys)
        # Who asks for one thing wants to wait for it.
        many = len(asked) > 1
        jobs = {
            ident: self._job(kind, *asked[ident], keys[ident], many)
            for ident in asked
            if not _is_fresh(told[ident], ttl)
        }
        if not jobs:
            return told
        read = self._readers.read(jobs.values(), patience)
        for ident, job in jobs.items():
            found = read.get(job.key) or _late(*asked[ident], patience)
            if isinstance(found, Told):
                told[ident] = found
            else:
                told[ident] = replace(told[ident], error=found)
        return told

    def _job(
        self, kind: Kind[T], podm: PodManager, url: str, key: str, many: bool
    ) -> Job[Told[T]]:
        def read() -> Told[T]:
            now = _now()
            with http_deadline.within(self._deadline):
                value = kind.read(self._pool.get(podm), url)
            self._cache.put(key, [now, kind.pack(value)])
            return Told(value, now)

        # Who did not answer lately is not to keep others waiting.
        return Job(key, podm.uuid, read, late=many and podm.failures > 0)

    def _recall(
        self, kind: Kind[T], keys: Mapping[Ident, str]
    ) -> dict[Ident, Told[T]]:
        kept = self._cache.get_all(list(keys.values()))
        return {
            ident: _unpacked(kind, kept.get(key))
            for ident, key in keys.items()
        }


def _is_fresh(told: Told[T], ttl: float) -> bool:
    if told.observed_at is None:
        return False
    # Of a clock that is ahead of ours no more is believed either.
    return abs(_now() - told.observed_at) < ttl * 1_000_000


def _now() -> int:
    return time.time_ns() // 1000


def _unpacked(kind: Kind[T], kept: Any) -> Told[T]:
    """Give what was kept; nothing if it is not what we would keep."""
    if kept is None:
        return Told()
    try:
        observed_at, packed = kept
        return Told(kind.unpack(packed), int(observed_at))
    except (AttributeError, LookupError, TypeError, ValueError):
        return Told()


def _keys(kind: Kind[T], places: Mapping[Ident, Place]) -> dict[Ident, str]:
    """Give under what the values are kept."""
    known = {podm.uuid: _identity(podm) for podm, _url in places.values()}
    return {
        ident: _hash(kind.name, known[podm.uuid], url)
        for ident, (podm, url) in places.items()
    }


def _identity(podm: PodManager) -> str:
    """Give what is another as soon as something else may be there.

    Who asks with other credentials may see something else, too.
    """
    user = [item['auth_items'].get('username') for item in podm.authentication]
    return repr((podm.uuid, podm.url, podm.driver, user, podm.changes))


def _hash(*parts: str) -> str:
    # Some caches take neither long keys nor any character.
    return hashlib.sha256('\0'.join(parts).encode()).hexdigest()


def _late(
    podm: PodManager, url: str, patience: float
) -> exception.ValenceError:
    return exception.PodManagerTimeout(
        url=podm.url,
        method='GET',
        path=url or 'several resources',
        seconds=f'{patience:g}',
    )
