"""Statements that touch many rows of a table."""

import functools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite

from valence.common.batched import batched
from valence.db.sqlalchemy import types
from valence.db.sqlalchemy.statements import span

T = TypeVar('T')

#: How many rows one statement of a batch touches.
BATCH = 500


def purge(
    connection: sa.Connection,
    table: sa.Table,
    *conditions: sa.ColumnElement[bool],
    age: float,
    limit: int,
) -> int:
    """Delete the oldest rows that were created longer than ``age`` s ago.

    :returns: how many.
    """
    ids = connection.execute(
        sa.select(table.c.id)
        .where(table.c.created_at < types.now() - span(age), *conditions)
        .order_by(table.c.created_at)
        .limit(limit)
    )
    return delete(connection, table, ids.scalars().all())


def delete(
    connection: sa.Connection, table: sa.Table, ids: Collection[int]
) -> int:
    """Delete rows, locking no others; give how many there were."""
    is_mysql = connection.dialect.name in types.MYSQL
    statement = _delete_mysql(table) if is_mysql else _delete(table)
    return connection.execute(statement, {'ids': list(ids)}).rowcount


@functools.cache
def _delete(table: sa.Table) -> sa.Delete:
    return table.delete().where(
        table.c.id.in_(sa.bindparam('ids', expanding=True))
    )


@functools.cache
def _delete_mysql(table: sa.Table) -> sa.TextClause:
    # Left to itself it reads all of a small table, and waits there for
    # whoever has locked a row. The form for several tables takes a hint.
    name = table.name
    return sa.text(
        f'DELETE FROM {name} USING {name} FORCE INDEX (PRIMARY) '  # noqa: S608
        'WHERE id IN :ids'
    ).bindparams(sa.bindparam('ids', expanding=True))


def insert_ignore(table: sa.Table, dialect: str) -> Any:
    """Make an insert that leaves a row alone that exists already."""
    if dialect in types.MYSQL:
        # IGNORE would also swallow what is too long.
        return mysql.insert(table).on_duplicate_key_update(id=table.c.id)
    if dialect == 'postgresql':
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def insert_new(
    connection: sa.Connection,
    table: sa.Table,
    rows: Sequence[Mapping[str, Any]],
) -> int | None:
    """Insert rows, leaving those alone that exist already.

    One statement goes to the database. Of plain values the drivers of MariaDB
    make one; PostgreSQL's makes none, but passes arrays of more than one.

    :returns: how many were inserted; None of MariaDB, which counts the others
        too.
    """
    dialect = connection.dialect.name
    values: Any = rows
    if dialect == 'postgresql' and len(rows) > 1:
        values = {name: [row[name] for row in rows] for name in rows[0]}
        statement = _insert_arrays(table, tuple(values))
    else:
        statement = _insert_new(table, dialect)
    inserted = connection.execute(statement, values).rowcount
    return None if dialect in types.MYSQL else inserted


@functools.cache
def _insert_new(table: sa.Table, dialect: str) -> Any:
    # Of inserts SQLAlchemy does not keep the count by itself.
    return insert_ignore(table, dialect).execution_options(
        preserve_rowcount=True
    )


@functools.cache
def _insert_arrays(table: sa.Table, names: tuple[str, ...]) -> Any:
    arrays = (
        sa.bindparam(name, type_=sa.ARRAY(table.c[name].type))
        for name in names
    )
    return _insert_new(table, 'postgresql').from_select(
        names, sa.select(*(sa.func.unnest(array) for array in arrays))
    )


def batches(items: Iterable[T]) -> Iterator[list[T]]:
    """Split what would make one statement too long."""
    return batched(items, BATCH)
