"""The table of composed nodes."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from valence.common import exception
from valence.db import api
from valence.db.sqlalchemy import bulk, models, pages, reservations, statements
from valence.db.sqlalchemy.scope import Table, reads, writes
from valence.objects.node import Node

_table = models.nodes
_resources = models.resources
#: In the order of the fields of Node, with the url that is pointed to.
_select = sa.select(
    *(
        _resources.c.resource_url if name == 'resource_url' else _table.c[name]
        for name in Node.__dataclass_fields__
    )
).select_from(
    _table.outerjoin(_resources, _resources.c.uuid == _table.c.resource_uuid)
)


class Nodes(Table, api.Nodes):
    @writes
    def create(
        self, connection: sa.Connection, *, values: Mapping[str, Any]
    ) -> None:
        statements.insert(
            connection,
            _table,
            values,
            taken=exception.NodeNameTaken(name=values['name']),
        )

    @writes
    def create_placed(
        self, connection: sa.Connection, *, values: Mapping[str, Any]
    ) -> None:
        podm = values['podm_id']
        taken = exception.NodeNameTaken(name=values['name'])
        where = reservations.admitting(podm)
        while not statements.insert(
            connection, _table, values, taken=taken, where=where
        ):
            # It says why not; the deletion may have been given up by now.
            reservations.admit_node(connection, podm)

    @reads
    def get(
        self, connection: sa.Connection, *, ident: str, project_id: str | None
    ) -> Node:
        return _get(connection, ident, project_id)

    @reads
    def list(
        self, connection: sa.Connection, *, query: api.Query
    ) -> Sequence[Node]:
        rows = pages.page(connection, _table, query, _select)
        return [Node(*row) for row in rows]

    @reads
    def by_system(
        self, connection: sa.Connection, *, podm_ids: Collection[str]
    ) -> dict[tuple[str, str], str]:
        found: dict[tuple[str, str], str] = {}
        for batch in bulk.batches(podm_ids):
            rows = connection.execute(
                sa.select(_table.c.podm_id, _table.c.system_url, _table.c.uuid)
                .where(_table.c.podm_id.in_(batch))
                .where(_table.c.system_url.is_not(None))
            )
            found.update({(podm, url): uuid for podm, url, uuid in rows})
        return found

    @reads
    def count_by_pod_manager(
        self, connection: sa.Connection
    ) -> dict[str, int]:
        rows = connection.execute(
            sa.select(_table.c.podm_id, sa.func.count().label('nodes'))
            .where(_table.c.podm_id.is_not(None))
            .group_by(_table.c.podm_id)
        )
        return {row.podm_id: row.nodes for row in rows}

    @writes
    def update(
        self,
        connection: sa.Connection,
        *,
        uuid: str,
        values: Mapping[str, Any],
    ) -> None:
        statements.update(
            connection,
            _table,
            values,
            by={'uuid': uuid},
            taken=exception.NodeNameTaken(name=values.get('name')),
        )

    @writes
    def update_idle(
        self,
        connection: sa.Connection,
        *,
        uuid: str,
        values: Mapping[str, Any],
    ) -> bool:
        idle = {'uuid': uuid, 'task_uuid': None}
        return statements.update(connection, _table, values, by=idle) > 0

    @writes
    def adopt(
        self,
        connection: sa.Connection,
        *,
        uuid: str,
        resource_uuid: str,
        values: Mapping[str, Any],
    ) -> None:
        wanted = {'uuid': uuid, 'resource_uuid': resource_uuid}
        url = connection.execute(_LOCKED, wanted).scalar()
        if connection.execute(_OTHERS, wanted).first() is not None:
            raise exception.NodeManaged(node=url)
        statements.update(
            connection,
            _table,
            {**values, 'resource_uuid': resource_uuid},
            by={'uuid': uuid},
            taken=exception.NodeNameTaken(name=values.get('name')),
        )

    @writes
    def reserve(
        self,
        connection: sa.Connection,
        *,
        uuid: str,
        task_uuid: str,
        state: str | None = None,
    ) -> None:
        values = {'task_uuid': task_uuid}
        if state is not None:
            values['state'] = state
        free = {'uuid': uuid, 'task_uuid': None}
        if statements.update(connection, _table, values, by=free):
            return
        node = _get(connection, uuid, None)
        raise exception.Busy(kind='Node', name=node.name, task=node.task_uuid)

    @writes
    def delete(self, connection: sa.Connection, *, uuid: str) -> None:
        connection.execute(_table.delete().where(_table.c.uuid == uuid))


def _get(
    connection: sa.Connection, ident: str, project_id: str | None
) -> Node:
    scope = [] if project_id is None else [_table.c.project_id]
    for column in (_table.c.uuid, _table.c.name):
        statement = statements.equal(_select, column, *scope)
        rows = connection.execute(
            statement, {column.name: ident, 'project_id': project_id}
        ).fetchmany(2)
        if len(rows) == 1:
            return Node(*rows[0])
        if rows:
            raise exception.NameNotUnique(kind='node', name=ident)
    raise exception.NodeNotFound(node=ident)


#: Whoever wants the same resource waits for us.
_LOCKED = (
    sa.select(_resources.c.resource_url)
    .where(_resources.c.uuid == sa.bindparam('resource_uuid'))
    .with_for_update()
)
_OTHERS = sa.select(_table.c.id).where(
    _table.c.resource_uuid == sa.bindparam('resource_uuid'),
    _table.c.uuid != sa.bindparam('uuid'),
)
