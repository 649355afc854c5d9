"""Reads of many pod managers at once, none of which holds up the others.

Some are dead, and take seconds to show it. So what has been going on for a
while does not count any more, and another read begins beside it; of a pod
manager that has not answered yet one thing only is read, and nothing more
once it is known to be away. What several ask for at the same time is read
once.

Nothing here knows what is read, or keeps it.
"""

import collections
import contextlib
import itertools
import logging
import queue
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent import futures
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from valence.common import exception

LOG = logging.getLogger(__name__)

T = TypeVar('T')

#: Errors after which nothing else need be asked of a pod manager.
AWAY = (
    exception.CredentialsUnreadable,
    exception.PodManagerAddressRefused,
    exception.PodManagerConnectionLost,
    exception.PodManagerTimeout,
    exception.PodManagerUnauthorized,
    exception.PodManagerUnreachable,
    exception.PodManagerUntrusted,
)
#: Seconds after which a read does not keep others from beginning.
_GRACE = 0.5
#: Seconds that those are waited for that are late, after all others.
_LATE = 1.0


@dataclass(frozen=True, slots=True)
class Job(Generic[T]):
    """Something to be read.

    :ivar key: what it is; of the same key only one is read at a time.
    :ivar podm: uuid of the pod manager that it is read of.
    :ivar read: raises a ValenceError where it cannot be read.
    :ivar late: whether others are read first, and it is hardly waited for
        when they have been.
    """

    key: Hashable
    podm: str
    read: Callable[[], T]
    late: bool = False


class Readers:
    """Threads that read. Thread-safe.

    :param width: reads of one call that begin at once.
    :param most: threads in all; they are made when they are needed.
    :param each: reads of one pod manager at a time, of one call.
    """

    def __init__(self, *, width: int, most: int, each: int) -> None:
        self._width = width
        self._each = each
        self._threads = threading.Semaphore(most)
        self._lock = threading.Lock()
        self._flights: dict[Hashable, futures.Future[object]] = {}

    def read(
        self, jobs: Iterable[Job[T]], patience: float
    ) -> dict[Hashable, T | exception.ValenceError]:
        """Read as much as can be had in time; the rest is not in the answer.

        What is still being read goes on, for who asks next.

        :param patience: seconds.
        """
        call = _Call(list(jobs), self._each, self._width, patience)
        while not call.is_done and (left := call.seconds_left()) > 0:
            while call.has_room and (job := call.line.take()) is not None:
                if not self._begin(job, call):
                    call.line.put_back(job)
                    break
            call.collect(min(left, _GRACE / 2))
        return call.found

    def _begin(self, job: Job[T], call: '_Call[T]') -> bool:
        """Begin to read, or join who does; False if there is no thread."""
        with self._lock:
            flight = self._flights.get(job.key)
            if flight is not None:
                call.follow(job, flight)
                return True
            if not self._threads.acquire(blocking=False):
                return False
            flight = self._flights[job.key] = futures.Future()
        call.begun(job)
        call.follow(job, flight)
        # A daemon: the process need not wait for a pod manager to end.
        thread = threading.Thread(
            target=self._run, args=[job, flight], name='reader', daemon=True
        )
        try:
            thread.start()
        except RuntimeError:
            LOG.exception('There is no thread to read pod managers with')
            error = exception.ServiceUnavailable(service='compute')
            self._land(job, flight, error)
        return True

    def _run(self, job: Job[T], flight: futures.Future[object]) -> None:
        try:
            found: object = job.read()
        except exception.ValenceError as error:
            found = error
        except Exception as error:  # The edge of the thread.
            LOG.exception('A read of pod manager %s failed', job.podm)
            found = exception.PodManagerMalformed(
                url=job.podm, path='', reason=type(error).__name__
            )
        self._land(job, flight, found)

    def _land(
        self, job: Job[T], flight: futures.Future[object], found: object
    ) -> None:
        with self._lock:
            del self._flights[job.key]
        self._threads.release()
        flight.set_result(found)


