"""The engine: connections, as our tables need them on each database.

oslo.db's own ``create_engine`` is not used: it asks each connection for a
sign of life before each transaction, which costs as much as a transaction of
ours, and opens a new file for each on SQLite. A connection that died is found
by its first use instead, and replaced there (see ``scope``). oslo.db's
exceptions and retries are used as they are.
"""

import contextlib
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from oslo_db.sqlalchemy import exc_filters

from valence.db.sqlalchemy import types

#: Seconds that a writer waits for another process's lock on SQLite.
_SQLITE_TIMEOUT = 15
#: Marks a connection that is about to write.
WRITER = 'valence_writer'


def create_engine(connection: str, **options: Any) -> sa.Engine:
    """Make an engine; connections are made when they are needed.

    :param connection: a SQLAlchemy url.
    :param options: see sqlalchemy.create_engine.
    """
    url = sa.make_url(connection)
    backend = url.get_backend_name()
    if backend == 'sqlite':
        url = url.update_query_dict({'timeout': str(_SQLITE_TIMEOUT)})
    elif backend in types.MYSQL and 'charset' not in url.query:
        url = url.update_query_dict({'charset': 'utf8mb4'})
    engine = sa.create_engine(url, **options)
    exc_filters.register_engine(engine)
    prepare = _PREPARE.get(engine.dialect.name)
    if prepare is not None:
        prepare(engine)
    return engine


def _prepare_sqlite(engine: sa.Engine) -> None:
    """Let many threads and processes write, one after the other."""

    @sa.event.listens_for(engine, 'connect')
    def _pragmas(connection: Any, record: Any) -> None:
        # Transactions begin where we say, below.
        connection.isolation_level = None
        connection.execute('PRAGMA journal_mode = WAL')
        connection.execute('PRAGMA synchronous = NORMAL')

    @sa.event.listens_for(engine, 'begin')
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get(WRITER)
        # A writer that waits for its turn at once cannot deadlock.
        connection.exec_driver_sql('BEGIN IMMEDIATE' if writes else 'BEGIN')


def _prepare_mysql(engine: sa.Engine) -> None:
    """Refuse what does not fit, and let claims pass each other.

    READ COMMITTED takes no locks on the gaps between rows.
    """

    @sa.event.listens_for(engine, 'connect')
    def _session(connection: Any, record: Any) -> None:
        with contextlib.closing(connection.cursor()) as cursor:
            cursor.execute("SET SESSION sql_mode = 'TRADITIONAL'")
            cursor.execute(
                'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED'
            )


_PREPARE: dict[str, Callable[[sa.Engine], None]] = {
    'sqlite': _prepare_sqlite,
    'mysql': _prepare_mysql,
    'mariadb': _prepare_mysql,
}
