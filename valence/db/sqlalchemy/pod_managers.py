"""The table of pod managers."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from valence.common import exception
from valence.common.periodic import vary
from valence.common.sealing import Keys
from valence.common.states import PodManagerStatus as Status
from valence.db import api
from valence.db.sqlalchemy import credentials, models, statements, types
from valence.db.sqlalchemy.scope import Scope, Table, reads, writes
from valence.objects.pod_manager import PodManager

_table = models.pod_managers
_columns = statements.columns(_table)
_select = sa.select(*_columns)
#: The credentials are the one column that is not given as it is stored.
_SEALED = _columns.index(_table.c.authentication)
#: The same as text, to tell whether it has been changed.
_stored = sa.type_coerce(_table.c.authentication, sa.Text)
#: Share by which the times of many pod managers drift apart.
_JITTER = 0.2


class PodManagers(Table, api.PodManagers):
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
            {**self._sealed(values), 'findings': [], 'failures': 0},
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
        for batch in statements.batches(uuids):
            select = sa.select(_table.c.uuid).where(_table.c.uuid.in_(batch))
            found.update(connection.execute(select).scalars())
        return found

    @reads
    def list(
        self, connection: sa.Connection, *, query: api.Query
    ) -> Sequence[PodManager]:
        rows = statements.page(connection, _table, query, _select)
        return [self._record(row) for row in rows]

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
    def synced(
        self,
        connection: sa.Connection,
        *,
        uuid: str,
        usage: Mapping[str, Any],
        findings: Sequence[Mapping[str, Any]],
        next_in: float,
    ) -> None:
        statements.update(
            connection,
            _table,
            {
                'usage': usage,
                'findings': list(findings),
                'sync_error': None,
                'task_uuid': None,
            },
            by={'uuid': uuid},
            now={'synced_at': 0, 'next_sync_at': vary(next_in, _JITTER)},
        )

    @writes
    def not_synced(
        self,
        connection: sa.Connection,
        *,
        uuid: str,
        error: str,
        next_in: float,
    ) -> None:
        statements.update(
            connection,
            _table,
            {'sync_error': error, 'task_uuid': None},
            by={'uuid': uuid},
            now={'next_sync_at': vary(next_in, _JITTER)},
        )

    @writes
    def unanswered(
        self,
        connection: sa.Connection,
        *,
        uuid: str,
        reason: str,
        most: int,
        pause: float,
    ) -> bool:
        by = {'uuid': uuid}
        connection.execute(
            _table.update()
            .where(_table.c.uuid == uuid)
            .values(failures=_table.c.failures + 1)
        )
        row = connection.execute(
            sa.select(
                _table.c.failures, _table.c.retry_at, _table.c.status
            ).where(_table.c.uuid == uuid)
        ).first()
        if row is None or row.failures < most:
            return False
        values = {'status': _unless_deleting(row.status, Status.OFFLINE)}
        values['status_reason'] = reason
        statements.update(
            connection,
            _table,
            values,
            by=by,
            now={'retry_at': vary(pause, _JITTER)},
        )
        return row.retry_at is None

    @writes
    def answered(self, connection: sa.Connection, *, uuid: str) -> bool:
        row = connection.execute(
            sa.select(_table.c.retry_at, _table.c.status)
            .where(_table.c.uuid == uuid)
            .with_for_update()
        ).first()
        if row is None:
            return False
        values: dict[str, Any] = {'failures': 0, 'retry_at': None}
        by = {'uuid': uuid}
        if row.retry_at is None:
            statements.update(connection, _table, values, by=by)
            return False
        values['status'] = _unless_deleting(row.status, Status.ONLINE)
        values['status_reason'] = None
        # What has become of it meanwhile is seen at once.
        statements.update(
            connection, _table, values, by=by, now={'next_sync_at': 0}
        )
        return True

    @writes
    def take_due_probes(
        self, connection: sa.Connection, *, pause: float, limit: int
    ) -> Sequence[str]:
        uuids = (
            connection.execute(
                sa.select(_table.c.uuid)
                .where(_table.c.retry_at <= types.now())
                .order_by(_table.c.retry_at)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
            .scalars()
            .all()
        )
        for uuid in uuids:
            later = {'retry_at': vary(pause, _JITTER)}
            statements.update(
                connection, _table, {}, by={'uuid': uuid}, now=later
            )
        return uuids

    @writes
    def due_syncs(
        self, connection: sa.Connection, *, limit: int
    ) -> Sequence[str]:
        found = connection.execute(
            sa.select(_table.c.uuid)
            .where(
                _table.c.next_sync_at <= types.now(),
                _table.c.task_uuid.is_(None),
                _table.c.retry_at.is_(None),
            )
            .order_by(_table.c.next_sync_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return found.scalars().all()

    @writes
    def reserve(
        self, connection: sa.Connection, *, uuid: str, task_uuid: str
    ) -> None:
        values = {'task_uuid': task_uuid}
        free = {'uuid': uuid, 'task_uuid': None}
        if statements.update(connection, _table, values, by=free):
            return
        podm = self._get(connection, uuid)
        raise exception.Busy(
            kind='Pod Manager', name=podm.name, task=podm.task_uuid
        )

    @writes
    def delete(self, connection: sa.Connection, *, uuid: str) -> None:
        connection.execute(_table.delete().where(_table.c.uuid == uuid))

    def _sealed(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        given = values.get('authentication')
        if given is None:
            return values
        sealed = credentials.seal(given, self._keys())
        return {**values, 'authentication': sealed}

    def _record(self, row: Sequence[Any]) -> PodManager:
        values = list(row)
        values[_SEALED] = credentials.load(values[_SEALED], self._keys)
        return PodManager(*values)

    def _get(self, connection: sa.Connection, ident: str) -> PodManager:
        for column in (_table.c.uuid, _table.c.name):
            statement = statements.equal(_select, column)
            row = connection.execute(statement, {column.name: ident}).first()
            if row is not None:
                return self._record(row)
        raise exception.PodManagerNotFound(podm=ident)


def _unless_deleting(status: str, then: Status) -> str:
    return status if status == Status.DELETING else then.value
