"""The table of resources: pointers to what the pod managers hold."""

import sys
from collections.abc import Collection, Sequence

import sqlalchemy as sa

from valence.db import api
from valence.db.sqlalchemy import (
    bulk,
    models,
    pages,
    pointers,
    queue,
    reservations,
    statements,
)
from valence.db.sqlalchemy.scope import Table, reads, writes
from valence.objects.resource import Resource

_table = models.resources
_select = sa.select(*statements.columns(_table))
_UUID = statements.equal(
    sa.select(_table.c.uuid), _table.c.podm_id, _table.c.resource_url
)
_PLACE = pointers.ORIGIN.add_columns(_UUID.scalar_subquery().label('uuid'))
#: How many rows are read at once where all are needed.
_MANY = 2000


class Resources(Table, api.Resources):
    @writes
    def ensure(
        self,
        connection: sa.Connection,
        *,
        podm_id: str,
        url: str,
        resource_type: str,
    ) -> str:
        values = {'podm_id': podm_id, 'resource_url': url}
        found = connection.execute(_PLACE, values).one()
        uuid: str | None = found.uuid
        if uuid is None:
            wanted = {url: resource_type}
            new = pointers.insert(connection, podm_id, wanted, found)
            uuid = new.get(url)
        if uuid is None:
            uuid = connection.execute(_UUID, values).scalar_one()
        return uuid

    @reads
    def known(
        self, connection: sa.Connection, *, podm_id: str
    ) -> dict[str, api.Known]:
        known: dict[str, api.Known] = {}
        values = {'podm_id': podm_id, 'after': '', 'most': _MANY}
        while True:
            rows = connection.execute(_KNOWN, values).all()
            for url, uuid, kind, created_at in rows:
                known[url] = api.Known(uuid, sys.intern(kind), created_at)
            if len(rows) < _MANY:
                return known
            values['after'] = rows[-1].resource_url

    def add(
        self,
        *,
        podm_id: str,
        found: Collection[tuple[str, str]],
        lease: api.Lease | None = None,
    ) -> int:
        return sum(
            self._add(podm_id=podm_id, found=dict(batch), lease=lease)
            for batch in bulk.batches(dict(found).items())
        )

    @writes
    def _add(
        self,
        connection: sa.Connection,
        *,
        podm_id: str,
        found: pointers.Found,
        lease: api.Lease | None,
    ) -> int:
        there = pointers.stored(connection, podm_id, found)
        new = {url: found[url] for url in found if url not in there}
        pointers.insert(connection, podm_id, new)
        # MariaDB takes urls that end in more or fewer blanks for the same.
        changed = {
            url: found[url]
            for url, row in there.items()
            if found.get(url, row.resource_type) != row.resource_type
        }
        pointers.retype(connection, podm_id, changed)
        if lease is not None:
            # Last: while the task is locked its lease is not renewed.
            queue.hold(connection, lease)
            # Nothing comes to a pod manager that is being deleted.
            reservations.admit_node(connection, podm_id)
        return len(new)

    @reads
    def get(
        self,
        connection: sa.Connection,
        *,
        uuid: str,
        types: Collection[str] | None = None,
    ) -> Resource | None:
        statement = statements.equal(_select, _table.c.uuid)
        row = connection.execute(statement, {'uuid': uuid}).first()
        found = None if row is None else Resource(*row)
        if found and types is not None and found.resource_type not in types:
            return None
        return found

    @reads
    def list(
        self, connection: sa.Connection, *, query: api.Query
    ) -> Sequence[Resource]:
        rows = pages.page(connection, _table, query, _select)
        return [Resource(*row) for row in rows]

    def delete(self, *, uuids: Collection[str]) -> None:
        for batch in bulk.batches(uuids):
            self._delete(uuids=batch)

    @writes
    def _delete(
        self, connection: sa.Connection, *, uuids: Collection[str]
    ) -> None:
        connection.execute(_table.delete().where(_table.c.uuid.in_(uuids)))

    def delete_gone(
        self,
        *,
        gone: Collection[api.Known],
        lease: api.Lease | None = None,
    ) -> int:
        return sum(
            self._delete_gone(gone=batch, lease=lease)
            for batch in bulk.batches(gone)
        )

    @writes
    def _delete_gone(
        self,
        connection: sa.Connection,
        *,
        gone: Collection[api.Known],
        lease: api.Lease | None,
    ) -> int:
        created_at = {known.uuid: known.created_at for known in gone}
        # Not locked: one that is found again by now has another id.
        rows = connection.execute(_IDS, {'uuids': list(created_at)})
        ids = [
            row.id for row in rows if row.created_at == created_at[row.uuid]
        ]
        deleted = bulk.delete(connection, _table, ids)
        if lease is not None:
            queue.hold(connection, lease)
        return deleted

    def delete_of_pod_manager(self, *, podm_id: str) -> None:
        while ids := self._ids(podm_id=podm_id):
            for batch in bulk.batches(ids):
                self._delete_ids(ids=batch)

    @writes
    def _delete_ids(
        self, connection: sa.Connection, *, ids: Collection[int]
    ) -> None:
        bulk.delete(connection, _table, ids)

    @reads
    def _ids(
        self, connection: sa.Connection, *, podm_id: str
    ) -> Sequence[int]:
        found = connection.execute(
            sa.select(_table.c.id)
            .where(_table.c.podm_id == podm_id)
            .limit(_MANY)
        )
        return found.scalars().all()


_KNOWN = (
    sa.select(
        _table.c.resource_url,
        _table.c.uuid,
        _table.c.resource_type,
        _table.c.created_at,
    )
    .where(
        _table.c.podm_id == sa.bindparam('podm_id'),
        _table.c.resource_url > sa.bindparam('after'),
    )
    .order_by(_table.c.resource_url)
    .limit(sa.bindparam('most'))
)
_IDS = sa.select(_table.c.id, _table.c.uuid, _table.c.created_at).where(
    _table.c.uuid.in_(sa.bindparam('uuids', expanding=True))
)
