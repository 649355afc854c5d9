"""The database as everybody but ``db/sqlalchemy`` sees it.

One abstract class per table; arguments by keyword; frozen dataclasses come
out. Each mutation is one transaction, unless several are joined by
:meth:`Database.write`. A change of state is a compare-and-swap.
"""

import abc
from collections.abc import Callable
from typing import TypeVar

from valence.db.api.flavors import Flavors
from valence.db.api.idempotency_keys import (
    IdempotencyKeys,
    IdempotencyKeyTaken,
)
from valence.db.api.nodes import Nodes
from valence.db.api.pod_managers import KeyUse, PodManagers
from valence.db.api.query import Query
from valence.db.api.queue import Claimed, Lease, LeaseLost, Queue
from valence.db.api.resources import Known, Resources
from valence.db.api.services import Services
from valence.db.api.tasks import Tasks

__all__ = [
    'Claimed',
    'Database',
    'Flavors',
    'IdempotencyKeyTaken',
    'IdempotencyKeys',
    'KeyUse',
    'Known',
    'Lease',
    'LeaseLost',
    'Nodes',
    'PodManagers',
    'Query',
    'Queue',
    'Resources',
    'Services',
    'Tables',
    'Tasks',
]

R = TypeVar('R')


class Tables(abc.ABC):
    """The tables, in transactions of their own or in a joint one."""

    pod_managers: PodManagers
    resources: Resources
    nodes: Nodes
    flavors: Flavors
    tasks: Tasks
    idempotency_keys: IdempotencyKeys
    services: Services


class Database(Tables):
    """The tables, each call a transaction; thread-safe.

    Every call may raise DatabaseUnavailable.
    """

    @abc.abstractmethod
    def write(self, work: Callable[[Tables], R]) -> R:
        """Do several mutations in one transaction.

        :param work: is called again, from its beginning, after a deadlock,
            so it must do nothing but with the tables that it is given.
        """

    @abc.abstractmethod
    def ping(self) -> None:
        """Ask the database for a sign of life."""

    @abc.abstractmethod
    def close(self) -> None:
        """Close the connections; idempotent."""
