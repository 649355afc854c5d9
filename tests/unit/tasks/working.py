"""A worker with a real database, and handlers that do what a test says."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import fixtures

from tests.fixtures import database, rows
from valence.common import bus
from valence.db.api import Database
from valence.objects.task import Task
from valence.tasks.doorbell import Doorbell
from valence.tasks.handler import Handler
from valence.tasks.outcome import Completed, Outcome, Wait
from valence.tasks.progress import Progress
from valence.tasks.run import TaskRun
from valence.tasks.worker import Worker

#: No test waits for so long; what it waits for comes by other ways.
NEVER = 600
#: Seconds until a test that waits in vain gives up.
PATIENCE = 30


def wait_until(condition: Callable[[], Any]) -> Any:
    """Wait until something is true; give what it was at last."""
    end = time.monotonic() + PATIENCE
    while not (found := condition()) and time.monotonic() < end:
        time.sleep(0.01)
    return found


def take_steps(run: TaskRun) -> Completed:
    """Do, as a handler, small steps until a test has the task stopped."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        run.check()
        time.sleep(0.01)
    return Completed('went on')


class Bells(bus.Bus):
    """A bus that only notes which topics were rung."""

    def __init__(self) -> None:
        self.rung: list[str] = []

    def ring(self, topic: str) -> None:
        self.rung.append(topic)

    def client(self, topic: str, version: str) -> bus.Client:
        raise NotImplementedError

    def serve(self, *args: Any, **kwargs: Any) -> bus.Server:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


class Does(Handler):
    """Handles ``sleep`` by a function, and notes what failed.

    :param undo: what it does to undo; nothing by default.
    :param may_stop: whether a task can be stopped; by default as any other.
    """

    def __init__(
        self,
        function: Callable[[TaskRun], Outcome],
        action: str = 'sleep',
        *,
        undo: Callable[[TaskRun], Wait | None] | None = None,
        may_stop: bool | None = None,
    ) -> None:
        self.action = action
        self._function = function
        self._undo = undo
        self._may_stop = may_stop
        self.failures: list[Any] = []

    def run(self, run: TaskRun) -> Outcome:
        return self._function(run)

    def may_stop(self, run: TaskRun) -> bool:
        if self._may_stop is None:
            return super().may_stop(run)
        return self._may_stop

    def undo(self, run: TaskRun) -> Wait | None:
        return None if self._undo is None else self._undo(run)

    def failed(self, tables: Any, task: Any, error: Any) -> None:
        self.failures.append(error)


class Gate:
    """Where a handler waits until a test lets it go on."""

    def __init__(self) -> None:
        self._reached = threading.Event()
        self._opened = threading.Event()

    def pass_through(self) -> None:
        """Wait, as the handler."""
        self._reached.set()
        self._opened.wait(PATIENCE)

    def wait_until_reached(self) -> None:
        """Wait, as the test, until a handler has come."""
        assert self._reached.wait(PATIENCE)

    def open(self) -> None:
        """Let through who waits, and who comes."""
        self._opened.set()


class Engine(fixtures.Fixture):
    """A database, and workers on it."""

    database: Database
    doorbell: Doorbell

    def _setUp(self) -> None:
        self.logger = self.useFixture(fixtures.FakeLogger())
        self.made = self.useFixture(database.Database())
        self.database = self.made.database
        self.bells = Bells()
        self.doorbell = Doorbell(self.bells)
        self.doorbell.start()
        self.addCleanup(self.doorbell.stop)

    def make(self, *handlers: Handler, **options: Any) -> Worker:
        """Make a worker, which the caller starts and stops."""
        values: dict[str, Any] = {
            'database': self.database,
            'doorbell': self.doorbell,
            'owner': 'here:worker',
            'threads': 2,
            'short_threads': 0,
            'lease': 30,
            'sweep_interval': NEVER,
            **options,
        }
        return Worker(rows.TOPIC, handlers, **values)

    @contextlib.contextmanager
    def running(self, *handlers: Handler, **options: Any) -> Iterator[Worker]:
        worker = self.make(*handlers, **options)
        worker.start()
        try:
            yield worker
        finally:
            worker.stop()

    def add(self, **values: Any) -> str:
        return rows.add_task(self.database, **values)

    def get(self, uuid: str) -> Task:
        return self.database.tasks.get(uuid=uuid)

    def ended(self, uuid: str) -> Task:
        """Wait for a task's end, and give it."""
        wait_until(lambda: self.get(uuid).ended)
        return self.get(uuid)

    def run_of(self, task: Task, lease: float = 30) -> TaskRun:
        """Give the run of a task that was just claimed."""
        assert task.owner is not None
        return TaskRun(
            task,
            podm=rows.pod_manager_of(self.database, task),
            owner=task.owner,
            lease=lease,
            database=self.database,
            progress=Progress(self.database),
        )
