"""Redfish tasks: operations that were accepted and go on by themselves.

The event loop's timer ends an operation, whether or not a client still
cares.  What an operation does, its caller knows.
"""

import asyncio
import dataclasses
import time
from collections.abc import Callable

from valence.simulator import exchange, guard

KEPT = 1000

RUNNING = 'Running'
COMPLETED = 'Completed'
EXCEPTION = 'Exception'

_FIRST_ERROR = 400
_ALMOST = 99


@dataclasses.dataclass(slots=True, kw_only=True)
class Task:
    """An accepted operation; ``reply`` is what it came to.

    ``monitor`` and ``retry_after`` are those of the mode by which it was
    accepted.  Times are since the epoch.
    """

    id: str
    method: str
    path: str
    body: bytes
    seconds: float
    monitor: str
    retry_after: int | str | None
    started: float = dataclasses.field(default_factory=time.time)
    ended: float | None = None
    reply: exchange.Reply | None = None
    timer: asyncio.TimerHandle | None = None

    @property
    def state(self) -> str:
        """The TaskState."""
        if self.reply is None:
            return RUNNING
        failed = self.reply.status >= _FIRST_ERROR
        return EXCEPTION if failed else COMPLETED

    @property
    def percent(self) -> int:
        """How much is done, as far as time tells."""
        if self.reply is not None:
            return 100
        passed = time.time() - self.started
        return min(int(100 * passed / (self.seconds or 1)), _ALMOST)

    def end(self, act: Callable[[], exchange.Reply]) -> None:
        """Do what was asked for."""
        self.timer = None
        self.reply = guard.guarded(f'task {self.id}', act)
        self.ended = time.time()


class Tasks:
    """The last tasks of a pod."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._tasks: dict[str, Task] = {}
        self.accepted = 0

    def begin(
        self,
        call: exchange.Call,
        act: Callable[[], exchange.Reply],
        *,
        seconds: float,
        monitor: str,
        retry_after: int | str | None,
    ) -> Task:
        """Accept an operation, to be done in some seconds."""
        self.accepted += 1
        task = Task(
            id=str(self.accepted),
            method=call.method,
            path=call.path,
            body=call.body,
            seconds=seconds,
            monitor=monitor,
            retry_after=retry_after,
        )
        loop = asyncio.get_running_loop()
        task.timer = loop.call_later(seconds, task.end, act)
        self._tasks[task.id] = task
        if len(self._tasks) > self._kept:
            # It goes on all the same, if it still does.
            del self._tasks[next(iter(self._tasks))]
        return task

    def find(self, task_id: str) -> Task | None:
        """Return a task that is still known."""
        return self._tasks.get(task_id)

    def all(self) -> list[Task]:
        """Return the tasks that are still known, in order."""
        return list(self._tasks.values())

    def delete(self, task: Task) -> None:
        """Forget a task."""
        del self._tasks[task.id]

    def close(self) -> None:
        """Stop all timers."""
        for task in self._tasks.values():
            if task.timer is not None:
                task.timer.cancel()
