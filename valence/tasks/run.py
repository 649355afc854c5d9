"""A claimed task in the hands of its handler."""

import time
from collections.abc import Mapping
from typing import Any

from valence.db.api import Database, Lease, LeaseLost
from valence.objects.task import Task
from valence.tasks.progress import Progress

#: In the memo: the last attempt that left the task in good order.
_LEFT = 'left_at_attempt'


class TaskRun:
    """One attempt at a task.

    :ivar memo: what earlier attempts wrote down with :meth:`remember`.
    """

    def __init__(
        self,
        task: Task,
        *,
        owner: str,
        lease: float,
        database: Database,
        progress: Progress,
    ) -> None:
        self.task = task
        self.lease = Lease(task.uuid, owner, task.attempt)
        self.memo: dict[str, Any] = dict(task.memo)
        self.shown: dict[str, Any] = {}
        self._span = lease
        self._database = database
        self._progress = progress
        self._held_at = time.monotonic()
        self._lost = False

    @property
    def taken_over(self) -> bool:
        """Tell whether an earlier attempt broke off, nobody knows where."""
        left: int = self.memo.get(_LEFT, 0)
        return self.task.attempt > left + 1

    def progress(self, step: str, percent: int, message: str) -> None:
        """Tell how far the task is; written soon, not at once.

        :raises LeaseLost: if somebody else may have the task by now. Called
            before each call that changes something at a pod manager.
        """
        self.check()
        self.shown = {'step': step, 'percent': percent, 'message': message}
        self._progress.put(self.lease, self.shown)

    def remember(self, **memo: Any) -> None:
        """Write down what a successor must know, before going on.

        :raises LeaseLost:
        """
        self.check()
        self.memo.update(memo)
        self._progress.drop(self.lease)
        self._database.tasks.record(
            lease=self.lease, values={**self.shown, 'memo': self.memo}
        )

    def check(self) -> None:
        """Make sure that the task is still ours.

        A lease that could not be renewed for half its time is given up
        before somebody else can take it.

        :raises LeaseLost:
        """
        if self._lost or time.monotonic() - self._held_at > self._span / 2:
            raise LeaseLost(self.task.uuid)

    def renewed(self, asked_at: float) -> None:
        """Note that the lease was renewed.

        :param asked_at: ``time.monotonic()`` before the renewal was sent.
        """
        self._held_at = asked_at

    def lost(self) -> None:
        """Note that somebody else has the task now."""
        self._lost = True

    def leaving(self) -> Mapping[str, Any]:
        """Give what to write when the task is left: progress and memo."""
        self._progress.drop(self.lease)
        memo = {**self.memo, _LEFT: self.task.attempt}
        return {**self.shown, 'memo': memo}
