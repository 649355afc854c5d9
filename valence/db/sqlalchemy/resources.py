"""The table of resources: pointers to what the pod managers hold."""

import functools
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from oslo_utils import uuidutils

from valence.db import api
from valence.db.sqlalchemy import models, statements, types
from valence.db.sqlalchemy.scope import Table, reads, writes
from valence.objects.resource import Resource

_table = models.resources
_select = sa.select(*statements.columns(_table))
_UUID = statements.equal(
    sa.select(_table.c.uuid), _table.c.podm_id, _table.c.resource_url
)


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
        _insert(connection, podm_id, [(url, resource_type)])
        uuid: str = connection.execute(
            _UUID, {'podm_id': podm_id, 'resource_url': url}
        ).scalar_one()
        return uuid

    @writes
    def add(
        self,
        connection: sa.Connection,
        *,
        podm_id: str,
        found: Collection[tuple[str, str]],
    ) -> int:
        known = set(
            connection.execute(
                sa.select(_table.c.resource_url).where(
                    _table.c.podm_id == podm_id
                )
            ).scalars()
        )
        new = [(url, kind) for url, kind in found if url not in known]
        _insert(connection, podm_id, new)
        return len(new)

    @reads
    def get(self, connection: sa.Connection, *, uuid: str) -> Resource | None:
        statement = statements.equal(_select, _table.c.uuid)
        row = connection.execute(statement, {'uuid': uuid}).first()
        return None if row is None else Resource(*row)

    @reads
    def list(
        self, connection: sa.Connection, *, query: api.Query
    ) -> Sequence[Resource]:
        rows = statements.page(connection, _table, query, _select)
        return [Resource(*row) for row in rows]

    @writes
    def delete(
        self, connection: sa.Connection, *, uuids: Collection[str]
    ) -> None:
        for batch in statements.batches(uuids):
            connection.execute(_table.delete().where(_table.c.uuid.in_(batch)))

    def delete_of_pod_manager(self, *, podm_id: str) -> None:
        while self._delete_some(podm_id=podm_id):
            pass

    @writes
    def _delete_some(self, connection: sa.Connection, *, podm_id: str) -> int:
        ids = connection.execute(
            sa.select(_table.c.id)
            .where(_table.c.podm_id == podm_id)
            .limit(statements.BATCH)
        ).scalars()
        return connection.execute(
            _table.delete().where(_table.c.id.in_(list(ids)))
        ).rowcount


def _insert(
    connection: sa.Connection,
    podm_id: str,
    new: Collection[tuple[str, str]],
) -> None:
    rows = [
        {
            'uuid': uuidutils.generate_uuid(),
            'podm_id': podm_id,
            'resource_url': url,
            'resource_type': kind,
        }
        for url, kind in new
    ]
    if rows:
        connection.execute(_new(connection.dialect.name), rows)


@functools.cache
def _new(dialect: str) -> Any:
    return statements.insert_ignore(_table, dialect).values(
        created_at=types.now(),
        updated_at=types.now(),
        **{
            name: sa.bindparam(name)
            for name in ('uuid', 'podm_id', 'resource_url', 'resource_type')
        },
    )
