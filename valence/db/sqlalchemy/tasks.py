"""The table of tasks, as those see it who ask for them."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from valence.common import exception, states
from valence.common.states import TaskState
from valence.db import api
from valence.db.sqlalchemy import bulk, models, pages, statements, types
from valence.db.sqlalchemy.queue import Queue
from valence.db.sqlalchemy.scope import reads, writes
from valence.objects.task import NewTask, Task

_table = models.tasks
_select = sa.select(*statements.columns(_table))
_ENDED = sorted(states.ENDED)
_OPEN = sorted(set(TaskState) - states.ENDED)
#: What a new task says by itself; its deadline is told from the clock.
_GIVEN = sorted(NewTask.__dataclass_fields__.keys() - {'deadline'})


class Tasks(Queue, api.Tasks):
    @writes
    def create(self, connection: sa.Connection, *, task: NewTask) -> None:
        values = {name: getattr(task, name) for name in _GIVEN}
        times = {'due_at': 0.0}
        if task.deadline is not None:
            times['deadline_at'] = task.deadline
        statements.insert(
            connection,
            _table,
            {
                **values,
                'state': TaskState.PENDING.value,
                'percent': 0,
                'memo': {},
                'attempt': 0,
                'cancel_requested': False,
            },
            now=times,
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
        rows = pages.page(connection, _table, query, _select)
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
    def cancel(self, connection: sa.Connection, *, uuid: str) -> None:
        if connection.execute(_CANCEL, {'uuid_': uuid}).rowcount:
            return
        raise exception.TaskEnded(
            task=uuid, status=states.TASK_STATUS[_state(connection, uuid)]
        )

    @reads
    def count_open(self, connection: sa.Connection, *, most: int) -> int:
        return _count(connection, most, _table.c.state.in_(_OPEN))

    @reads
    def count_pending(
        self, connection: sa.Connection, *, topic: str, most: int
    ) -> int:
        return _count(
            connection,
            most,
            _table.c.state == TaskState.PENDING.value,
            _table.c.topic == topic,
        )

    @writes
    def forget(
        self, connection: sa.Connection, *, action: str, resource_uuid: str
    ) -> None:
        connection.execute(
            _table.delete().where(
                _table.c.resource_uuid == resource_uuid,
                _table.c.action == action,
                _table.c.request_id.is_(None),
                _table.c.state.in_(_ENDED),
            )
        )

    @writes
    def purge(
        self, connection: sa.Connection, *, age: float, limit: int
    ) -> int:
        return bulk.purge(
            connection,
            _table,
            _table.c.finished_at < types.now() - statements.span(age),
            _table.c.state.in_(_ENDED),
            age=age,
            limit=limit,
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
        raise exception.TaskNotEnded(
            task=uuid, status=states.TASK_STATUS[_state(connection, uuid)]
        )


def _count(
    connection: sa.Connection, most: int, *conditions: sa.ColumnElement[bool]
) -> int:
    some = sa.select(_table.c.id).where(*conditions).limit(most).subquery()
    counted: int = connection.execute(
        sa.select(sa.func.count()).select_from(some)
    ).scalar_one()
    return counted


def _state(connection: sa.Connection, uuid: str) -> TaskState:
    """Give the state of a task.

    :raises TaskNotFound:
    """
    state = connection.execute(
        sa.select(_table.c.state).where(_table.c.uuid == uuid)
    ).scalar()
    if state is None:
        raise exception.TaskNotFound(task=uuid)
    return TaskState(state)


# One statement: the task may be claimed, or put to wait, at the same time.
_CANCEL = (
    _table.update()
    .where(_table.c.uuid == sa.bindparam('uuid_'), _table.c.state.in_(_OPEN))
    .values(
        cancel_requested=sa.true(),
        # Whatever it waits for, somebody is to stop it now.
        due_at=sa.case(
            (_table.c.state == TaskState.RUNNING.value, _table.c.due_at),
            else_=types.now(),
        ),
        updated_at=types.now(),
    )
)
