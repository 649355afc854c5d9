"""The table of resources.

A uuid is derived from the url of the pod manager and that of the resource, so
that it is the same after the pod manager was deleted and registered again. It
is another one only where that is taken: by a resource of a pod manager whose
url was changed since.

What a sync writes goes in batches, each a short transaction. All but what is
new or has changed is left alone. Syncs show the lease of their task: one that
another worker has taken over writes nothing any more.
"""

import abc
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from valence.db.api.query import Query
from valence.db.api.queue import Lease
from valence.objects.resource import Resource


@dataclass(frozen=True, slots=True)
class Known:
    """A row, as far as a sync needs it.

    :ivar created_at: tells it from one that was deleted and found again,
        which has the same uuid.
    """

    uuid: str
    resource_type: str
    created_at: int


class Resources(abc.ABC):
    """The pointers; a list comes by type and pod manager by default."""

    @abc.abstractmethod
    def ensure(self, *, podm_id: str, url: str, resource_type: str) -> str:
        """Give the uuid of a resource, inserting it where it is new."""

    @abc.abstractmethod
    def known(self, *, podm_id: str) -> dict[str, Known]:
        """Give all resources of a pod manager, by their urls.

        To be read before a walk: what is added during it is not there, so
        nobody takes it for gone.
        """

    @abc.abstractmethod
    def add(
        self,
        *,
        podm_id: str,
        found: Collection[tuple[str, str]],
        lease: Lease | None = None,
    ) -> int:
        """Insert what is new of ``(url, type)``, and correct the types.

        What is known as it is may be left out, or be there: it costs a look.

        :param lease: of the sync, which must still hold its task.
        :returns: how many were new.
        :raises LeaseLost:
        :raises PodManagerNotFound, Busy: with a lease, if the pod manager was
            deleted, or is being deleted: nothing comes to it any more.
        """

    @abc.abstractmethod
    def get(
        self, *, uuid: str, types: Collection[str] | None = None
    ) -> Resource | None:
        """Give one, or None.

        :param types: one of another type is none; None for any type.
        """

    @abc.abstractmethod
    def list(self, *, query: Query) -> Sequence[Resource]:
        """List a page."""

    @abc.abstractmethod
    def delete(self, *, uuids: Collection[str]) -> None:
        """Delete these; those that are gone are no error."""

    @abc.abstractmethod
    def delete_gone(
        self, *, gone: Collection[Known], lease: Lease | None = None
    ) -> int:
        """Delete what a walk has not found; give how many there were.

        What was deleted and found again since it was read stays.

        :param lease: of the sync, which must still hold its task.
        :raises LeaseLost:
        """

    @abc.abstractmethod
    def delete_of_pod_manager(self, *, podm_id: str) -> None:
        """Delete all of a pod manager, in batches that block nobody."""
