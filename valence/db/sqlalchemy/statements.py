"""Statements that several tables need, built once.

To build a statement takes several times as long as to execute it, so those
that only differ in their values are kept, by the columns that they touch.
"""

import contextlib
import functools
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from oslo_db import exception as db_exception
from sqlalchemy.dialects import mysql, postgresql, sqlite

from valence.db.sqlalchemy import types

T = TypeVar('T')

#: How many rows one statement of a batch touches.
BATCH = 500


class Where(NamedTuple):
    """A statement that gives one row, or none, and its parameters."""

    statement: sa.Select[Any]
    values: Mapping[str, Any]


def columns(table: sa.Table) -> list[sa.Column[Any]]:
    """Give the columns that a dataclass has: all but the integer id."""
    return [column for column in table.columns if column.name != 'id']


def insert(
    connection: sa.Connection,
    table: sa.Table,
    values: Mapping[str, Any],
    *,
    now: Mapping[str, float] | None = None,
    taken: Exception | None = None,
    where: Where | None = None,
) -> bool:
    """Insert a row, created now by the database's clock.

    :param now: more columns that are set to the time of now, and so many
        seconds later.
    :param taken: what to raise if there is such a row already.
    :param where: finds a row without which none is inserted.
    :returns: whether one was.
    """
    later = now or {}
    parameters = {**values, **_spans(later)}
    condition = None
    if where is not None:
        condition = where.statement
        parameters |= where.values
    statement = _insert(table, tuple(values), tuple(later), condition)
    with _unique(taken):
        return connection.execute(statement, parameters).rowcount > 0


def update(
    connection: sa.Connection,
    table: sa.Table,
    values: Mapping[str, Any],
    *,
    by: Mapping[str, Any],
    now: Mapping[str, float] | None = None,
    taken: Exception | None = None,
) -> int:
    """Change rows, and give how many they were.

    :param by: column and value, all of which must be equal; None is NULL.
    :param now: columns that are set to the database's time, and so many
        seconds later.
    :param taken: what to raise if there is such a row already.
    """
    later = now or {}
    statement = _update(
        table,
        tuple(values),
        tuple((name, value is None) for name, value in by.items()),
        tuple(later),
    )
    parameters = {f'new_{name}': value for name, value in values.items()}
    parameters |= {f'by_{name}': value for name, value in by.items()}
    parameters |= _spans(later)
    with _unique(taken):
        return connection.execute(statement, parameters).rowcount


@contextlib.contextmanager
def _unique(taken: Exception | None) -> Iterator[None]:
    try:
        yield
    except db_exception.DBDuplicateEntry as error:
        if taken is None:
            raise
        raise taken from error


@functools.cache
def equal(
    statement: sa.Select[Any], *columns: sa.Column[Any]
) -> sa.Select[Any]:
    """Narrow a statement to values that are given by the columns' names."""
    return statement.where(
        *(
            column == sa.bindparam(column.name, type_=column.type)
            for column in columns
        )
    )


def span(seconds: float) -> int:
    """Give a span of time as the database counts it."""
    return int(seconds * 1_000_000)


@functools.cache
def _insert(
    table: sa.Table,
    names: tuple[str, ...],
    later: tuple[str, ...],
    where: sa.Select[Any] | None,
) -> sa.Insert:
    values: dict[str, Any] = {
        name: sa.bindparam(name, type_=table.c[name].type) for name in names
    }
    values |= {name: types.now() for name in ('created_at', 'updated_at')}
    values |= _times(later)
    # Without the new id, for which nobody asks.
    insert = table.insert().inline()
    insert = insert.execution_options(preserve_rowcount=True)
    if where is None:
        return insert.values(values)
    row = where.with_only_columns(*values.values())
    return insert.from_select(list(values), row)


@functools.cache
def _update(
    table: sa.Table,
    names: tuple[str, ...],
    by: tuple[tuple[str, bool], ...],
    later: tuple[str, ...],
) -> sa.Update:
    values: dict[str, Any] = {
        name: sa.bindparam(f'new_{name}', type_=table.c[name].type)
        for name in names
    }
    values |= _times(later)
    values['updated_at'] = types.now()
    conditions = [
        table.c[name].is_(None)
        if is_null
        else table.c[name]
        == sa.bindparam(f'by_{name}', type_=table.c[name].type)
        for name, is_null in by
    ]
    return table.update().where(*conditions).values(values)


def _times(names: tuple[str, ...]) -> dict[str, Any]:
    """Give the expressions of columns that are set by the clock."""
    return {
        name: types.now() + sa.bindparam(f'in_{name}', type_=sa.BigInteger())
        for name in names
    }


def _spans(seconds: Mapping[str, float]) -> dict[str, int]:
    return {f'in_{name}': span(value) for name, value in seconds.items()}


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


def due(
    connection: sa.Connection,
    time: sa.Column[Any],
    *conditions: sa.ColumnElement[bool],
    limit: int,
) -> Sequence[str]:
    """Give the uuids of rows whose time has come, the longest due first.

    They are locked; those that others have locked are left out.
    """
    uuids = connection.execute(
        sa.select(time.table.c.uuid)
        .where(time <= types.now(), *conditions)
        .order_by(time)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return uuids.scalars().all()


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


def batches(items: Collection[T]) -> list[list[T]]:
    """Split what would make one statement too long."""
    ordered = list(items)
    return [
        ordered[start : start + BATCH]
        for start in range(0, len(ordered), BATCH)
    ]
