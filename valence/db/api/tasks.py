"""The table of tasks."""

import abc
from collections.abc import Collection, Sequence

from valence.db.api.query import Query
from valence.db.api.queue import Queue
from valence.objects.task import NewTask, Task


class Tasks(Queue):
    """The queue, and what its users see of it."""

    @abc.abstractmethod
    def create(self, *, task: NewTask) -> None:
        """Insert a task that any worker of its topic may claim at once."""

    @abc.abstractmethod
    def get(self, *, uuid: str, project_id: str | None = None) -> Task:
        """Give one.

        :param project_id: None looks in all projects.
        :raises TaskNotFound:
        """

    @abc.abstractmethod
    def list(self, *, query: Query) -> Sequence[Task]:
        """List a page."""

    @abc.abstractmethod
    def ended(self, *, uuids: Collection[str]) -> set[str]:
        """Give those of the tasks that have ended, or are gone."""

    @abc.abstractmethod
    def cancel(self, *, uuid: str) -> None:
        """Ask for a task to be stopped; to ask again is no error.

        :raises TaskNotFound:
        :raises TaskEnded:
        """

    @abc.abstractmethod
    def count_open(self, *, most: int) -> int:
        """Count the tasks that have not ended, up to so many."""

    @abc.abstractmethod
    def count_pending(self, *, topic: str, most: int) -> int:
        """Count those of a topic that no worker has begun, up to so many."""

    @abc.abstractmethod
    def forget(self, *, action: str, resource_uuid: str) -> None:
        """Delete the ended tasks of an action that nobody asked for."""

    @abc.abstractmethod
    def purge(self, *, age: float, limit: int) -> int:
        """Delete the oldest tasks that ended longer than ``age`` s ago.

        :returns: how many; fewer than the limit once none are left.
        """

    @abc.abstractmethod
    def delete(self, *, uuid: str) -> None:
        """Delete an ended task.

        :raises TaskNotFound:
        :raises TaskNotEnded:
        """
