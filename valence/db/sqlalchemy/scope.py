"""Transactions: where they begin and end, and the one place that retries."""

import contextlib
import functools
import logging
from collections.abc import Callable, Iterator
from typing import Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from oslo_db import api as oslo_db_api
from oslo_db import exception as db_exception

from valence.common import exception
from valence.db.sqlalchemy.engine import WRITER

LOG = logging.getLogger(__name__)

P = ParamSpec('P')
R = TypeVar('R')

#: PostgreSQL's read_only_sql_transaction.
_READ_ONLY = '25006'

_retry = oslo_db_api.wrap_db_retry(
    max_retries=10,
    retry_interval=0.05,
    max_retry_interval=1,
    inc_retry_interval=True,
    jitter=True,
    retry_on_deadlock=True,
)


class Scope:
    """Where the statements of a table run."""

    def read(self, work: Callable[[sa.Connection], R]) -> R:
        raise NotImplementedError

    def write(self, work: Callable[[sa.Connection], R]) -> R:
        raise NotImplementedError


class OwnTransactions(Scope):
    """Each piece of work is a transaction, retried after a deadlock."""

    def __init__(self, engine: sa.Engine) -> None:
        self._writer = engine.execution_options(**{WRITER: True})
        self._reader = engine
        if engine.dialect.name == 'postgresql':
            # Saves two round trips; each of our reads is one statement, or
            # several that need no common snapshot.
            self._reader = engine.execution_options(
                isolation_level='AUTOCOMMIT'
            )

    def read(self, work: Callable[[sa.Connection], R]) -> R:
        return self._run(self._reader, work)

    def write(self, work: Callable[[sa.Connection], R]) -> R:
        return self._run(self._writer, work)

    def _run(self, engine: sa.Engine, work: Callable[[sa.Connection], R]) -> R:
        with _away_is_unavailable():
            result: R = _transaction(engine, work)
            return result


class JoinedTransaction(Scope):
    """All work belongs to one transaction that somebody else ends."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def read(self, work: Callable[[sa.Connection], R]) -> R:
        return work(self._connection)

    write = read


class _StaleConnection(Exception):
    """A pooled connection had died before it was used."""


@_retry
def _transaction(engine: sa.Engine, work: Callable[[sa.Connection], R]) -> R:
    try:
        return _once(engine, work)
    except _StaleConnection:
        # All others of the pool have been dropped with it.
        LOG.info('The database had closed a connection; trying a new one')
    try:
        return _once(engine, work)
    except _StaleConnection as error:
        raise error.__cause__ or error from None


def _once(engine: sa.Engine, work: Callable[[sa.Connection], R]) -> R:
    """Do the work in a transaction.

    :raises _StaleConnection: if the connection was lost before anything can
        have been committed.
    """
    with engine.connect() as connection, connection.begin() as transaction:
        try:
            result = work(connection)
        except db_exception.DBConnectionError as error:
            raise _StaleConnection from error
        # Not tried again when this fails: it may have been committed.
        transaction.commit()
        return result


@contextlib.contextmanager
def _away_is_unavailable() -> Iterator[None]:
    try:
        yield
    except (
        db_exception.DBConnectionError,
        db_exception.DBDeadlock,
        db_exception.DBNonExistentDatabase,
        # PostgreSQL that refuses connections, SQLite locked for too long, ...
        sa.exc.OperationalError,
        sa.exc.TimeoutError,
    ) as error:
        LOG.warning('The database does not answer: %s', error)
        raise exception.DatabaseUnavailable() from error
    except db_exception.DBError as error:
        if not _takes_no_writes(error):
            raise
        LOG.warning('The database takes no writes: %s', error)
        raise exception.DatabaseUnavailable() from error


def _takes_no_writes(error: db_exception.DBError) -> bool:
    """Tell whether it is PostgreSQL that says so; MariaDB's is no DBError."""
    original = getattr(error.inner_exception, 'orig', None)
    return getattr(original, 'sqlstate', None) == _READ_ONLY


class Table:
    """The base of the classes that implement ``db.api``'s."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope


T = TypeVar('T', bound=Table)


def reads(
    method: Callable[Concatenate[T, sa.Connection, P], R],
) -> Callable[Concatenate[T, P], R]:
    """Make a method run in a transaction; it is given the connection."""

    @functools.wraps(method)
    def run(self: T, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return self._scope.read(
            lambda connection: method(self, connection, *args, **kwargs)
        )

    return run


def writes(
    method: Callable[Concatenate[T, sa.Connection, P], R],
) -> Callable[Concatenate[T, P], R]:
    """Make a method run in a writing transaction, as :func:`reads` does."""

    @functools.wraps(method)
    def run(self: T, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return self._scope.write(
            lambda connection: method(self, connection, *args, **kwargs)
        )

    return run
