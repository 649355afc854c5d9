"""Statements that several tables need, built once.

To build a statement takes several times as long as to execute it, so those
that only differ in their values are kept, by the columns that they touch.
"""

import contextlib
import functools
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from oslo_db import exception as db_exception
from sqlalchemy.dialects import mysql, postgresql, sqlite

from valence.common import exception
from valence.db.api import Query
from valence.db.sqlalchemy import types

#: How many rows one statement of a batch touches.
BATCH = 500


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
) -> None:
    """Insert a row, created now by the database's clock.

    :param now: more columns that are set to the time of now, and so many
        seconds later.
    :param taken: what to raise if there is such a row already.
    """
    later = now or {}
    with _unique(taken):
        connection.execute(
            _insert(table, tuple(values), tuple(later)),
            {**values, **_spans(later)},
        )


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
    table: sa.Table, names: tuple[str, ...], later: tuple[str, ...]
) -> sa.Insert:
    return table.insert().values(
        {name: sa.bindparam(name) for name in names}
        | {name: types.now() for name in ('created_at', 'updated_at')}
        | _times(later)
    )


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
    gone = connection.execute(
        table.delete().where(table.c.id.in_(ids.scalars().all()))
    )
    return gone.rowcount


def insert_ignore(table: sa.Table, dialect: str) -> Any:
    """Make an insert that leaves a row alone that exists already."""
    if dialect in ('mysql', 'mariadb'):
        # IGNORE would also swallow what is too long.
        return mysql.insert(table).on_duplicate_key_update(id=table.c.id)
    if dialect == 'postgresql':
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def batches(items: Collection[str]) -> list[list[str]]:
    """Split what would make one statement too long."""
    ordered = list(items)
    return [
        ordered[start : start + BATCH]
        for start in range(0, len(ordered), BATCH)
    ]


def page(
    connection: sa.Connection,
    table: sa.Table,
    query: Query,
    statement: sa.Select[Any],
) -> Sequence[Any]:
    """Give the rows of one page, by their keys and not by an offset.

    The sort key must not be nullable.

    :raises BadRequest: if the marker is unknown.
    """
    key = table.c[query.sort_key]
    ascending = query.sort_dir == 'asc'
    for name, value in query.filters.items():
        column = table.c[name]
        statement = statement.where(
            column.in_(value) if isinstance(value, list) else column == value
        )
    if query.marker is not None:
        last = connection.execute(
            sa.select(key, table.c.id).where(table.c.uuid == query.marker)
        ).first()
        if last is None:
            raise exception.BadRequest(
                detail=f'marker {query.marker} is unknown: give the uuid of '
                'the last item of the page before.'
            )
        position = sa.tuple_(key, table.c.id)
        here = sa.tuple_(
            sa.literal(last[0], key.type), sa.literal(last[1], table.c.id.type)
        )
        statement = statement.where(
            position > here if ascending else position < here
        )
    order = (key, table.c.id) if ascending else (key.desc(), table.c.id.desc())
    return connection.execute(
        statement.order_by(*order).limit(query.limit)
    ).all()
