"""The table of tasks, as workers use it."""

import abc
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from valence.objects.pod_manager import PodManager
from valence.objects.task import Task


class LeaseLost(Exception):
    """Another worker has the task now: touch nothing any more."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a claim gave.

    :ivar full: pod managers that had no slot for some of what is due.
    :ivar podms: the records of the tasks' pod managers, by uuid, where there
        are any.
    """

    tasks: Sequence[Task]
    full: Collection[str]
    podms: Mapping[str, PodManager]


@dataclass(frozen=True, slots=True)
class Lease:
    """What a worker shows to be let write: its claim on a task."""

    task_uuid: str
    owner: str
    attempt: int


class Queue(abc.ABC):
    """What workers do. All times are the database's; all writes are fenced."""

    @abc.abstractmethod
    def claim(
        self,
        *,
        topic: str,
        owner: str,
        lease: float,
        limit: int,
        most_long: int,
    ) -> Claimed:
        """Take due tasks, oldest first; each comes to one claimer only.

        Short ones come first. No pod manager gets more than its
        ``max_tasks`` at once, whoever claims them.

        :param lease: seconds until another worker may take them over.
        :param most_long: how many may be others than short ones.
        """

    @abc.abstractmethod
    def renew(
        self, *, owner: str, uuids: Collection[str], lease: float
    ) -> set[str]:
        """Extend the leases; give those that are still held."""

    @abc.abstractmethod
    def hold(self, *, lease: Lease) -> None:
        """Keep others from taking over a task until the transaction ends.

        :raises LeaseLost: if somebody has done so already.
        """

    @abc.abstractmethod
    def record(self, *, lease: Lease, values: Mapping[str, Any]) -> None:
        """Write progress: step, percent, message, memo, podm_id.

        :raises LeaseLost:
        """

    @abc.abstractmethod
    def record_many(
        self, *, records: Sequence[tuple[Lease, Mapping[str, Any]]]
    ) -> None:
        """Write progress of many tasks at once; lost leases are left out."""

    @abc.abstractmethod
    def wait(
        self,
        *,
        lease: Lease,
        delay: float,
        values: Mapping[str, Any],
        heard: bool = True,
    ) -> None:
        """Give the task back until its next look, in ``delay`` seconds.

        :param heard: whether it is known whether the task is to be stopped;
            else it is due at once if it is.
        :raises LeaseLost:
        """

    @abc.abstractmethod
    def hand_over(
        self,
        *,
        lease: Lease,
        topic: str,
        short: bool,
        values: Mapping[str, Any],
    ) -> None:
        """Give the task to the workers of another topic.

        :param short: see :class:`NewTask`, for what is left of it.

        :raises LeaseLost:
        """

    @abc.abstractmethod
    def finish(
        self,
        *,
        lease: Lease,
        state: str,
        message: str,
        result: Mapping[str, Any] | None = None,
        error: Mapping[str, Any] | None = None,
    ) -> None:
        """End the task.

        :raises LeaseLost:
        """

    @abc.abstractmethod
    def release(self, *, owner: str, uuids: Sequence[str]) -> None:
        """Give claimed tasks back, to be claimed by anyone at once."""

    @abc.abstractmethod
    def cancelled(self, *, uuids: Collection[str]) -> set[str]:
        """Give those of the tasks that were asked to stop."""

    @abc.abstractmethod
    def wake(self, *, podm_id: str) -> None:
        """Make the waiting tasks of a pod manager due at once."""
