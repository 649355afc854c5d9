"""What an event of a pod manager does to its record.

Of many events only so many have an effect: the first at once, and those that
come too soon after it all together, at the end of the interval. Who decides
is the database, by its clock and in one statement, for all processes alike.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from valence.db.sqlalchemy import bulk, models, statements, types

_table = models.pod_managers
_tasks = models.tasks


_digest = sa.select(_table.c.event_digest).where(
    _table.c.uuid == sa.bindparam('this')
)


def digest(connection: sa.Connection, uuid: str) -> str | None:
    found: str | None = connection.execute(_digest, {'this': uuid}).scalar()
    return found


def note(
    connection: sa.Connection, *, uuid: str, syncs: bool, interval: float
) -> float:
    """Have an event take effect, now or later.

    :returns: seconds for which another one of the kind need not be noted,
        since it takes effect at the end of them.
    """
    span = statements.span(interval)
    now = types.now()
    values: dict[str, Any] = {
        'changes': _table.c.changes + 1,
        'event_at': now,
        'event_due_at': None,
    }
    if syncs:
        values |= {'next_sync_at': now, 'sync_wanted_at': now}
    accepted = connection.execute(
        _table.update()
        .where(
            _table.c.uuid == uuid,
            sa.or_(
                _table.c.event_at.is_(None),
                _table.c.event_at <= now - span,
            ),
        )
        .values(values)
    )
    if accepted.rowcount:
        return 0.0
    return _note_later(connection, uuid, syncs, span)


def _note_later(
    connection: sa.Connection, uuid: str, syncs: bool, span: int
) -> float:
    due = _table.c.event_at + span
    values: dict[str, Any] = {'event_due_at': due}
    lacks: sa.ColumnElement[bool] = _table.c.event_due_at.is_(None)
    if syncs:
        # A sync that begins just then, by the clock, comes after the event.
        wanted = due - 1
        lacks = sa.or_(
            lacks,
            _table.c.sync_wanted_at.is_(None),
            _table.c.sync_wanted_at < wanted,
        )
        values['sync_wanted_at'] = wanted
        values['next_sync_at'] = sa.case(
            (_table.c.next_sync_at <= due, _table.c.next_sync_at), else_=due
        )
    connection.execute(
        _table.update().where(_table.c.uuid == uuid, lacks).values(values)
    )
    left = connection.execute(
        sa.select(_table.c.event_due_at - types.now()).where(
            _table.c.uuid == uuid
        )
    ).scalar()
    return max(0.0, (left or 0) / 1_000_000)


def take_due(connection: sa.Connection, *, limit: int) -> Sequence[str]:
    """Have those events take effect whose time has come."""
    uuids = statements.due(connection, _table.c.event_due_at, limit=limit)
    for batch in bulk.batches(uuids):
        connection.execute(
            _table.update()
            .where(_table.c.uuid.in_(batch))
            .values(
                changes=_table.c.changes + 1,
                event_at=types.now(),
                event_due_at=None,
            )
        )
    return uuids


def wanted_sync(connection: sa.Connection, uuid: str) -> int | None:
    """Give when an event wants another sync than the one that ends.

    That one may have passed what changed. The record is locked, so that no
    event comes in between.
    """
    columns = ('task_uuid', 'next_sync_at', 'sync_wanted_at')
    row = connection.execute(
        sa.select(*(_table.c[name] for name in columns))
        .where(_table.c.uuid == uuid)
        .with_for_update()
    ).first()
    if row is None or row.sync_wanted_at is None or row.task_uuid is None:
        return None
    began: int | None = connection.execute(
        sa.select(_tasks.c.created_at).where(_tasks.c.uuid == row.task_uuid)
    ).scalar()
    if began is None or row.sync_wanted_at < began:
        return None
    # What was due before it began is what it was for.
    times = (row.next_sync_at or 0, row.sync_wanted_at)
    return min(time for time in times if time >= began)
