"""The table of pod managers."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from valence.common import exception
from valence.common.sealing import Keys
from valence.db import api
from valence.db.sqlalchemy import (
    bulk,
    credentials,
    models,
    pages,
    records,
    reservations,
    statements,
)
from valence.db.sqlalchemy.rounds import Rounds
from valence.db.sqlalchemy.scope import Scope, reads, writes
from valence.objects.pod_manager import PodManager

_table = models.pod_managers
_select = sa.select(*records.COLUMNS)
#: The credentials as text, to tell whether it has been changed.
_stored = sa.type_coerce(_table.c.authentication, sa.Text)


class PodManagers(Rounds, api.PodManagers):
    def __init__(self, scope: Scope, keys: Keys) -> None:
        super().__init__(scope)
        self._keys = keys

    @writes
    def create(
        self, connection: sa.Connection, *, values: Mapping[str, Any]
    ) -> PodManager:
        statements.insert(
            connection,
            _table,
            {
                **self._sealed(values),
                'findings': [],
                'failures': 0,
                'changes': 0,
            },
            taken=exception.DuplicatePodManager(),
        )
        return self._get(connection, values['uuid'])

    @reads
    def get(self, connection: sa.Connection, *, ident: str) -> PodManager:
        return self._get(connection, ident)

    @reads
    def existing(
        self, connection: sa.Connection, *, uuids: Collection[str]
    ) -> set[str]:
        found: set[str] = set()
        for batch in bulk.batches(uuids):
            select = sa.select(_table.c.uuid).where(_table.c.uuid.in_(batch))
            found.update(connection.execute(select).scalars())
        return found

    @reads
    def list(
        self, connection: sa.Connection, *, query: api.Query
    ) -> Sequence[PodManager]:
        rows = pages.page(connection, _table, query, _select)
        return [records.of_row(row, self._keys) for row in rows]

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
            self._sealed(values),
            by={'uuid': uuid},
            taken=exception.DuplicatePodManager(),
        )
        return self._get(connection, uuid)

    @writes
    def renew_status(
        self,
        connection: sa.Connection,
        *,
        uuid: str,
        status: str,
        reason: str | None,
    ) -> PodManager:
        reservations.renew_status(connection, uuid, status, reason)
        return self._get(connection, uuid)

    @writes
    def admit_node(self, connection: sa.Connection, *, uuid: str) -> None:
        reservations.admit_node(connection, uuid)

    @reads
    def key_uses(
        self,
        connection: sa.Connection,
        *,
        after: str | None = None,
        limit: int,
    ) -> Sequence[api.KeyUse]:
        rows = connection.execute(
            sa.select(_table.c.uuid, _table.c.name, _table.c.authentication)
            .where(_table.c.uuid > (after or ''))
            .order_by(_table.c.uuid)
            .limit(limit)
        )
        return [
            api.KeyUse(uuid, name, credentials.key_ids(stored))
            for uuid, name, stored in rows
        ]

    @writes
    def reseal(self, connection: sa.Connection, *, uuid: str) -> bool:
        ring = self._keys()
        this = _table.c.uuid == uuid
        # Until nobody has changed it in between.
        while True:
            found = connection.execute(
                sa.select(_stored, _table.c.authentication).where(this)
            ).first()
            if found is None:
                return False
            before, stored = found
            if credentials.key_ids(stored) <= {ring.ids[0]}:
                return False
            opened = credentials.load(stored, lambda: ring)
            changed = connection.execute(
                _table.update()
                .where(this, _stored == before)
                .values(authentication=credentials.seal(opened, ring))
            )
            if changed.rowcount:
                return True

    @writes
    def delete(self, connection: sa.Connection, *, uuid: str) -> None:
        connection.execute(_table.delete().where(_table.c.uuid == uuid))

    def _sealed(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        given = values.get('authentication')
        if given is None:
            return values
        sealed = credentials.seal(given, self._keys())
        return {**values, 'authentication': sealed}

    def _get(self, connection: sa.Connection, ident: str) -> PodManager:
        for column in (_table.c.uuid, _table.c.name):
            statement = statements.equal(_select, column)
            row = connection.execute(statement, {column.name: ident}).first()
            if row is not None:
                return records.of_row(row, self._keys)
        raise exception.PodManagerNotFound(podm=ident)
