"""Clients that ask for nodes, and remember what they were told.

They know nothing of faults: they ask, and where asked to, they do what a
patient client does with a 503 or a broken connection, and send the same
request with the same Idempotency-Key again.
"""

import concurrent.futures
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests

_TIMEOUT = 90
_NO_ANSWER = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
)
#: Seconds between two tries, however long the server asks to wait.
_MOST_PAUSE = 1.0

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What one POST came to.

    :ivar status: of HTTP; 0 when there was no answer.
    :ivar sent_at: monotonic.
    """

    name: str
    status: int
    seconds: float
    sent_at: float
    record: Mapping[str, Any]
    retry_after: str | None = None

    @property
    def task_uuid(self) -> str:
        return str(self.record['task_uuid'])

    @property
    def node_uuid(self) -> str:
        return str(self.record['uuid'])


@dataclass(frozen=True, slots=True)
class Series:
    """Replies, in the order in which they came, and how long it all took."""

    replies: Sequence[Reply]
    seconds: float

    @property
    def accepted(self) -> list[Reply]:
        return [reply for reply in self.replies if reply.status == 202]

    @property
    def rate(self) -> float:
        return len(self.accepted) / self.seconds

    @property
    def p99(self) -> float:
        return p99(reply.seconds for reply in self.replies)

    @property
    def slowest(self) -> float:
        return max(reply.seconds for reply in self.replies)

    def accepts_after(self, moment: float) -> float:
        """Give the seconds from a moment to the first 202 after it."""
        ends = [reply.sent_at + reply.seconds for reply in self.accepted]
        return min(end for end in ends if end > moment) - moment

    def statuses(self) -> dict[int, int]:
        """Count the replies by status."""
        return dict(Counter(reply.status for reply in self.replies))

    def __add__(self, other: 'Series') -> 'Series':
        return Series(
            [*self.replies, *other.replies], self.seconds + other.seconds
        )


def p99(values: Iterable[float]) -> float:
    known = list(values)
    if len(known) < 2:
        return known[0]
    return statistics.quantiles(known, n=100, method='inclusive')[-1]


class Clients:
    """So many clients at a time.

    :param url: of the API.
    :param make: gives the body of the next node.
    :param query: of each request.
    :ivar all: every reply, since the beginning.
    """

    def __init__(
        self,
        url: str,
        make: Callable[[], Body],
        count: int,
        *,
        query: Mapping[str, float] | None = None,
    ) -> None:
        self._url = f'{url}/v1/nodes'
        self._query = query or {}
        self._make = make
        self._count = count
        self._local = threading.local()
        self.all: list[Reply] = []

    def compose(self, count: int, *, patience: float = 0) -> Series:
        """Ask for so many nodes, each client as soon as it was answered.

        :param patience: seconds for which a client tries again.
        """
        bodies = [self._make() for _ in range(count)]
        return self._series(
            lambda body: self._until_accepted(body, patience), bodies
        )

    def compose_for(
        self, seconds: float, per_second: float, *, patience: float = 0
    ) -> Series:
        """Ask for so many a second, at an even pace, whatever happens."""
        start = time.monotonic()
        count = round(seconds * per_second)
        items = [(start + n / per_second, self._make()) for n in range(count)]

        def one(item: tuple[float, Body]) -> list[Reply]:
            due, body = item
            time.sleep(max(0.0, due - time.monotonic()))
            return self._until_accepted(body, patience)

        return self._series(one, items)

    def _series(
        self, one: Callable[[Any], list[Reply]], items: Sequence[Any]
    ) -> Series:
        start = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(self._count) as pool:
            replies = [
                reply for found in pool.map(one, items) for reply in found
            ]
        return Series(replies, time.monotonic() - start)

    def _until_accepted(self, body: Body, patience: float) -> list[Reply]:
        headers = {'Idempotency-Key': str(body['name'])} if patience else {}
        end = time.monotonic() + patience
        replies = [self._post(body, headers)]
        while replies[-1].status in (0, 503) and time.monotonic() < end:
            time.sleep(min(_MOST_PAUSE, float(replies[-1].retry_after or 1)))
            replies.append(self._post(body, headers))
        return replies

    def _post(self, body: Body, headers: Mapping[str, str]) -> Reply:
        start = time.monotonic()
        status, record, retry_after = 0, {}, None
        try:
            answer = self._session().post(
                self._url,
                json=body,
                params=self._query,
                headers=headers,
                timeout=_TIMEOUT,
            )
            status, record = answer.status_code, answer.json()
            retry_after = answer.headers.get('Retry-After')
        except _NO_ANSWER as error:
            record = {'error': str(error)}
        seconds = time.monotonic() - start
        reply = Reply(
            body['name'], status, seconds, start, record, retry_after
        )
        self.all.append(reply)
        return reply

    def _session(self) -> requests.Session:
        """Give the session of this client: a thread of its own."""
        session: requests.Session | None = getattr(
            self._local, 'session', None
        )
        if session is None:
            session = self._local.session = requests.Session()
            session.trust_env = False
        return session
