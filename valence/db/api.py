"""The database as everybody but ``db/sqlalchemy`` sees it.

One abstract class per table; arguments by keyword; frozen dataclasses come
out. Each mutation is one transaction, unless several are joined by
:meth:`Database.write`. A change of state is a compare-and-swap.
"""

import abc
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from valence.objects.flavor import Flavor
from valence.objects.node import Node
from valence.objects.pod_manager import PodManager
from valence.objects.resource import Resource
from valence.objects.service import Service
from valence.objects.task import NewTask, Task

R = TypeVar('R')


class LeaseLost(Exception):
    """Another worker has the task now: touch nothing any more."""


@dataclass(frozen=True, slots=True)
class Query:
    """Which rows of a list, and in which order.

    :ivar filters: column and value, all of which must be equal; a value that
        is a list means any of its items.
    :ivar marker: uuid of the last row of the page before.
    """

    filters: Mapping[str, Any] = field(default_factory=dict)
    limit: int | None = None
    marker: str | None = None
    sort_key: str = 'created_at'
    sort_dir: str = 'asc'


@dataclass(frozen=True, slots=True)
class Lease:
    """What a worker shows to be let write: its claim on a task."""

    task_uuid: str
    owner: str
    attempt: int


class PodManagers(abc.ABC):
    @abc.abstractmethod
    def create(self, *, values: Mapping[str, Any]) -> PodManager:
        """Insert a record.

        :raises DuplicatePodManager: if the name or the url is taken.
        """

    @abc.abstractmethod
    def get(self, *, ident: str) -> PodManager:
        """Give the record with this uuid, or with this name.

        :raises PodManagerNotFound:
        """

    @abc.abstractmethod
    def list(self, *, query: Query) -> Sequence[PodManager]:
        """List a page.

        :raises BadRequest: if the marker is unknown.
        """

    @abc.abstractmethod
    def update(self, *, uuid: str, values: Mapping[str, Any]) -> PodManager:
        """Change the given columns.

        :raises PodManagerNotFound:
        :raises DuplicatePodManager:
        """

    @abc.abstractmethod
    def synced(self, *, uuid: str, usage: Mapping[str, Any]) -> None:
        """Write that a sync ended well, now, and what it counted."""

    @abc.abstractmethod
    def reserve(self, *, uuid: str, task_uuid: str) -> None:
        """Make a task the one that syncs or deletes the record.

        :raises PodManagerNotFound:
        :raises Busy: if there is one.
        """

    @abc.abstractmethod
    def delete(self, *, uuid: str) -> None:
        """Delete the record; one that is gone is no error."""


class Resources(abc.ABC):
    @abc.abstractmethod
    def ensure(self, *, podm_id: str, url: str, resource_type: str) -> str:
        """Give the uuid of a resource, inserting it where it is new."""

    @abc.abstractmethod
    def add(self, *, podm_id: str, found: Collection[tuple[str, str]]) -> int:
        """Insert what is new of ``(url, type)``; give how many were."""

    @abc.abstractmethod
    def get(self, *, uuid: str) -> Resource | None:
        """Give one, or None."""

    @abc.abstractmethod
    def list(self, *, query: Query) -> Sequence[Resource]:
        """List a page."""

    @abc.abstractmethod
    def delete(self, *, uuids: Collection[str]) -> None:
        """Delete these; those that are gone are no error."""

    @abc.abstractmethod
    def delete_of_pod_manager(self, *, podm_id: str) -> None:
        """Delete all of a pod manager, in batches."""


class Nodes(abc.ABC):
    @abc.abstractmethod
    def create(self, *, values: Mapping[str, Any]) -> None:
        """Insert a node that a task is about to compose.

        :raises NodeNameTaken:
        """

    @abc.abstractmethod
    def get(self, *, ident: str, project_id: str | None) -> Node:
        """Give the node with this uuid, or with this name.

        :param project_id: None looks in all projects.
        :raises NodeNotFound:
        :raises NameNotUnique:
        """

    @abc.abstractmethod
    def list(self, *, query: Query) -> Sequence[Node]:
        """List a page."""

    @abc.abstractmethod
    def count_by_pod_manager(self) -> dict[str, int]:
        """Count the nodes of each pod manager that has any."""

    @abc.abstractmethod
    def update(self, *, uuid: str, values: Mapping[str, Any]) -> None:
        """Change the given columns.

        :raises NodeNameTaken:
        """

    @abc.abstractmethod
    def reserve(
        self, *, uuid: str, task_uuid: str, state: str | None = None
    ) -> None:
        """Make a task the one that changes the node.

        :param state: the node's state from now on, where it changes.
        :raises NodeNotFound:
        :raises Busy: if there is one.
        """

    @abc.abstractmethod
    def delete(self, *, uuid: str) -> None:
        """Delete it; one that is gone is no error."""


