"""The table of composed nodes."""

import abc
from collections.abc import Mapping, Sequence
from typing import Any

from valence.db.api.query import Query
from valence.objects.node import Node


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
    def update_idle(self, *, uuid: str, values: Mapping[str, Any]) -> bool:
        """Change the columns of a node that no task is changing.

        :returns: whether there was such a one.
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
