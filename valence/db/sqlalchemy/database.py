"""The database: all tables on one engine."""

from collections.abc import Callable
from typing import Any, TypeVar

import sqlalchemy as sa

from valence.common.sealing import Keys, no_keys
from valence.db import api
from valence.db.sqlalchemy import engine as engines
from valence.db.sqlalchemy import scope
from valence.db.sqlalchemy.flavors import Flavors
from valence.db.sqlalchemy.idempotency_keys import IdempotencyKeys
from valence.db.sqlalchemy.nodes import Nodes
from valence.db.sqlalchemy.pod_managers import PodManagers
from valence.db.sqlalchemy.resources import Resources
from valence.db.sqlalchemy.services import Services
from valence.db.sqlalchemy.tasks import Tasks

R = TypeVar('R')


class _Tables(api.Tables):
    def __init__(self, scope_: scope.Scope, keys: Keys) -> None:
        self.pod_managers = PodManagers(scope_, keys)
        self.resources = Resources(scope_)
        self.nodes = Nodes(scope_)
        self.flavors = Flavors(scope_)
        self.tasks = Tasks(scope_, keys)
        self.idempotency_keys = IdempotencyKeys(scope_)
        self.services = Services(scope_)


class SqlDatabase(_Tables, api.Database):
    """SQLite, MariaDB or PostgreSQL.

    :param connection: a SQLAlchemy url.
    :param keys: of the credentials of pod managers.
    :param options: see sqlalchemy.create_engine.
    """

    def __init__(
        self, connection: str, keys: Keys = no_keys, **options: Any
    ) -> None:
        self.engine = engines.create_engine(connection, **options)
        self._scope = scope.OwnTransactions(self.engine)
        self._keys = keys
        super().__init__(self._scope, keys)

    def write(self, work: Callable[[api.Tables], R]) -> R:
        return self._scope.write(
            lambda connection: work(
                _Tables(scope.JoinedTransaction(connection), self._keys)
            )
        )

    def ping(self) -> None:
        self._scope.read(lambda connection: connection.execute(sa.select(1)))

    def close(self) -> None:
        self.engine.dispose()
