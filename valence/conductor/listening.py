"""Reads the streams of events of those pod managers that have one.

The streams are shared among the conductors that are up, by rendezvous hashing
over the table of services: each says for itself which are its own, there is
no leader, and the streams of one that died are read by others as soon as it
is taken for down. That two read one for a while does no harm.
"""

import hashlib
import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from valence.common import exception
from valence.common.periodic import Periodic, vary
from valence.common.states import PodManagerStatus
from valence.db.api import Database, Query
from valence.objects.event import Look, Way
from valence.objects.pod_manager import PodManager
from valence.podm.base import EventStream
from valence.podm.pool import Pool
from valence.tasks.events import Reception

LOG = logging.getLogger(__name__)

_PAGE = 1000
#: Seconds until one that ended is opened again: at first, and at most.
_FIRST_PAUSE = 1
_LONGEST_PAUSE = 60
#: Seconds until one that had no stream is asked again.
_ASK_AGAIN = 600
#: Seconds that the end waits for threads that are connecting.
_PATIENCE = 1


@dataclass(frozen=True, slots=True)
class Who:
    """:ivar down_time: seconds without a report after which one is down."""

    host: str
    binary: str
    down_time: float


@dataclass(frozen=True, slots=True)
class Bounds:
    """:ivar most: streams of this process.

    :ivar idle: seconds of silence after which one is opened anew.
    :ivar interval: seconds between two looks at which are ours.
    """

    most: int
    idle: float
    interval: float


class Listening:
    """A part that reads the streams that are this process's to read."""

    def __init__(
        self,
        database: Database,
        pool: Pool,
        reception: Reception,
        *,
        who: Who,
        bounds: Bounds,
    ) -> None:
        self._database = database
        self._pool = pool
        self._reception = reception
        self._who = who
        self._bounds = bounds
        self._listeners: dict[str, _Listener] = {}
        self._without: dict[str, _Without] = {}
        self._periodic = Periodic(
            self.look, interval=bounds.interval, name='listening', jitter=0.2
        )

    def start(self) -> None:
        self._periodic.start()

    def stop(self) -> None:
        self._periodic.stop()
        self.leave()

    def leave(self) -> None:
        """End the reading of all streams."""
        for listener in self._listeners.values():
            listener.stop()
        end = time.monotonic() + _PATIENCE
        for listener in self._listeners.values():
            listener.join(max(0.0, end - time.monotonic()))

    def look(self) -> None:
        """Begin to read those that are ours, and leave those that are not."""
        ours = {podm.uuid: podm for podm in self._ours()}
        for uuid, listener in list(self._listeners.items()):
            podm = ours.get(uuid)
            if podm is None or not listener.suits(podm):
                listener.stop()
            if not listener.is_alive():
                del self._listeners[uuid]
                if listener.has_none:
                    self._without[uuid] = _Without(listener.podm)
        self._without = {
            uuid: each for uuid, each in self._without.items() if uuid in ours
        }
        for podm in ours.values():
            if len(self._listeners) >= self._bounds.most:
                break
            if podm.uuid not in self._listeners and self._may_have(podm):
                self._begin(podm)

    def _begin(self, podm: PodManager) -> None:
        listener = _Listener(
            podm, self._pool, self._reception, self._bounds.idle
        )
        self._listeners[podm.uuid] = listener
        listener.start()

    def _may_have(self, podm: PodManager) -> bool:
        without = self._without.get(podm.uuid)
        if without is not None and without.holds(podm):
            return False
        self._without.pop(podm.uuid, None)
        return True

    def _ours(self) -> Iterator[PodManager]:
        hosts = self._hosts()
        if self._who.host not in hosts:
            return
        for podm in self._podms():
            # Whether one is there again is for others to find out.
            there = podm.status == PodManagerStatus.ONLINE and not podm.broken
            if there and chosen(hosts, podm.uuid) == self._who.host:
                yield podm

    def _hosts(self) -> list[str]:
        services = self._database.services.list(
            query=Query(filters={'binary': self._who.binary}),
            down_time=self._who.down_time,
        )
        return [each.host for each in services if each.up]

    def _podms(self) -> Iterator[PodManager]:
        marker = None
        while True:
            page = self._database.pod_managers.list(
                query=Query(limit=_PAGE, marker=marker)
            )
            yield from page
            if len(page) < _PAGE:
                return
            marker = page[-1].uuid


def chosen(hosts: list[str], uuid: str) -> str:
    """Choose one of some hosts for a pod manager.

    Of another set of hosts the choice differs as little as may be.
    """

    def weight(host: str) -> bytes:
        return hashlib.sha256(f'{host} {uuid}'.encode()).digest()

    return max(hosts, key=weight)


def _key(podm: PodManager) -> tuple[object, ...]:
    return podm.url, podm.driver, podm.authentication, podm.tls


@dataclass(frozen=True, slots=True)
class _Without:
    """A pod manager that has no stream, as far as is known."""

    podm: PodManager
    asked_at: float = field(default_factory=time.monotonic)

    def holds(self, podm: PodManager) -> bool:
        recent = time.monotonic() - self.asked_at < _ASK_AGAIN
        return recent and _key(podm) == _key(self.podm)


class _Listener(threading.Thread):
    """Reads the stream of one pod manager, again and again.

    :ivar has_none: whether it ended since there is no stream.
    """

    def __init__(
        self, podm: PodManager, pool: Pool, reception: Reception, idle: float
    ) -> None:
        super().__init__(name=f'events-{podm.name}', daemon=True)
        self.podm = podm
        self.has_none = False
        self._pool = pool
        self._reception = reception
        self._idle = idle
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._stream: EventStream | None = None
        self._last: str | None = None
        self._pause: float = _FIRST_PAUSE

    def suits(self, podm: PodManager) -> bool:
        """Tell whether it reads what the record says now."""
        return _key(podm) == _key(self.podm)

    def stop(self) -> None:
        """Have it end at once."""
        self._stopped.set()
        with self._lock:
            if self._stream is not None:
                self._stream.close()

    def run(self) -> None:
        # What was told while nobody listened is not known.
        missed = Look.VALUES
        while not self._stopped.is_set():
            try:
                self._listen(missed)
                missed = Look.VALUES
            except exception.UnsupportedAction:
                self.has_none = True
                return
            except exception.ValenceError as error:
                missed = Look.SYNC
                LOG.info('No events of %s: %s', self.podm.name, error)
            except Exception:
                LOG.exception('Reading the events of %s', self.podm.name)
            self._stopped.wait(vary(self._pause, 0.2))
            self._pause = min(2 * self._pause, _LONGEST_PAUSE)

    def _listen(self, missed: Look) -> None:
        stream = self._open()
        try:
            self._reception.note(self.podm.uuid, missed)
            LOG.debug('Reading the events of %s', self.podm.name)
            for told in stream:
                self._pause = _FIRST_PAUSE
                self._reception.note(self.podm.uuid, told.look)
                # One that was not noted is to come again.
                self._last = told.id or self._last
        finally:
            stream.close()
            with self._lock:
                self._stream = None

    def _open(self) -> EventStream:
        """Begin to read.

        :raises UnsupportedAction: if there is nothing to read.
        """
        api = self._pool.get(self.podm).events
        if Way.SSE not in api.offers():
            raise exception.UnsupportedAction(
                action='A stream of events', what=self.podm.name
            )
        stream = api.stream(after=self._last, idle=self._idle)
        with self._lock:
            self._stream = stream
            if self._stopped.is_set():
                stream.close()
        return stream
