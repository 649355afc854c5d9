"""Statements that several tables need, built once.

To build a statement takes several times as long as to execute it, so those
that only differ in their values are kept, by the columns that they touch.
"""

import contextlib
import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from oslo_db import exception as db_exception

from valence.db.sqlalchemy import types


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
