"""The table of tasks: the queue that loses nothing.

Every write after the claim carries the owner and the attempt, so that a
worker whose lease another one took over changes nothing any more. All times
come from the database's clock.
"""

import contextlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from valence.common import exception, states
from valence.common.states import TaskState
from valence.db import api
from valence.db.sqlalchemy import models, statements, types
from valence.db.sqlalchemy.scope import Table, reads, writes
from valence.objects.task import NewTask, Task

_table = models.tasks
_select = sa.select(*statements.columns(_table))
_ENDED = sorted(states.ENDED)


class Tasks(Table, api.Tasks):
    @writes
    def create(self, connection: sa.Connection, *, task: NewTask) -> None:
        values = {
            name: getattr(task, name) for name in NewTask.__dataclass_fields__
        }
        statements.insert(
            connection,
            _table,
            {
                **values,
                'state': TaskState.PENDING.value,
                'percent': 0,
                'memo': {},
                'attempt': 0,
            },
            now=('due_at',),
        )

    @reads
    def get(
        self,
        connection: sa.Connection,
        *,
        uuid: str,
        project_id: str | None = None,
    ) -> Task:
        scope = [] if project_id is None else [_table.c.project_id]
        row = connection.execute(
            statements.equal(_select, _table.c.uuid, *scope),
            {'uuid': uuid, 'project_id': project_id},
        ).first()
        if row is None:
            raise exception.TaskNotFound(task=uuid)
        return Task(*row)

    @reads
    def list(
        self, connection: sa.Connection, *, query: api.Query
    ) -> Sequence[Task]:
        rows = statements.page(connection, _table, query, _select)
        return [Task(*row) for row in rows]

    @reads
    def ended(
        self, connection: sa.Connection, *, uuids: Collection[str]
    ) -> set[str]:
        running = connection.execute(
            sa.select(_table.c.uuid).where(
                _table.c.uuid.in_(list(uuids)),
                _table.c.state.not_in(_ENDED),
            )
        ).scalars()
        return set(uuids) - set(running)

    @writes
    def claim(
        self,
        connection: sa.Connection,
        *,
        topic: str,
        owner: str,
        lease: float,
        limit: int,
    ) -> Sequence[Task]:
        ids = (
            connection.execute(_DUE, {'topic': topic, 'most': limit})
            .scalars()
            .all()
        )
        if not ids:
            return []
        connection.execute(
            _CLAIM,
            {'owner_': owner, 'lease': statements.span(lease), 'ids': ids},
        )
        rows = connection.execute(_BY_IDS, {'ids': ids})
        return [Task(*row) for row in rows]

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

    @writes
    def hand_over(
        self,
        connection: sa.Connection,
        *,
        lease: api.Lease,
        topic: str,
        values: Mapping[str, Any],
    ) -> None:
        _fenced(
            connection,
            lease,
            {
                **values,
                'state': TaskState.PENDING.value,
                'topic': topic,
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
        for batch in statements.batches(uuids):
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

    @writes
    def delete(self, connection: sa.Connection, *, uuid: str) -> None:
        done = connection.execute(
            _table.delete().where(
                _table.c.uuid == uuid, _table.c.state.in_(_ENDED)
            )
        )
        if done.rowcount:
            return
        row = connection.execute(
            sa.select(_table.c.state).where(_table.c.uuid == uuid)
        ).first()
        if row is None:
            raise exception.TaskNotFound(task=uuid)
        raise exception.TaskNotEnded(
            task=uuid, status=states.TASK_STATUS[row.state]
        )


def _fenced(
    connection: sa.Connection,
    lease: api.Lease,
    values: Mapping[str, Any],
    *,
    now: Mapping[str, float] | None = None,
) -> None:
    ours = {
        'uuid': lease.task_uuid,
        'owner': lease.owner,
        'attempt': lease.attempt,
        'state': TaskState.RUNNING.value,
    }
    if not statements.update(connection, _table, values, by=ours, now=now):
        raise api.LeaseLost(lease.task_uuid)


_BY_IDS = _select.where(
    _table.c.id.in_(sa.bindparam('ids', expanding=True))
).order_by(_table.c.id)
# Built once: the hottest statements of all. SQLite has no row locks; its one
# writer at a time makes up for them.
_DUE = (
    sa.select(_table.c.id)
    .where(
        _table.c.topic == sa.bindparam('topic'),
        _table.c.due_at <= types.now(),
    )
    .order_by(_table.c.due_at)
    .limit(sa.bindparam('most'))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    _table.update()
    .where(_table.c.id.in_(sa.bindparam('ids', expanding=True)))
    .values(
        state=TaskState.RUNNING.value,
        owner=sa.bindparam('owner_'),
        attempt=_table.c.attempt + 1,
        due_at=types.now() + sa.bindparam('lease', type_=sa.BigInteger),
        started_at=sa.func.coalesce(_table.c.started_at, types.now()),
        updated_at=types.now(),
    )
)
