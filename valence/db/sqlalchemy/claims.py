"""Which tasks a worker may take, and how it takes them.

Rows that are due are locked, oldest first, those of other workers skipped;
then as many as their pod managers have slots for are marked as running. The
records of those pod managers are locked meanwhile, so that two workers that
count at the same time do not both take the last slot.
"""

import collections
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from valence.common.states import TaskState
from valence.db.sqlalchemy import models, records, statements, types

_table = models.tasks
_podms = models.pod_managers

#: Looks past pod managers without a free slot, in one claim.
_MOST_LOOKS = 8


@dataclass(slots=True)
class Picked:
    """:ivar ids: of the tasks that may be taken.

    :ivar longs: how many of them are not short.
    :ivar full: pod managers without a slot for more.
    :ivar podms: the rows of their pod managers, as ``records`` takes them.
    """

    ids: list[int] = field(default_factory=list)
    longs: int = 0
    full: set[str] = field(default_factory=set)
    podms: list[Any] = field(default_factory=list)


def take(
    connection: sa.Connection,
    *,
    topic: str,
    owner: str,
    lease: float,
    limit: int,
    most_long: int,
) -> Picked:
    """Mark due tasks as the owner's; see :meth:`valence.db.api.Tasks.claim`.

    :returns: what was taken.
    """
    taken = Picked()
    for _look in range(_MOST_LOOKS):
        free = limit - len(taken.ids)
        picked = _pick(
            connection, topic, free, most_long=most_long, full=taken.full
        )
        if picked.ids:
            connection.execute(
                _CLAIM,
                {
                    'owner_': owner,
                    'lease': statements.span(lease),
                    'ids': picked.ids,
                },
            )
        taken.ids += picked.ids
        taken.podms += picked.podms
        most_long -= picked.longs
        if not picked.full or len(taken.ids) == limit:
            break
        taken.full |= picked.full | set(_all_full(connection))
    return taken


def _pick(
    connection: sa.Connection,
    topic: str,
    free: int,
    *,
    most_long: int,
    full: Collection[str],
) -> Picked:
    """Lock tasks that are due: first the short ones, then the others."""
    rows = _due(connection, topic, True, free, full)
    left = min(free - len(rows), most_long)
    if left > 0:
        rows += _due(connection, topic, False, left, full)
    return _within_slots(connection, rows)


def _due(
    connection: sa.Connection,
    topic: str,
    short: bool,
    most: int,
    full: Collection[str],
) -> list[Any]:
    values = {'topic': topic, 'short': short, 'most': most}
    if not full:
        return list(connection.execute(DUE, values))
    return list(connection.execute(_DUE_ELSEWHERE, {**values, 'full': full}))


def _within_slots(connection: sa.Connection, rows: Sequence[Any]) -> Picked:
    """Leave out what its pod manager has no slot for."""
    podm_ids = sorted({row.podm_id for row in rows} - {None})
    podms, slots = _free_slots(connection, podm_ids)
    picked = Picked(podms=podms)
    for row in rows:
        # One that is stopped before it began touches no pod manager.
        if row.podm_id in slots and not row.stillborn:
            if slots[row.podm_id] <= 0:
                picked.full.add(row.podm_id)
                continue
            slots[row.podm_id] -= 1
        picked.ids.append(row.id)
        picked.longs += not row.short
    return picked


def _free_slots(
    connection: sa.Connection, podm_ids: Sequence[str]
) -> tuple[list[Any], dict[str, int]]:
    """Give the rows of pod managers, which stay locked, and free slots."""
    if not podm_ids:
        return [], {}
    values = {'podm_ids': podm_ids}
    podms = list(connection.execute(_PODMS, values))
    # Not in one statement: it would count as things were before it had to
    # wait for the lock.
    running = collections.Counter(
        {row.podm_id: row.running for row in connection.execute(_USED, values)}
    )
    return podms, {
        row.uuid: row.max_tasks - running[row.uuid] for row in podms
    }


def _all_full(connection: sa.Connection) -> Sequence[str]:
    return connection.execute(_FULL).scalars().all()


_is_stopped = _table.c.cancel_requested.is_(sa.true()) | (
    _table.c.deadline_at <= types.now()
)
_stillborn = (_table.c.attempt == 0) & sa.func.coalesce(
    _is_stopped, sa.false()
)
_runs = (
    _table.c.state == TaskState.RUNNING.value,
    _table.c.due_at > types.now(),
)
# Built once: the hottest statements of all. SQLite has no row locks; its one
# writer at a time makes up for them.
DUE = (
    sa.select(
        _table.c.id,
        _table.c.podm_id,
        _table.c.short,
        _stillborn.label('stillborn'),
    )
    .where(
        _table.c.topic == sa.bindparam('topic'),
        _table.c.short == sa.bindparam('short', type_=sa.Boolean()),
        _table.c.due_at <= types.now(),
    )
    .order_by(_table.c.due_at)
    .limit(sa.bindparam('most'))
    .with_for_update(skip_locked=True)
)
_DUE_ELSEWHERE = DUE.where(
    _table.c.podm_id.is_(None)
    | _table.c.podm_id.not_in(sa.bindparam('full', expanding=True))
    | _stillborn
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
# All of them: who takes the tasks needs no more reads for that.
_PODMS = (
    sa.select(*records.COLUMNS)
    .where(_podms.c.uuid.in_(sa.bindparam('podm_ids', expanding=True)))
    # In the same order by all, so that none wait for each other.
    .order_by(_podms.c.id)
    # See reservations: who puts nodes there does not wait for this.
    .with_for_update(key_share=True)
)
_USED = (
    sa.select(_table.c.podm_id, sa.func.count().label('running'))
    .where(
        *_runs, _table.c.podm_id.in_(sa.bindparam('podm_ids', expanding=True))
    )
    .group_by(_table.c.podm_id)
)
_FULL = (
    sa.select(_table.c.podm_id)
    .join(_podms, _podms.c.uuid == _table.c.podm_id)
    .where(*_runs)
    .group_by(_table.c.podm_id, _podms.c.max_tasks)
    .having(sa.func.count() >= _podms.c.max_tasks)
)
