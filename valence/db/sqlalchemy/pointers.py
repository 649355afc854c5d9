"""How pointers to resources come into their table.

Each with the uuid that it always has: derived from the url of its pod manager
and its own. That another transaction inserts the same at the same time is no
error, and loses nothing.
"""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from valence.db.sqlalchemy import bulk, models, types

_table = models.resources
_podms = models.pod_managers

#: So often rows are inserted again that are not there after.
_MOST_TRIES = 3

#: Types, by url.
Found = Mapping[str, str]


def derive(podm_url: str, resource_url: str) -> str:
    """Give the uuid that a resource has, today and in years."""
    # There is no blank in the first, so no two pairs make the same name.
    name = f'{podm_url} {resource_url}'
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def stored(
    connection: sa.Connection, podm_id: str, urls: Iterable[str]
) -> dict[str, Any]:
    """Give the ``uuid`` and ``resource_type`` of what has a row, by url."""
    values = {'podm_id': podm_id, 'urls': list(urls)}
    rows = connection.execute(_STORED, values)
    return {row.resource_url: row for row in rows}


def insert(
    connection: sa.Connection,
    podm_id: str,
    new: Found,
    origin: Any = None,
) -> dict[str, str]:
    """Insert rows; those that there are by now are left alone.

    :param origin: what :data:`ORIGIN` says, where that is known already.
    :returns: uuids, by url, of those that are there.
    """
    if not new:
        return {}
    if origin is None:
        origin = connection.execute(ORIGIN, {'podm_id': podm_id}).one()
    base = origin.podm_url
    pointers = {
        url: {
            'uuid': _random() if base is None else derive(base, url),
            'podm_id': podm_id,
            'resource_url': url,
            'resource_type': kind,
            'created_at': origin.now,
            'updated_at': origin.now,
        }
        for url, kind in new.items()
    }
    inserted = bulk.insert_new(connection, _table, list(pointers.values()))
    if inserted == len(pointers):
        return {url: row['uuid'] for url, row in pointers.items()}
    there = stored(connection, podm_id, new)
    for _ in range(_MOST_TRIES):
        left = [pointers[url] for url in new if url not in there]
        if not left:
            break
        bulk.insert_new(connection, _table, _with_free_uuids(connection, left))
        there = stored(connection, podm_id, new)
    return {url: row.uuid for url, row in there.items()}


def retype(connection: sa.Connection, podm_id: str, changed: Found) -> None:
    """Change the types of rows that there are."""
    for kind in sorted(set(changed.values())):
        urls = [url for url in changed if changed[url] == kind]
        values = {'podm': podm_id, 'urls': urls, 'kind': kind}
        connection.execute(_RETYPE, values)


def _with_free_uuids(
    connection: sa.Connection, rows: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Give random uuids to rows whose own belong to other pod managers.

    The others keep theirs: MariaDB leaves out some that another transaction
    had inserted, and took back, a victim of a deadlock, while we waited.
    """
    uuids = {'uuids': [row['uuid'] for row in rows]}
    taken = set(connection.execute(_TAKEN, uuids).scalars())
    return [
        {**row, 'uuid': _random()} if row['uuid'] in taken else row
        for row in rows
    ]


def _random() -> str:
    return str(uuid.uuid4())


_STORED = sa.select(
    _table.c.resource_url, _table.c.uuid, _table.c.resource_type
).where(
    _table.c.podm_id == sa.bindparam('podm_id'),
    _table.c.resource_url.in_(sa.bindparam('urls', expanding=True)),
)
_TAKEN = sa.select(_table.c.uuid).where(
    _table.c.uuid.in_(sa.bindparam('uuids', expanding=True))
)
#: The clock, and the url of a pod manager, which may have no record.
ORIGIN = sa.select(
    types.now().label('now'),
    sa.select(_podms.c.url)
    .where(_podms.c.uuid == sa.bindparam('podm_id'))
    .scalar_subquery()
    .label('podm_url'),
)
_RETYPE = (
    _table.update()
    .where(
        _table.c.podm_id == sa.bindparam('podm'),
        _table.c.resource_url.in_(sa.bindparam('urls', expanding=True)),
    )
    .values(resource_type=sa.bindparam('kind'), updated_at=types.now())
)
