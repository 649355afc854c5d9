"""Pieces of statements that several tables need."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite

from valence.common import exception
from valence.db.api import Query
from valence.db.sqlalchemy import types

#: How many rows one statement of a batch touches.
BATCH = 500


def columns(table: sa.Table) -> list[sa.Column[Any]]:
    """Give the columns that a dataclass has: all but the integer id."""
    return [column for column in table.columns if column.name != 'id']


def stamped(values: Mapping[str, Any]) -> dict[str, Any]:
    """Add the time of creation, by the database's clock."""
    return {**values, 'created_at': types.now(), 'updated_at': types.now()}


def touched(values: Mapping[str, Any]) -> dict[str, Any]:
    """Add the time of the change, by the database's clock."""
    return {**values, 'updated_at': types.now()}


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
