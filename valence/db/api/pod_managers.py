"""The table of pod managers."""

import abc
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from valence.db.api.query import Query
from valence.objects.pod_manager import PodManager


@dataclass(frozen=True, slots=True)
class KeyUse:
    """Which keys the credentials of a pod manager need.

    :ivar keys: their ids; None stands for what is stored in clear.
    """

    uuid: str
    name: str
    keys: frozenset[str | None]


class PodManagers(abc.ABC):
    """The records; their credentials are encrypted by who implements this."""

    @abc.abstractmethod
    def create(self, *, values: Mapping[str, Any]) -> PodManager:
        """Insert a record.

        :raises DuplicatePodManager: if the name or the url is taken.
        :raises CredentialsKeyError: if there is no key to encrypt with.
        """

    @abc.abstractmethod
    def get(self, *, ident: str) -> PodManager:
        """Give the record with this uuid, or with this name.

        :raises PodManagerNotFound:
        """

    @abc.abstractmethod
    def existing(self, *, uuids: Collection[str]) -> set[str]:
        """Give those of some uuids that have a record."""

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
        :raises CredentialsKeyError: if credentials change, and there is no
            key to encrypt with.
        """

    @abc.abstractmethod
    def key_uses(
        self, *, after: str | None = None, limit: int
    ) -> Sequence[KeyUse]:
        """Tell which keys are needed, in the order of the uuids.

        :param after: uuid of the last one of the page before.
        """

    @abc.abstractmethod
    def reseal(self, *, uuid: str) -> bool:
        """Encrypt what is not encrypted with the first key; tell whether.

        What another process changes meanwhile is not undone. A record that
        is gone is no error.

        :raises CredentialsKeyError: if the old ones cannot be decrypted.
        """

    @abc.abstractmethod
    def synced(
        self,
        *,
        uuid: str,
        usage: Mapping[str, Any],
        findings: Sequence[Mapping[str, Any]],
        next_in: float,
    ) -> None:
        """Write that a sync ended well, now, what it counted and found.

        :param next_in: seconds until the next one, more or less.
        """

    @abc.abstractmethod
    def not_synced(self, *, uuid: str, error: str, next_in: float) -> None:
        """Write that a sync failed, and why; see :meth:`synced`."""

    @abc.abstractmethod
    def unanswered(
        self, *, uuid: str, reason: str, most: int, pause: float
    ) -> bool:
        """Count a call that got no answer; tell whether that was too many.

        :param most: from the so manieth in a row on the pod manager is
            Offline, and left alone for ``pause`` seconds.
        """

    @abc.abstractmethod
    def answered(self, *, uuid: str) -> bool:
        """Begin to count anew; tell whether it had been left alone."""

    @abc.abstractmethod
    def take_due_probes(self, *, pause: float, limit: int) -> Sequence[str]:
        """Give those that were left alone for long enough.

        Each comes to one caller only; for ``pause`` seconds to no other.
        """

    @abc.abstractmethod
    def due_syncs(self, *, limit: int) -> Sequence[str]:
        """Give those whose sync is due and that no task is changing.

        Those that are being reserved in another transaction are left out.
        """

    @abc.abstractmethod
    def reserve(self, *, uuid: str, task_uuid: str) -> None:
        """Make a task the one that syncs or deletes the record.

        :raises PodManagerNotFound:
        :raises Busy: if there is one.
        """

    @abc.abstractmethod
    def delete(self, *, uuid: str) -> None:
        """Delete the record; one that is gone is no error."""
