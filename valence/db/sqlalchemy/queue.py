"""The table of tasks, as workers use it: the queue that loses nothing.

Every write after the claim carries the owner and the attempt, so that a
worker whose lease another one took over changes nothing any more. All times
come from the database's clock.
"""

import contextlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from valence.common.sealing import Keys
from valence.common.states import TaskState
from valence.db import api
from valence.db.sqlalchemy import (
    bulk,
    claims,
    models,
    records,
    statements,
    types,
)
from valence.db.sqlalchemy.scope import Scope, Table, reads, writes
from valence.objects.task import Task

_table = models.tasks
_select = sa.select(*statements.columns(_table))


class Queue(Table, api.Queue):
    def __init__(self, scope: Scope, keys: Keys) -> None:
        super().__init__(scope)
        self._keys = keys

    @writes
    def claim(
        self,
        connection: sa.Connection,
        *,
        topic: str,
        owner: str,
        lease: float,
        limit: int,
        most_long: int,
    ) -> api.Claimed:
        taken = claims.take(
            connection,
            topic=topic,
            owner=owner,
            lease=lease,
            limit=limit,
            most_long=most_long,
        )
        if not taken.ids:
            return api.Claimed((), taken.full, {})
        rows = connection.execute(_BY_IDS, {'ids': taken.ids})
        return api.Claimed(
            tasks=[Task(*row) for row in rows],
            full=taken.full,
            podms={
                row.uuid: records.of_row(row, self._keys)
                for row in taken.podms
            },
        )

    @writes
    def renew(
        self,
        connection: sa.Connection,
        *,
        owner: str,
        uuids: Collection[str],
        lease: float,
    ) -> set[str]:
        held = (
            _table.c.uuid.in_(list(uuids)),
            _table.c.owner == owner,
            _table.c.state == TaskState.RUNNING,
        )
        connection.execute(
            _table.update()
            .where(*held)
            .values(due_at=types.now() + statements.span(lease))
        )
        return set(
            connection.execute(sa.select(_table.c.uuid).where(*held)).scalars()
        )

    @writes
    def hold(self, connection: sa.Connection, *, lease: api.Lease) -> None:
        hold(connection, lease)

    @writes
    def record(
        self,
        connection: sa.Connection,
        *,
        lease: api.Lease,
        values: Mapping[str, Any],
    ) -> None:
        _fenced(connection, lease, values)

    @writes
    def record_many(
        self,
        connection: sa.Connection,
        *,
        records: Sequence[tuple[api.Lease, Mapping[str, Any]]],
    ) -> None:
        for lease, values in records:
            with contextlib.suppress(api.LeaseLost):
                _fenced(connection, lease, values)

    @writes
    def wait(
        self,
        connection: sa.Connection,
        *,
        lease: api.Lease,
        delay: float,
        values: Mapping[str, Any],
        heard: bool = True,
    ) -> None:
        _fenced(
            connection,
            lease,
            {
                **values,
                'state': TaskState.WAITING.value,
                'owner': None,
            },
            now={'due_at': delay},
        )
        if not heard:
            asked = {'uuid': lease.task_uuid, 'cancel_requested': True}
            statements.update(
                connection, _table, {}, by=asked, now={'due_at': 0}
            )

    @writes
    def hand_over(
        self,
        connection: sa.Connection,
        *,
        lease: api.Lease,
        topic: str,
        short: bool,
        values: Mapping[str, Any],
    ) -> None:
        _fenced(
            connection,
            lease,
            {
                **values,
                'state': TaskState.PENDING.value,
                'topic': topic,
                'short': short,
                'owner': None,
            },
            now={'due_at': 0},
        )

    @writes
    def finish(
        self,
        connection: sa.Connection,
        *,
        lease: api.Lease,
        state: str,
        message: str,
        result: Mapping[str, Any] | None = None,
        error: Mapping[str, Any] | None = None,
    ) -> None:
        values: dict[str, Any] = {
            'state': state,
            'message': message,
            'result': result,
            'error': error,
            'due_at': None,
        }
        if state == TaskState.COMPLETED:
            values['percent'] = 100
        _fenced(connection, lease, values, now={'finished_at': 0})

    @writes
    def release(
        self, connection: sa.Connection, *, owner: str, uuids: Sequence[str]
    ) -> None:
        for batch in bulk.batches(uuids):
            connection.execute(
                _table.update()
                .where(
                    _table.c.uuid.in_(batch),
                    _table.c.owner == owner,
                    _table.c.state == TaskState.RUNNING,
                )
                .values(
                    state=TaskState.PENDING.value,
                    owner=None,
                    due_at=types.now(),
                    updated_at=types.now(),
                )
            )

    @reads
    def cancelled(
        self, connection: sa.Connection, *, uuids: Collection[str]
    ) -> set[str]:
        found = connection.execute(
            sa.select(_table.c.uuid).where(
                _table.c.uuid.in_(list(uuids)),
                _table.c.cancel_requested.is_(sa.true()),
            )
        )
        return set(found.scalars())

    @writes
    def wake(self, connection: sa.Connection, *, podm_id: str) -> None:
        waiting = {'state': TaskState.WAITING.value, 'podm_id': podm_id}
        statements.update(
            connection, _table, {}, by=waiting, now={'due_at': 0}
        )


def hold(connection: sa.Connection, lease: api.Lease) -> None:
    """Do what :meth:`valence.db.api.Queue.hold` does."""
    if connection.execute(_HELD, _held(lease)).first() is None:
        raise api.LeaseLost(lease.task_uuid)


def _held(lease: api.Lease) -> Mapping[str, Any]:
    return {
        'uuid': lease.task_uuid,
        'owner': lease.owner,
        'attempt': lease.attempt,
        'state': TaskState.RUNNING.value,
    }


def _fenced(
    connection: sa.Connection,
    lease: api.Lease,
    values: Mapping[str, Any],
    *,
    now: Mapping[str, float] | None = None,
) -> None:
    held = _held(lease)
    if not statements.update(connection, _table, values, by=held, now=now):
        raise api.LeaseLost(lease.task_uuid)


_BY_IDS = _select.where(
    _table.c.id.in_(sa.bindparam('ids', expanding=True))
).order_by(_table.c.id)
_HELD = statements.equal(
    sa.select(_table.c.id),
    _table.c.uuid,
    _table.c.owner,
    _table.c.attempt,
    _table.c.state,
).with_for_update()
