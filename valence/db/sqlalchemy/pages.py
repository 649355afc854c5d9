"""Lists in pages, each of which costs the same, however far it is.

A page begins at the keys of its first row, which an index finds, and not at an
offset. For that its order is one that an index has: what the filters fix, the
sort key, and what follows it there.

Each database needs its own words to search the index by all of that. MariaDB
has no use for tuples, and where a value is equal reads all rows that have it;
so it is told no equality, and each comparison by itself. PostgreSQL and SQLite
know tuples; where an order begins with groups of many rows they are asked for
what is left of the group, and then for the groups behind it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from valence.common import exception
from valence.db.api import Query
from valence.db.sqlalchemy import types

Condition = sa.ColumnElement[bool]
Columns = Sequence[sa.Column[Any]]
Values = Sequence[sa.ColumnElement[Any]]
#: A condition, and the order of the rows that meet it.
Range = tuple[Condition, Columns]

#: Orders that begin with groups of many rows. The natural one of resources is
#: such a one: two indexes serve it whatever is filtered.
_GROUPS = {
    ('resources', 'created_at'): ('resource_type', 'podm_id'),
    ('nodes', 'state'): ('state', 'created_at'),
    ('tasks', 'action'): ('action', 'created_at'),
}
#: Filters with an index in the order of creation, the narrowest first. Not
#: the state of tasks: claims would go astray in that.
_BY_CREATION = {
    'nodes': ('podm_id', 'project_id', 'managed_by', 'state'),
    'tasks': ('resource_uuid', 'podm_id', 'project_id', 'action'),
}


def page(
    connection: sa.Connection,
    table: sa.Table,
    query: Query,
    statement: sa.Select[Any],
) -> Sequence[Any]:
    """Give the rows of one page.

    The sort key must not be nullable.

    :raises BadRequest: if the marker is unknown.
    """
    mysql = connection.dialect.name in types.MYSQL
    for name, value in query.filters.items():
        statement = statement.where(_matches(table.c[name], value, mysql))
    fixed = _fixed(query.filters)
    lead = [table.c[name] for name in _lead(table, query, fixed)]
    order = _order(table, query, fixed)
    ranges: list[Range] = [(sa.true(), order)]
    if query.marker is not None:
        last = _last(connection, table, query.marker, order)
        ranges = (_at_once if mysql else _by_group)(table, query, order, last)
    rows: list[Any] = []
    for range_, columns in ranges:
        left = None if query.limit is None else query.limit - len(rows)
        ordered = statement.where(range_).order_by(
            *_directed([*lead, *columns], query)
        )
        rows += connection.execute(ordered.limit(left))
        if len(rows) == query.limit:
            break
    return rows


def _matches(column: sa.Column[Any], value: Any, mysql: bool) -> Condition:
    matches: Condition = column == value
    if isinstance(value, list):
        matches = column.in_(value)
    elif mysql:
        matches = (column >= value) & (column <= value)
    return matches


def _fixed(filters: Mapping[str, Any]) -> set[str]:
    return {
        name for name, value in filters.items() if not isinstance(value, list)
    }


def _lead(table: sa.Table, query: Query, fixed: set[str]) -> Sequence[str]:
    """Give what is alike in all rows, and comes first in an index."""
    group = _GROUPS.get((table.name, query.sort_key), ())
    lead = [name for name in group if name in fixed]
    if lead or query.sort_key != 'created_at':
        return lead
    indexed = _BY_CREATION.get(table.name, ())
    return [name for name in indexed if name in fixed][:1]


def _order(table: sa.Table, query: Query, fixed: set[str]) -> Columns:
    names = _GROUPS.get((table.name, query.sort_key), (query.sort_key,))
    return [table.c[name] for name in (*names, 'id') if name not in fixed]


def _directed(order: Columns, query: Query) -> Sequence[Any]:
    if query.sort_dir == 'asc':
        return order
    return [column.desc() for column in order]


def _last(
    connection: sa.Connection, table: sa.Table, marker: str, order: Columns
) -> Values:
    """Give where the page before ended.

    :raises BadRequest: if there is no such row.
    """
    row = connection.execute(
        sa.select(*order).where(table.c.uuid == marker)
    ).first()
    if row is None:
        raise exception.BadRequest(
            detail=f'marker {marker} is unknown: give the uuid of the last '
            'item of the page before.'
        )
    return [
        sa.literal(value, column.type)
        for column, value in zip(order, row, strict=True)
    ]


def _at_once(
    table: sa.Table, query: Query, order: Columns, last: Values
) -> list[Range]:
    return [(_spelled_out(order, last, query.sort_dir == 'asc'), order)]


def _spelled_out(order: Columns, last: Values, ascending: bool) -> Condition:
    behind = _beyond(order[0], last[0], ascending)
    if len(order) > 1:
        within = _spelled_out(order[1:], last[1:], ascending)
        behind |= (order[0] == last[0]) & within
    return behind


def _by_group(
    table: sa.Table, query: Query, order: Columns, last: Values
) -> list[Range]:
    ascending = query.sort_dir == 'asc'
    group = _GROUPS.get((table.name, query.sort_key))
    if group is None or order[0].name != group[0]:
        return [(_tuples(order, last, ascending), order)]
    within = _tuples(order[1:], last[1:], ascending)
    return [
        ((order[0] == last[0]) & within, order[1:]),
        (_beyond(order[0], last[0], ascending), order),
    ]


def _tuples(order: Columns, last: Values, ascending: bool) -> Condition:
    return _beyond(sa.tuple_(*order), sa.tuple_(*last), ascending)


def _beyond(here: Any, there: Any, ascending: bool) -> Condition:
    beyond: Condition = here > there if ascending else here < there
    return beyond
