"""Documents that were read before, and may be what is still there.

A document with an ETag is kept, and asked for again with ``If-None-Match``: a
304 costs the server and us next to nothing. But the ETags of some servers do
not change when they should. So nothing is believed where a decision hangs on
it: only what is read inside of :func:`revalidating` is taken from here, and
that is what is shown, never what is waited for. Besides, a document

* is believed for five minutes, and then read as a whole;
* is forgotten with all others of its server as soon as we change anything
  there;
* is not kept if its path has a query: what a collection is expanded by has
  no part in the ETag of some servers;
* is not kept if its server says so (``Cache-Control: no-store``).

A server that is seen to send two documents under one ETag is not believed any
more.
"""

import contextlib
import contextvars
import itertools
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from valence.common import lru
from valence.common.http_answer import Answer

LOG = logging.getLogger(__name__)

#: Seconds.
BELIEVED = 300.0

_MAX_ETAG = 256
#: Bytes that a document takes besides its own, roughly.
_BESIDES = 512

_REVALIDATING: contextvars.ContextVar[bool] = contextvars.ContextVar(
    'revalidating', default=False
)
_clients = itertools.count()

_Key = tuple[int, int, str]


@contextlib.contextmanager
def revalidating() -> Iterator[None]:
    """Let what is read inside be taken from here, if the server agrees."""
    token = _REVALIDATING.set(True)
    try:
        yield
    finally:
        _REVALIDATING.reset(token)


@dataclass(frozen=True, slots=True)
class Kept:
    """A document as it came: what is made of it is the reader's own."""

    etag: str
    body: bytes
    since: float = field(default_factory=time.monotonic)

    @property
    def size(self) -> int:
        return len(self.body) + len(self.etag) + _BESIDES


class Documents(lru.Lru[_Key, Kept]):
    """The documents of all servers of a process. Thread-safe.

    :param capacity: bytes in all.
    """

    def __init__(self, capacity: int) -> None:
        super().__init__(capacity, lambda kept: kept.size)


class Memory:
    """What is kept for one client: its server, and its credentials.

    :param documents: None keeps nothing.
    :param name: of the server, for the log.
    """

    def __init__(self, documents: Documents | None, name: str) -> None:
        self._documents = documents
        self._name = name
        self._client = next(_clients)
        self._changes = 0

    def recall(self, path: str) -> 'Recollection | None':
        """Give what is known of a path; None if it is to be read anew."""
        if self._documents is None or '?' in path:
            return None
        if not _REVALIDATING.get():
            return None
        key = self._client, self._changes, path
        return Recollection(self, self._documents, key)

    def forget(self) -> None:
        """Believe nothing that was read before now.

        What is there still is found by nobody, and makes room in time.
        """
        self._changes += 1

    def distrust(self) -> None:
        """Believe this server nothing any more."""
        LOG.warning(
            '%s sends different documents under one ETag: all is read as a '
            'whole from now on',
            self._name,
        )
        self._documents = None


class Recollection:
    """What is known of one path, before it is asked for."""

    def __init__(
        self, memory: Memory, documents: Documents, key: _Key
    ) -> None:
        self._memory = memory
        self._documents = documents
        self._key = key
        self._known = documents.get(key)

    def condition(self) -> dict[str, str]:
        """Give the header to ask with."""
        known = self._known
        if known is None or time.monotonic() - known.since >= BELIEVED:
            return {}
        return {'If-None-Match': known.etag}

    def answer(self, answer: Answer) -> Answer:
        """Give the answer that a 304 stands for."""
        known = self._known
        if answer.status != 304 or known is None:  # noqa: PLR2004
            return answer
        return Answer(200, answer.path, answer.headers, known.body)

    def learn(self, answer: Answer) -> None:
        """Keep an answer that was read as a whole and is of use."""
        known, etag = self._known, answer.headers.get('ETag', '')
        if known is not None and known.body is answer.body:
            return
        if known and known.etag == etag and known.body != answer.body:
            self._memory.distrust()
        elif _is_usable(etag, answer):
            self._documents.put(self._key, Kept(etag, answer.body))
        else:
            self._documents.drop(self._key)


def _is_usable(etag: str, answer: Answer) -> bool:
    control = answer.headers.get('Cache-Control', '').lower()
    opaque = etag.removeprefix('W/')
    return (
        'no-store' not in control
        and len(etag) <= _MAX_ETAG
        and len(opaque) > len('""')
        and opaque[0] == opaque[-1] == '"'
    )