class Flavors(abc.ABC):
    @abc.abstractmethod
    def create(self, *, values: Mapping[str, Any]) -> Flavor:
        """Insert a flavor.

        :raises FlavorNameTaken:
        """

    @abc.abstractmethod
    def get(self, *, ident: str, project_id: str | None) -> Flavor:
        """Give the flavor with this uuid, or with this name.

        :param project_id: sees its own and the public ones; None sees all.
        :raises FlavorNotFound:
        """

    @abc.abstractmethod
    def list(
        self, *, query: Query, project_id: str | None
    ) -> Sequence[Flavor]:
        """List a page of what a project sees; None sees all."""

    @abc.abstractmethod
    def update(self, *, uuid: str, values: Mapping[str, Any]) -> Flavor:
        """Change the given columns.

        :raises FlavorNotFound:
        :raises FlavorNameTaken:
        """

    @abc.abstractmethod
    def delete(self, *, uuid: str) -> None:
        """Delete it; one that is gone is no error."""


class Tasks(abc.ABC):
    """The queue. All times are the database's; all writes are fenced."""

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
    def claim(
        self, *, topic: str, owner: str, lease: float, limit: int
    ) -> Sequence[Task]:
        """Take due tasks, oldest first; each comes to one claimer only.

        :param lease: seconds until another worker may take them over.
        """

    @abc.abstractmethod
    def renew(
        self, *, owner: str, uuids: Collection[str], lease: float
    ) -> set[str]:
        """Extend the leases; give those that are still held."""

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
        self, *, lease: Lease, delay: float, values: Mapping[str, Any]
    ) -> None:
        """Give the task back until its next look, in ``delay`` seconds.

        :raises LeaseLost:
        """

    @abc.abstractmethod
    def hand_over(
        self, *, lease: Lease, topic: str, values: Mapping[str, Any]
    ) -> None:
        """Give the task to the workers of another topic.

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
    def delete(self, *, uuid: str) -> None:
        """Delete an ended task.

        :raises TaskNotFound:
        :raises TaskNotEnded:
        """


class Services(abc.ABC):
    @abc.abstractmethod
    def report(
        self,
        *,
        host: str,
        binary: str,
        topic: str,
        boot_id: str,
        version: str,
    ) -> bool:
        """Say that a service is alive, now; tell whether it is disabled."""

    @abc.abstractmethod
    def retire(self, *, host: str, binary: str, boot_id: str) -> None:
        """Say that a service has ended: it is down from now on."""

    @abc.abstractmethod
    def list(self, *, query: Query, down_time: float) -> Sequence[Service]:
        """List a page.

        :param down_time: seconds without a report after which one is down.
        """

    @abc.abstractmethod
    def get(self, *, uuid: str, down_time: float) -> Service:
        """Give one.

        :raises ServiceNotFound:
        """

    @abc.abstractmethod
    def update(self, *, uuid: str, values: Mapping[str, Any]) -> None:
        """Change ``disabled`` and ``disabled_reason``.

        :raises ServiceNotFound:
        """


class Tables(abc.ABC):
    """The tables, in transactions of their own or in a joint one."""

    pod_managers: PodManagers
    resources: Resources
    nodes: Nodes
    flavors: Flavors
    tasks: Tasks
    services: Services


class Database(Tables):
    """The tables, each call a transaction; thread-safe.

    Every call may raise DatabaseUnavailable.
    """

    @abc.abstractmethod
    def write(self, work: Callable[[Tables], R]) -> R:
        """Do several mutations in one transaction.

        :param work: is called again, from its beginning, after a deadlock,
            so it must do nothing but with the tables that it is given.
        """

    @abc.abstractmethod
    def ping(self) -> None:
        """Ask the database for a sign of life."""

    @abc.abstractmethod
    def close(self) -> None:
        """Close the connections; idempotent."""
