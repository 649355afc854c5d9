"""The table of resources."""

import abc
from collections.abc import Collection, Sequence

from valence.db.api.query import Query
from valence.objects.resource import Resource


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
