"""The engine: connections, transactions, and the one place that retries."""

import contextlib
import functools
import logging
from collections.abc import Callable, Iterator
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from oslo_db import api as oslo_db_api
from oslo_db import exception as db_exception
from oslo_db.sqlalchemy import engines

from valence.common import exception

LOG = logging.getLogger(__name__)

P = ParamSpec('P')
R = TypeVar('R')

#: Seconds that a writer waits for another process's lock on SQLite.
_SQLITE_TIMEOUT = 15
_WRITER = 'valence_writer'


def create_engine(connection: str, **options: Any) -> sa.Engine:
    """Make an engine by oslo.db, with what our tables rely on.

    :param connection: a SQLAlchemy url.
    :param options: see oslo_db.sqlalchemy.engines.create_engine.
    """
    url = sa.make_url(connection)
    if url.get_backend_name() == 'sqlite':
        url = url.update_query_dict({'timeout': str(_SQLITE_TIMEOUT)})
    engine: sa.Engine = engines.create_engine(
        url,
        thread_checkin=False,
        max_retries=0,
        mysql_sql_mode='TRADITIONAL',
        **options,
    )
    prepare = _PREPARE.get(engine.dialect.name)
    if prepare is not None:
        prepare(engine)
    return engine


def _prepare_sqlite(engine: sa.Engine) -> None:
    """Let many threads and processes write, one after the other."""

    @sa.event.listens_for(engine, 'connect')
    def _pragmas(connection: Any, record: Any) -> None:
        connection.execute('PRAGMA journal_mode = WAL')
        connection.execute('PRAGMA synchronous = NORMAL')

    # oslo.db begins each transaction that is not marked as begun already.
    @sa.event.listens_for(engine, 'engine_connect')
    def _mark_begun(connection: sa.Connection) -> None:
        if connection.get_execution_options().get(_WRITER):
            connection.info['in_transaction'] = True

    @sa.event.listens_for(engine, 'begin')
    def _begin_immediate(connection: sa.Connection) -> None:
        if connection.get_execution_options().get(_WRITER):
            connection.exec_driver_sql('BEGIN IMMEDIATE')


def _prepare_mysql(engine: sa.Engine) -> None:
    """Let claims pass each other: no locks on the gaps between rows."""

    @sa.event.listens_for(engine, 'connect')
    def _read_committed(connection: Any, record: Any) -> None:
        with contextlib.closing(connection.cursor()) as cursor:
            cursor.execute(
                'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED'
            )


_PREPARE: dict[str, Callable[[sa.Engine], None]] = {
    'sqlite': _prepare_sqlite,
    'mysql': _prepare_mysql,
    'mariadb': _prepare_mysql,
}

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
        self._reader = engine
        self._writer = engine.execution_options(**{_WRITER: True})

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


@_retry
def _transaction(engine: sa.Engine, work: Callable[[sa.Connection], R]) -> R:
    with engine.begin() as connection:
        return work(connection)


@contextlib.contextmanager
def _away_is_unavailable() -> Iterator[None]:
    try:
        yield
    except (
        db_exception.DBConnectionError,
        db_exception.DBDeadlock,
        # PostgreSQL that refuses connections, SQLite locked for too long, ...
        sa.exc.OperationalError,
        sa.exc.TimeoutError,
    ) as error:
        LOG.warning('The database does not answer: %s', error)
        raise exception.DatabaseUnavailable() from error


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
