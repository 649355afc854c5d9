"""The table of composed nodes."""

import abc
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from valence.db.api.query import Query
from valence.objects.node import Node


class Nodes(abc.ABC):
    @abc.abstractmethod
    def create(self, *, values: Mapping[str, Any]) -> None:
        """Insert a node that a task is about to compose, or to adopt.

        :raises NodeNameTaken:
        """

    @abc.abstractmethod
    def create_placed(self, *, values: Mapping[str, Any]) -> None:
        """Insert a node on its pod manager.

        As :meth:`PodManagers.admit_node` and :meth:`create`, at once.

        :raises PodManagerNotFound:
        :raises Busy: if the pod manager is being deleted.
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
    def by_system(
        self, *, podm_ids: Collection[str]
    ) -> dict[tuple[str, str], str]:
        """Give the uuids of the nodes of some pod managers.

        :returns: by pod manager and url of the node's system.
        """

    @abc.abstractmethod
    def count_by_pod_manager(self) -> dict[str, int]:
        """Count the nodes of each pod manager that has any."""

    @abc.abstractmethod
    def update(self, *, uuid: str, values: Mapping[str, Any]) -> None:
        """Change the given columns.

        :raises NodeNameTaken:
        """

    @abc.abstractmethod
    def update_idle(self, *, uuid: str, values: Mapping[str, Any]) -> bool:
        """Change the columns of a node that no task is changing.

        :returns: whether there was such a one.
        """

    @abc.abstractmethod
    def adopt(
        self, *, uuid: str, resource_uuid: str, values: Mapping[str, Any]
    ) -> None:
        """Point a node to a resource that no other node points to.

        Of several that want the same one at the same time one gets it.

        :param values: columns that are changed with it.
        :raises NodeManaged: if there is such a one.
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
