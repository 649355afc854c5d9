"""The table of services."""

import abc
from collections.abc import Mapping, Sequence
from typing import Any

from valence.db.api.query import Query
from valence.objects.service import Service


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