class _Line(Generic[T]):
    """What is still to be read, and of whom it may be read now."""

    def __init__(self, jobs: Iterable[Job[T]], each: int) -> None:
        self._each = each
        self._waiting: dict[str, collections.deque[Job[T]]] = {}
        for job in sorted(jobs, key=lambda job: job.late):
            self._waiting.setdefault(job.podm, collections.deque()).append(job)
        self._going: collections.Counter[str] = collections.Counter()
        self._answered: set[str] = set()

    @property
    def is_empty(self) -> bool:
        return not self._waiting

    def take(self) -> Job[T] | None:
        """Give what may be read now; None if it is nothing."""
        for podm, jobs in self._waiting.items():
            if self._going[podm] < self._most(podm):
                job = jobs.popleft()
                del self._waiting[podm]
                if jobs:
                    # Others first: its turn comes again.
                    self._waiting[podm] = jobs
                self._going[podm] += 1
                return job
        return None

    def put_back(self, job: Job[T]) -> None:
        self._going[job.podm] -= 1
        jobs = self._waiting.setdefault(job.podm, collections.deque())
        jobs.appendleft(job)

    def answered(self, podm: str) -> None:
        self._going[podm] -= 1
        self._answered.add(podm)

    def away(self, podm: str) -> list[Job[T]]:
        """Give what of a pod manager need not be tried any more."""
        self._going[podm] -= 1
        return list(self._waiting.pop(podm, ()))

    def _most(self, podm: str) -> int:
        return self._each if podm in self._answered else 1


class _Call(Generic[T]):
    """Who waits for a number of reads.

    :ivar found: what was read, or the error, by the keys of the jobs.
    """

    def __init__(
        self, jobs: Sequence[Job[T]], each: int, width: int, patience: float
    ) -> None:
        self.line = _Line(jobs, each)
        self._until = time.monotonic() + patience
        self._in_time = {job.key for job in jobs if not job.late}
        self._hurries = False
        self.found: dict[Hashable, T | exception.ValenceError] = {}
        self._width = width
        self._open = 0
        #: When what was begun for this call, and is not over, has begun.
        self._begun: dict[Hashable, float] = {}
        self._ended: queue.SimpleQueue[
            tuple[Job[T], futures.Future[object]]
        ] = queue.SimpleQueue()

    @property
    def is_done(self) -> bool:
        return self.line.is_empty and not self._open

    def seconds_left(self) -> float:
        """Give for how long more is to be waited."""
        now = time.monotonic()
        if not self._in_time and not self._hurries:
            self._hurries = True
            self._until = min(self._until, now + _LATE)
        return self._until - now

    @property
    def has_room(self) -> bool:
        """Tell whether few have begun just now."""
        since = time.monotonic() - _GRACE
        latest = itertools.islice(reversed(self._begun.values()), self._width)
        return sum(begun > since for begun in latest) < self._width

    def begun(self, job: Job[T]) -> None:
        self._begun[job.key] = time.monotonic()

    def follow(self, job: Job[T], flight: futures.Future[object]) -> None:
        self._open += 1
        flight.add_done_callback(lambda ended: self._ended.put((job, ended)))

    def collect(self, seconds: float) -> None:
        """Wait for one read to end, and take what has ended."""
        with contextlib.suppress(queue.Empty):
            self._take(*self._ended.get(timeout=seconds))
            while True:
                self._take(*self._ended.get_nowait())

    def _take(self, job: Job[T], flight: futures.Future[object]) -> None:
        found = cast(T | exception.ValenceError, flight.result())
        self._note(job, found)
        self._open -= 1
        self._begun.pop(job.key, None)
        if not _is_away(found):
            self.line.answered(job.podm)
            return
        for other in self.line.away(job.podm):
            self._note(other, found)

    def _note(self, job: Job[T], found: T | exception.ValenceError) -> None:
        self.found[job.key] = found
        self._in_time.discard(job.key)


def _is_away(found: object) -> bool:
    of_one = isinstance(found, exception.PodManagerForbidden)
    return isinstance(found, AWAY) and not of_one
