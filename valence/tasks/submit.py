"""The way in: a task is written with what it reserves, then the bell rings."""

import threading
import time
from collections.abc import Callable, Sequence

from valence.common import exception, failpoints
from valence.db.api import Database, Tables
from valence.objects.idempotency_key import IdempotencyKey
from valence.objects.task import NewTask, Task
from valence.tasks.doorbell import Doorbell

#: Seconds for which the number of open tasks is believed.
_COUNT_AGE = 1


class Submitter:
    """Creates tasks; what it accepted is never lost.

    :param most_open: tasks that have not ended, at the most (or a few more:
        they are not counted each time).
    """

    def __init__(
        self, database: Database, doorbell: Doorbell, most_open: int
    ) -> None:
        self._database = database
        self._doorbell = doorbell
        self._most_open = most_open
        self._lock = threading.Lock()
        self._counted_at = float('-inf')
        self._open = 0

    def submit(
        self,
        task: NewTask,
        also: Callable[[Tables], object] | None = None,
        *,
        key: IdempotencyKey | None = None,
    ) -> None:
        """Write a task and what belongs to it in one transaction, and ring.

        :param also: writes or reserves the resource that the task changes;
            what it raises leaves nothing written. It may run twice.
        :param key: under which the request can be sent again.
        :raises IdempotencyKeyTaken: if it was; nothing is written.
        :raises TooManyTasks: nothing is written.
        """
        self._admit()

        def work(tables: Tables) -> None:
            # First: what a repeated request reserves is reserved already.
            if key is not None:
                tables.idempotency_keys.add(key=key)
            tables.tasks.create(task=task)
            # Last: the less long it locks what others wait for.
            if also is not None:
                also(tables)

        failpoints.reach('before_commit')
        self._database.write(work)
        failpoints.reach('after_commit')
        self._doorbell.ring(task.topic)

    def submit_some(
        self,
        topic: str,
        tasks: Sequence[NewTask],
        also: Callable[[Tables, NewTask], object],
    ) -> dict[str, exception.ValenceError]:
        """Write tasks of one topic in one transaction, and ring once.

        :param also: as of :meth:`submit`, for each of them. Where it raises
            a Conflict or a NotFound, before it has written anything, that
            task is left out.
        :returns: what it raised, by the uuids of the tasks.
        :raises TooManyTasks: nothing is written.
        """
        self._admit(len(tasks))

        def work(tables: Tables) -> dict[str, exception.ValenceError]:
            refused: dict[str, exception.ValenceError] = {}
            for task in tasks:
                try:
                    also(tables, task)
                except (exception.Conflict, exception.NotFound) as error:
                    refused[task.uuid] = error
                else:
                    tables.tasks.create(task=task)
            return refused

        refused = self._database.write(work)
        self._doorbell.ring(topic)
        return refused

    def cancel(self, task: Task) -> None:
        """Have a task stopped, between two of its steps.

        :raises TaskEnded:
        """
        self._database.tasks.cancel(uuid=task.uuid)
        self._doorbell.ring(task.topic)

    def _admit(self, count: int = 1) -> None:
        with self._lock:
            if time.monotonic() - self._counted_at > _COUNT_AGE:
                self._open = self._database.tasks.count_open(
                    most=self._most_open
                )
                self._counted_at = time.monotonic()
            if self._open >= self._most_open:
                raise exception.TooManyTasks(count=self._open)
            self._open += count
