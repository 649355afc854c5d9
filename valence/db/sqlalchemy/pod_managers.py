"""The table of pod managers."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from oslo_db import exception as db_exception

from valence.common import exception
from valence.db import api
from valence.db.sqlalchemy import models, statements, types
from valence.db.sqlalchemy.engine import Table, reads, writes
from valence.objects.pod_manager import PodManager

_table = models.pod_managers
_select = sa.select(*statements.columns(_table))


class PodManagers(Table, api.PodManagers):
    @writes
    def create(
        self, connection: sa.Connection, *, values: Mapping[str, Any]
    ) -> PodManager:
        try:
            connection.execute(
                _table.insert().values(statements.stamped(values))
            )
        except db_exception.DBDuplicateEntry as error:
            raise exception.DuplicatePodManager() from error
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
        try:
            connection.execute(
                _table.update()
                .where(_table.c.uuid == uuid)
                .values(statements.touched(values))
            )
        except db_exception.DBDuplicateEntry as error:
            raise exception.DuplicatePodManager() from error
        return _get(connection, uuid)

    @writes
    def synced(
        self,
        connection: sa.Connection,
        *,
        uuid: str,
        usage: Mapping[str, Any],
    ) -> None:
        connection.execute(
            _table.update()
            .where(_table.c.uuid == uuid)
            .values(
                **statements.touched({'usage': usage, 'task_uuid': None}),
                synced_at=types.now(),
                sync_error=None,
            )
        )

    @writes
    def reserve(
        self, connection: sa.Connection, *, uuid: str, task_uuid: str
    ) -> None:
        done = connection.execute(
            _table.update()
            .where(_table.c.uuid == uuid, _table.c.task_uuid.is_(None))
            .values(statements.touched({'task_uuid': task_uuid}))
        )
        if done.rowcount:
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
        row = connection.execute(_select.where(column == ident)).first()
        if row is not None:
            return PodManager(*row)
    raise exception.PodManagerNotFound(podm=ident)
