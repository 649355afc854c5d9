"""The table of pod managers."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from valence.common import exception
from valence.db import api
from valence.db.sqlalchemy import models, statements
from valence.db.sqlalchemy.scope import Table, reads, writes
from valence.objects.pod_manager import PodManager

_table = models.pod_managers
_select = sa.select(*statements.columns(_table))


class PodManagers(Table, api.PodManagers):
    @writes
    def create(
        self, connection: sa.Connection, *, values: Mapping[str, Any]
    ) -> PodManager:
        statements.insert(
            connection, _table, values, taken=exception.DuplicatePodManager()
        )
        return _get(connection, values['uuid'])

    @reads
    def get(self, connection: sa.Connection, *, ident: str) -> PodManager:
        return _get(connection, ident)

    @reads
    def list(
        self, connection: sa.Connection, *, query: api.Query
    ) -> Sequence[PodManager]:
        rows = statements.page(connection, _table, query, _select)
        return [PodManager(*row) for row in rows]

    @writes
    def update(
        self,
        connection: sa.Connection,
        *,
        uuid: str,
        values: Mapping[str, Any],
    ) -> PodManager:
        statements.update(
            connection,
            _table,
            values,
            by={'uuid': uuid},
            taken=exception.DuplicatePodManager(),
        )
        return _get(connection, uuid)

    @writes
    def synced(
        self,
        connection: sa.Connection,
        *,
        uuid: str,
        usage: Mapping[str, Any],
    ) -> None:
        statements.update(
            connection,
            _table,
            {'usage': usage, 'sync_error': None, 'task_uuid': None},
            by={'uuid': uuid},
            now={'synced_at': 0},
        )

    @writes
    def reserve(
        self, connection: sa.Connection, *, uuid: str, task_uuid: str
    ) -> None:
        values = {'task_uuid': task_uuid}
        free = {'uuid': uuid, 'task_uuid': None}
        if statements.update(connection, _table, values, by=free):
            return
        podm = _get(connection, uuid)
        raise exception.Busy(
            kind='Pod Manager', name=podm.name, task=podm.task_uuid
        )

    @writes
    def delete(self, connection: sa.Connection, *, uuid: str) -> None:
        connection.execute(_table.delete().where(_table.c.uuid == uuid))


def _get(connection: sa.Connection, ident: str) -> PodManager:
    for column in (_table.c.uuid, _table.c.name):
        statement = statements.equal(_select, column)
        row = connection.execute(statement, {column.name: ident}).first()
        if row is not None:
            return PodManager(*row)
    raise exception.PodManagerNotFound(podm=ident)
