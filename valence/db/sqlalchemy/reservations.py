"""Who has a pod manager's record: the task that syncs it, or deletes it.

A deletion goes before a sync: it takes the record from it, and no sync gives
it free, or changes the status that says so. While it has the record no node
comes to the pod manager; who puts one there locks the record, so that either
the deletion sees the node, or the node does not come.

PostgreSQL has locks for just that, of a row's existence: who puts nodes there
waits for nobody but the deletion. On MariaDB also for who counts the tasks
that run there, or changes the record.
"""

from typing import Any

import sqlalchemy as sa

from valence.common import exception
from valence.common.states import PodManagerStatus as Status
from valence.db.sqlalchemy import models, statements, types

_table = models.pod_managers


def for_sync(connection: sa.Connection, uuid: str, task_uuid: str) -> None:
    """Give the record to a task, if no other one has it.

    :raises PodManagerNotFound, Busy:
    """
    while not _change(connection, _FREE, uuid, task_uuid=task_uuid):
        found = _holder(connection, uuid)
        # It may have been given free in between.
        if found.task_uuid is not None:
            raise _busy(found)


def for_deletion(connection: sa.Connection, uuid: str, task_uuid: str) -> None:
    """Give the record to a task, unless another one deletes it.

    :raises PodManagerNotFound, Busy:
    """
    values = {'task_uuid': task_uuid, 'status': Status.DELETING.value}
    _holder(connection, uuid, _ALONE)
    while not _change(connection, _NOT_DELETING, uuid, **values):
        found = _holder(connection, uuid)
        if found.status == Status.DELETING:
            raise _busy(found)


def free(connection: sa.Connection, uuid: str) -> None:
    """Let no sync have the record any more."""
    _change(connection, _NOT_DELETING, uuid, task_uuid=None)


def renew_status(
    connection: sa.Connection, uuid: str, status: str, reason: str | None
) -> None:
    """Write how a pod manager was found, unless it is being deleted."""
    values = {'status': status, 'status_reason': reason}
    _change(connection, _NOT_DELETING, uuid, **values)


def admit_node(connection: sa.Connection, uuid: str) -> None:
    """Keep a pod manager from being deleted in this transaction.

    :raises PodManagerNotFound, Busy:
    """
    found = _holder(connection, uuid, _SHARED)
    if found.status == Status.DELETING:
        raise _busy(found)


def admitting(uuid: str) -> statements.Where:
    """Give what does the same within the statement that puts the node."""
    return statements.Where(_ADMITTING, {'this': uuid})


def _change(
    connection: sa.Connection,
    condition: sa.ColumnElement[bool],
    uuid: str,
    **values: str | None,
) -> int:
    return connection.execute(
        _table.update()
        .where(_table.c.uuid == uuid, condition)
        .values(updated_at=types.now(), **values)
    ).rowcount


def _holder(
    connection: sa.Connection,
    uuid: str,
    statement: sa.Select[Any] | None = None,
) -> Any:
    """Give name, task and status of a record.

    :raises PodManagerNotFound:
    """
    select = _HOLDER if statement is None else statement
    row = connection.execute(select, {'this': uuid}).first()
    if row is None:
        raise exception.PodManagerNotFound(podm=uuid)
    return row


def _busy(found: Any) -> exception.Busy:
    return exception.Busy(
        kind='Pod Manager', name=found.name, task=found.task_uuid
    )


_FREE = _table.c.task_uuid.is_(None)
_NOT_DELETING = _table.c.status != Status.DELETING.value
_HOLDER = sa.select(_table.c.name, _table.c.task_uuid, _table.c.status).where(
    _table.c.uuid == sa.bindparam('this')
)
_SHARED = _HOLDER.with_for_update(read=True, key_share=True)
_ADMITTING = _SHARED.where(_NOT_DELETING)
_ALONE = _HOLDER.with_for_update()
