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
    def renew_status(
        self, *, uuid: str, status: str, reason: str | None
    ) -> PodManager:
        """Write how a pod manager was found, unless it is being deleted.

        :raises PodManagerNotFound:
        """

    @abc.abstractmethod
    def admit_node(self, *, uuid: str) -> None:
        """Make sure that a node may be put on a pod manager.

        It cannot be deleted before the transaction ends, and sees the node
        then.

        :raises PodManagerNotFound:
        :raises Busy: if it is being deleted.
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
        error: str | None = None,
    ) -> None:
        """Write that a sync ended well, now, what it counted and found.

        :param error: what could not be read all the same.
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
    def note_change(self, *, uuid: str) -> None:
        """Count that something at a pod manager has changed.

        What any process has read before is not shown any more.
        """

    @abc.abstractmethod
    def event_digest(self, *, uuid: str) -> str | None:
        """Give the SHA-256 of the token by which events come, if any do."""

    @abc.abstractmethod
    def note_event(self, *, uuid: str, syncs: bool, interval: float) -> float:
        """Have an event take effect: as :meth:`note_change`, and a sync.

        It does at once, or, where another one did within so many seconds, at
        the end of them. One that is gone is no error.

        :param syncs: whether it wants a sync: also while one is at work,
            which is followed by another then.
        :param interval: seconds between two effects.
        :returns: seconds for which another one of the kind need not be
            noted, since all takes effect at the end of them.
        """

    @abc.abstractmethod
    def take_due_events(self, *, limit: int) -> Sequence[str]:
        """Have those events take effect that came too soon, once it is time.

        :returns: the pod managers that they are of.
        """

    @abc.abstractmethod
    def take_due_probes(self, *, pause: float, limit: int) -> Sequence[str]:
        """Give those that were left alone for long enough.

        Each comes to one caller only; for ``pause`` seconds to no other.
        """

    @abc.abstractmethod
    def due_syncs(self, *, limit: int) -> Sequence[str]:
        """Give those whose sync is due and that no task is changing.

        Those that are being reserved in another transaction are left out, and
        those of which an event is due, which is to be taken before.
        """

    @abc.abstractmethod
    def reserve(self, *, uuid: str, task_uuid: str) -> None:
        """Make a task the one that syncs the record.

        :raises PodManagerNotFound:
        :raises Busy: if there is one, or one that deletes it.
        """

    @abc.abstractmethod
    def reserve_deletion(self, *, uuid: str, task_uuid: str) -> None:
        """Make a task the one that deletes the record, even from a sync.

        No node is put there from now on. A sync that goes on does not give
        the record free when it ends.

        :raises PodManagerNotFound:
        :raises Busy: if there is one that deletes it.
        """

    @abc.abstractmethod
    def delete(self, *, uuid: str) -> None:
        """Delete the record; one that is gone is no error."""
