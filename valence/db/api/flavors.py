"""The table of flavors."""

import abc
from collections.abc import Mapping, Sequence
from typing import Any

from valence.db.api.query import Query
from valence.objects.flavor import Flavor


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
