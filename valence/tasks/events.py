"""What becomes of the events of pod managers, by whichever way they come.

An event only says "look": what was read before is dropped in all processes,
and where there may be more or less than before the next sync is due. Of a
flood one look in an interval is made, and one after its end; see
``note_event`` of the database. Here is no more than a memory of what is due
anyway, so that most of a flood costs no statement.
"""

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from valence.db.api import Database
from valence.objects.event import Look

#: Bytes of a token; it is all that says whose events they are.
_TOKEN_BYTES = 32
_LONGEST_TOKEN = 128
#: Pod managers that are remembered.
_MOST = 10_000

_Value = TypeVar('_Value')


def new_token() -> str:
    return secrets.token_urlsafe(_TOKEN_BYTES)


def digest_of(token: str) -> str:
    """Give what is stored of a token, from which it cannot be told."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Due:
    """What takes effect at a time, by the monotonic clock."""

    look: Look
    until: float


class Reception:
    """Receives events. Thread-safe.

    :param interval: seconds between two looks at a pod manager.
    """

    def __init__(
        self,
        database: Database,
        *,
        interval: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._podms = database.pod_managers
        self._interval = interval
        self._clock = clock
        self._lock = threading.Lock()
        self._due: dict[str, _Due] = {}
        self._digests: dict[str, str] = {}

    def receive(self, podm_id: str, token: str, look: Look) -> bool:
        """Take what somebody sent; tell whether they may send.

        :param token: which says that it was the pod manager.
        """
        if len(token) > _LONGEST_TOKEN:
            return False
        digest = digest_of(token)
        if self._is_due(podm_id, look) and _same(
            self._digests.get(podm_id), digest
        ):
            return True
        if not _same(self._podms.event_digest(uuid=podm_id), digest):
            return False
        with self._lock:
            _put(self._digests, podm_id, digest)
        self.note(podm_id, look)
        return True

    def forget(self, podm_id: str) -> None:
        """Forget a token that is not good any more."""
        with self._lock:
            self._digests.pop(podm_id, None)

    def note(self, podm_id: str, look: Look) -> None:
        """Have a look made, now or at the end of the interval."""
        if look is Look.NONE or self._is_due(podm_id, look):
            return
        # Before the database's clock is read: what is due is not before.
        now = self._clock()
        left = self._podms.note_event(
            uuid=podm_id, syncs=look is Look.SYNC, interval=self._interval
        )
        if left:
            with self._lock:
                _put(self._due, podm_id, _Due(look, now + left))

    def _is_due(self, podm_id: str, look: Look) -> bool:
        due = self._due.get(podm_id)
        return (
            due is not None and look <= due.look and self._clock() < due.until
        )


def _same(stored: str | None, digest: str) -> bool:
    return stored is not None and hmac.compare_digest(stored, digest)


def _put(known: dict[str, _Value], key: str, value: _Value) -> None:
    """Remember; where that is too much the oldest is forgotten."""
    known.pop(key, None)
    if len(known) >= _MOST:
        del known[next(iter(known))]
    known[key] = value
