"""The worker: claims due tasks of a topic and has them worked on.

It looks when the bell rings, when a thread or a slot gets free, when a task
that it put to wait is due, and every few seconds anyhow: so what was lost by
anyone is found. Recovery is no special case.
"""

import concurrent.futures
import logging
import threading
import time
from collections.abc import Collection, Iterable

from valence.common import exception, periodic
from valence.db.api import Claimed, Database
from valence.tasks.alarms import Alarms
from valence.tasks.doorbell import Doorbell
from valence.tasks.handler import Handler
from valence.tasks.leases import Leases
from valence.tasks.progress import Progress
from valence.tasks.run import TaskRun
from valence.tasks.turn import Turns

LOG = logging.getLogger(__name__)

#: Seconds that tasks in hand have to end when the process ends.
_PATIENCE = 20


class Worker:
    """Takes the tasks of one topic.

    :param owner: ``<host>:<boot id>``, unique to this process.
    :param threads: tasks at the same time.
    :param short_threads: how many of the threads only take short tasks.
    :param lease: seconds for which a claim holds; it is renewed.
    :param sweep_interval: seconds between two looks without any bell.
    """

    def __init__(
        self,
        topic: str,
        handlers: Iterable[Handler],
        *,
        database: Database,
        doorbell: Doorbell,
        owner: str,
        threads: int,
        short_threads: int,
        lease: float,
        sweep_interval: float,
    ) -> None:
        self._topic = topic
        self._turns = Turns(
            handlers,
            database=database,
            doorbell=doorbell,
            waiting=self._set_alarm,
        )
        self._database = database
        self._owner = owner
        self._threads = threads
        # One of a single thread is for all.
        self._most_long = max(1, threads - short_threads)
        self._lease = lease
        self._sweep_interval = sweep_interval
        self._progress = Progress(database)
        self._leases = Leases(database, owner, lease)
        self._pool = concurrent.futures.ThreadPoolExecutor(
            threads, thread_name_prefix=topic
        )
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._wanted = True
        self._saturated = False
        self._full: Collection[str] = ()
        self._paused = False
        self._taking = threading.Lock()
        self._alarms = Alarms()
        self._loop = threading.Thread(
            target=self._run, name=f'{topic}-worker', daemon=True
        )

    def start(self) -> None:
        self._progress.start()
        self._leases.start()
        self._loop.start()

    def stop(self) -> None:
        """Claim nothing more, let each step in hand end, give all back."""
        self._stopping.set()
        self._wake.set()
        self._loop.join()
        self._leases.leave()
        end = time.monotonic() + _PATIENCE
        while len(self._leases) and time.monotonic() < end:
            time.sleep(0.05)
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._leases.stop()
        self._progress.stop()
        self._give_back()

    def pause(self, paused: bool) -> None:
        """Take no new tasks, or take them again; those in hand go on.

        When it returns nothing is being taken any more.
        """
        if paused == self._paused:
            return
        LOG.info('%s: %s', self._topic, 'paused' if paused else 'resumed')
        with self._taking:
            self._paused = paused
        self.look()

    def look(self) -> None:
        """Look for tasks now; returns at once."""
        self._wanted = True
        self._wake.set()

    def _set_alarm(self, delay: float) -> None:
        self._alarms.set(delay)
        self._wake.set()

    def _run(self) -> None:
        sweep_at = time.monotonic()
        while not self._stopping.is_set():
            self._wake.clear()
            if self._is_due(sweep_at):
                self._wanted = False
                self._try_to_take()
                pause = periodic.vary(self._sweep_interval, 0.2)
                sweep_at = time.monotonic() + pause
            until_sweep = max(0.0, sweep_at - time.monotonic())
            self._wake.wait(min(until_sweep, self._alarms.seconds_to_next()))

    def _is_due(self, sweep_at: float) -> bool:
        return (
            self._wanted
            or time.monotonic() >= sweep_at
            or self._alarms.seconds_to_next() <= 0
        )

    def _try_to_take(self) -> None:
        try:
            with self._taking:
                self._take()
        except exception.DatabaseUnavailable as error:
            LOG.warning('Cannot look for tasks: %s', error)
        except Exception:
            LOG.exception('Looking for tasks failed; it goes on')

    def _take(self) -> None:
        self._alarms.forget_past()
        if self._paused:
            return
        free = self._threads - len(self._leases)
        most_long = min(free, self._most_long - self._leases.count_long())
        # Said before the claim, so that a thread that ends meanwhile wakes us.
        self._saturated = True
        claimed = self._claim(free, most_long)
        self._full = claimed.full
        longs = sum(not task.short for task in claimed.tasks)
        self._saturated = len(claimed.tasks) >= free or longs >= most_long
        for task in claimed.tasks:
            run = TaskRun(
                task,
                podm=claimed.podms.get(task.podm_id or ''),
                owner=self._owner,
                lease=self._lease,
                database=self._database,
                progress=self._progress,
            )
            self._leases.add(run)
            self._pool.submit(self._work, run)

    def _claim(self, free: int, most_long: int) -> Claimed:
        if free <= 0:
            return Claimed((), self._full, {})
        return self._database.tasks.claim(
            topic=self._topic,
            owner=self._owner,
            lease=self._lease,
            limit=free,
            most_long=max(0, most_long),
        )

    def _work(self, run: TaskRun) -> None:
        try:
            self._turns.take(run)
        finally:
            self._leases.remove(run)
            if self._saturated or run.task.podm_id in self._full:
                self.look()

    def _give_back(self) -> None:
        left = self._leases.give_up()
        if not left:
            return
        LOG.warning('Giving back tasks that are still open: %s', left)
        try:
            self._database.tasks.release(owner=self._owner, uuids=left)
        except exception.ValenceError as error:
            LOG.warning('They wait for the end of their leases: %s', error)
