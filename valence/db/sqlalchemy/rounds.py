"""The table of pod managers, as those see it who go their rounds.

Who is there, who is left alone for how long, whose sync is due and who has
the record. What is known of a pod manager is in ``pod_managers``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from valence.common.periodic import vary
from valence.common.states import PodManagerStatus as Status
from valence.db.sqlalchemy import (
    events,
    models,
    reservations,
    statements,
    types,
)
from valence.db.sqlalchemy.scope import Table, reads, writes

_table = models.pod_managers
#: Share by which the times of many pod managers drift apart.
_JITTER = 0.2


class Rounds(Table):
    """Half of :class:`valence.db.api.PodManagers`, which tells of it."""

    @writes
    def synced(
        self,
        connection: sa.Connection,
        *,
        uuid: str,
        usage: Mapping[str, Any],
        findings: Sequence[Mapping[str, Any]],
        next_in: float,
        error: str | None = None,
    ) -> None:
        values = {
            'usage': usage,
            'findings': list(findings),
            'sync_error': error,
        }
        _end_sync(connection, uuid, values, {'synced_at': 0}, next_in)

    @writes
    def not_synced(
        self,
        connection: sa.Connection,
        *,
        uuid: str,
        error: str,
        next_in: float,
    ) -> None:
        _end_sync(connection, uuid, {'sync_error': error}, {}, next_in)

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
    def note_change(self, connection: sa.Connection, *, uuid: str) -> None:
        connection.execute(
            _table.update()
            .where(_table.c.uuid == uuid)
            .values(changes=_table.c.changes + 1)
        )

    @reads
    def event_digest(
        self, connection: sa.Connection, *, uuid: str
    ) -> str | None:
        return events.digest(connection, uuid)

    @writes
    def note_event(
        self,
        connection: sa.Connection,
        *,
        uuid: str,
        syncs: bool,
        interval: float,
    ) -> float:
        return events.note(
            connection, uuid=uuid, syncs=syncs, interval=interval
        )

    @writes
    def take_due_events(
        self, connection: sa.Connection, *, limit: int
    ) -> Sequence[str]:
        return events.take_due(connection, limit=limit)

    @writes
    def take_due_probes(
        self, connection: sa.Connection, *, pause: float, limit: int
    ) -> Sequence[str]:
        uuids = statements.due(connection, _table.c.retry_at, limit=limit)
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
        return statements.due(
            connection,
            _table.c.next_sync_at,
            _table.c.task_uuid.is_(None),
            _table.c.retry_at.is_(None),
            # Else an event that comes now would be the first of another
            # interval, and the sync one too many.
            sa.or_(
                _table.c.event_due_at.is_(None),
                _table.c.event_due_at > types.now(),
            ),
            limit=limit,
        )

    @writes
    def reserve(
        self, connection: sa.Connection, *, uuid: str, task_uuid: str
    ) -> None:
        reservations.for_sync(connection, uuid, task_uuid)

    @writes
    def reserve_deletion(
        self, connection: sa.Connection, *, uuid: str, task_uuid: str
    ) -> None:
        reservations.for_deletion(connection, uuid, task_uuid)


def _end_sync(
    connection: sa.Connection,
    uuid: str,
    values: Mapping[str, Any],
    now: Mapping[str, float],
    next_in: float,
) -> None:
    """Write what a sync came to; the next one is not later than is wanted."""
    wanted = events.wanted_sync(connection, uuid)
    if wanted is None:
        now = {**now, 'next_sync_at': vary(next_in, _JITTER)}
    else:
        values = {**values, 'next_sync_at': wanted}
    statements.update(connection, _table, values, by={'uuid': uuid}, now=now)
    reservations.free(connection, uuid)


def _unless_deleting(status: str, then: Status) -> str:
    return status if status == Status.DELETING else then.value
