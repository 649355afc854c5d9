"""The table of requests that may be sent again."""

import abc

from valence.objects.idempotency_key import IdempotencyKey


class IdempotencyKeyTaken(Exception):
    """The same request was accepted before, perhaps just now."""


class IdempotencyKeys(abc.ABC):
    """What was answered to requests that may be sent again."""

    @abc.abstractmethod
    def add(self, *, key: IdempotencyKey) -> None:
        """Insert a key.

        :raises IdempotencyKeyTaken: if there is such a one.
        """

    @abc.abstractmethod
    def get(self, *, digest: str) -> IdempotencyKey | None:
        """Give the one with this digest, or None."""

    @abc.abstractmethod
    def purge(self, *, age: float, limit: int) -> int:
        """Delete keys that are older than ``age`` s; give how many."""
