"""A claimed task in the hands of its handler."""

import math
import time
from collections.abc import Mapping
from typing import Any

from valence.common import exception
from valence.db.api import Database, Lease, LeaseLost
from valence.objects.pod_manager import PodManager
from valence.objects.task import Task
from valence.tasks.progress import Progress

#: In the memo: the last attempt that left the task in good order.
_LEFT = 'left_at_attempt'
#: In the memo: that an attempt before did not.
_BROKE_OFF = 'broke_off'


class Leaving(Exception):
    """The process ends: the task goes on elsewhere, from its last step."""


class Stopped(Exception):
    """The task was cancelled, or its deadline is over."""


class TaskRun:
    """One attempt at a task.

    :ivar memo: what earlier attempts wrote down with :meth:`remember`.
    :ivar stoppable: whether a cancelled task still can be stopped.
    :param podm: its pod manager, as of the claim; None if there is none.
    :param lease: seconds; the claim that gave the task was for so many.
    """

    def __init__(
        self,
        task: Task,
        *,
        podm: PodManager | None,
        owner: str,
        lease: float,
        database: Database,
        progress: Progress,
    ) -> None:
        self.task = task
        self._podm = podm
        self.lease = Lease(task.uuid, owner, task.attempt)
        self.memo: dict[str, Any] = dict(task.memo)
        self.shown: dict[str, Any] = {}
        self.stoppable = False
        self._span = lease
        self._database = database
        self._progress = progress
        self._claimed_at = self._held_at = time.monotonic()
        self._lost = False
        self._leaving = False
        self._cancelled = task.cancel_requested
        self._deadline = self._local_deadline()

    def _local_deadline(self) -> float | None:
        """Give the deadline by our own clock, which may be another hour."""
        deadline = self.task.deadline_at
        if deadline is None:
            return None
        return time.monotonic() - self.seconds_since(deadline)

    @property
    def podm(self) -> PodManager:
        """Give the record of the task's pod manager, as of the claim.

        :raises PodManagerNotFound: if there was none.
        """
        if self._podm is None:
            raise exception.PodManagerNotFound(podm=self.task.podm_id)
        return self._podm

    @property
    def now(self) -> int:
        """Give the time of the database's clock, microseconds since 1970.

        As of the claim, and counted on from there by the monotonic clock.
        """
        claimed_at = (self.task.due_at or 0) - round(self._span * 1_000_000)
        passed = time.monotonic() - self._claimed_at
        return claimed_at + round(passed * 1_000_000)

    def seconds_since(self, moment: int) -> float:
        """Give the seconds from a moment, as :attr:`now` gives it, to now."""
        return (self.now - moment) / 1_000_000

    @property
    def taken_over(self) -> bool:
        """Tell whether the attempt before broke off, nobody knows where."""
        left: int = self.memo.get(_LEFT, 0)
        return self.task.attempt > left + 1

    @property
    def ever_taken_over(self) -> bool:
        """Tell whether any attempt before broke off."""
        return self.taken_over or _BROKE_OFF in self.memo

    @property
    def cancelled(self) -> bool:
        """Tell whether somebody asked for the task to be stopped."""
        return self._cancelled

    @property
    def seconds_left(self) -> float | None:
        """Give the seconds to the deadline, 0 past it; None without one."""
        if self._deadline is None:
            return None
        return max(0.0, self._deadline - time.monotonic())

    @property
    def seconds_to_stop(self) -> float:
        """Give the seconds until it is to be stopped; infinity for never."""
        if not self.stoppable:
            return math.inf
        if self._cancelled:
            return 0.0
        left = self.seconds_left
        return math.inf if left is None else left

    def progress(self, step: str, percent: int, message: str) -> None:
        """Tell how far the task is; written soon, not at once.

        :raises LeaseLost, Leaving, Stopped: see :meth:`check`.
        """
        self.check()
        self.shown = {'step': step, 'percent': percent, 'message': message}
        self._progress.put(self.lease, self.shown)

    def remember(self, **memo: Any) -> None:
        """Write down what a successor must know, before going on.

        :raises LeaseLost, Leaving, Stopped: see :meth:`check`.
        """
        self.check()
        self.memo.update(memo)
        self._progress.drop(self.lease)
        self._database.tasks.record(
            lease=self.lease, values={**self.shown, 'memo': self.memo}
        )

    def check(self) -> None:
        """Make sure that the task is still ours, and is to go on here.

        Called between steps, and before each change at a pod manager.

        :raises LeaseLost: if somebody else may have the task by now. A lease
            that could not be renewed for half its time is given up before
            somebody else can take it.
        :raises Leaving: if the process ends.
        :raises Stopped: if the task is to be stopped, and can be.
        """
        if self._lost or time.monotonic() - self._held_at > self._span / 2:
            raise LeaseLost(self.task.uuid)
        if self._leaving:
            raise Leaving
        if not self.seconds_to_stop:
            raise Stopped

    def renewed(self, asked_at: float) -> None:
        """Note that the lease was renewed.

        :param asked_at: ``time.monotonic()`` before the renewal was sent.
        """
        self._held_at = asked_at

    def lost(self) -> None:
        """Note that somebody else has the task now."""
        self._lost = True

    def leave(self) -> None:
        """Note that the process ends."""
        self._leaving = True

    def cancel(self) -> None:
        """Note that somebody asked for the task to be stopped."""
        self._cancelled = True

    def last_words(self) -> Mapping[str, Any]:
        """Give what to write when the task is left: progress and memo."""
        self._progress.drop(self.lease)
        memo = {**self.memo, _LEFT: self.task.attempt}
        if self.taken_over:
            memo[_BROKE_OFF] = True
        return {**self.shown, 'memo': memo}
