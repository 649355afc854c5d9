"""Syncs of pod managers, asked for one by one, or many with one request.

Each is a task of its own. One that is going on already is not begun again,
so that it does no harm to ask twice.
"""

import time
from collections.abc import Sequence
from typing import Any

from valence.api import asynchronous
from valence.api.deps import Deps
from valence.api.request import Answer, Request
from valence.common import exception, states
from valence.common.batched import batched
from valence.conductor import rpcapi as conductor
from valence.db.api import Query, Tables
from valence.objects.pod_manager import PodManager
from valence.objects.task import NewTask

ACTION = 'sync_pod_manager'

#: Tasks that are written in one transaction.
_BATCH = 50

_IN_PROGRESS = states.TASK_STATUS[states.TaskState.PENDING]
#: In the words of the former Valence.
_SUCCESS, _FAILED = 'SUCCESS', 'FAILED'

Record = dict[str, Any]


def new_task(req: Request, podm_id: str) -> NewTask:
    """Make a task that syncs a pod manager."""
    return asynchronous.new_task(
        req,
        action=ACTION,
        topic=conductor.TOPIC,
        request={},
        podm_id=podm_id,
        resource_type='pod_manager',
        resource_uuid=podm_id,
    )


def answer(deps: Deps, req: Request, podms: Sequence[PodManager]) -> Answer:
    """Have pod managers synced, and tell of each how far that is.

    Waits for the end of all, as was preferred.

    :raises TooManyTasks: if not even the first can be.
    """
    begun: list[Record] = []
    for batch in batched(podms, _BATCH):
        try:
            begun += _begin(deps, req, batch)
        except exception.TooManyTasks as error:
            if not begun:
                raise
            begun += [_shown(podm.uuid, None, error) for podm in batch]
    uuids = [each['task_uuid'] for each in begun if each['task_uuid']]
    done = _wait(deps, uuids, min(req.prefer_wait, deps.max_wait))
    headers = {'Preference-Applied': 'wait'} if done else {}
    ended = _ended(deps, uuids) if req.prefer_wait else {}
    shown = [{**each, **ended.get(each['task_uuid'], {})} for each in begun]
    return Answer(shown, headers=headers)


def _begin(
    deps: Deps, req: Request, podms: Sequence[PodManager]
) -> list[Record]:
    """Write the tasks of some pod managers; tell of each which it is."""
    tasks = {podm.uuid: new_task(req, podm.uuid) for podm in podms}

    def reserve(tables: Tables, task: NewTask) -> None:
        tables.pod_managers.reserve(
            uuid=task.podm_id or '', task_uuid=task.uuid
        )

    refused = deps.submitter.submit_some(
        conductor.TOPIC, list(tasks.values()), reserve
    )
    return [
        _begun(deps, podm_id, task, refused.get(task.uuid))
        for podm_id, task in tasks.items()
    ]


def _begun(
    deps: Deps,
    podm_id: str,
    task: NewTask,
    error: exception.ValenceError | None,
) -> Record:
    if error is None:
        return _shown(podm_id, task.uuid)
    return _shown(podm_id, same_work(deps, error), error)


def _shown(
    podm_id: str,
    task_uuid: str | None,
    error: exception.ValenceError | None = None,
) -> Record:
    """Tell of a task that goes on; without one, why there is none."""
    if task_uuid is not None:
        error = None
    return {
        'podm_id': podm_id,
        'status': _IN_PROGRESS if error is None else _FAILED,
        'task_uuid': task_uuid,
        'detail': error and error.detail,
    }


def same_work(deps: Deps, error: exception.ValenceError) -> str | None:
    """Give the task that is in the way, if it does the same."""
    uuid: str | None = error.kwargs.get('task')
    if uuid is None:
        return None
    try:
        other = deps.database.tasks.get(uuid=uuid)
    except exception.TaskNotFound:
        return None
    return uuid if other.action == ACTION else None


def _wait(deps: Deps, uuids: Sequence[str], seconds: float) -> bool:
    """Wait for the end of tasks; tell whether all have ended."""
    until = time.monotonic() + seconds
    left = list(uuids)
    while left:
        if not deps.waiter.wait(left[0], until - time.monotonic()):
            return False
        ended = deps.database.tasks.ended(uuids=left)
        left = [uuid for uuid in left if uuid not in ended]
    return seconds > 0


def _ended(deps: Deps, uuids: Sequence[str]) -> dict[str, Record]:
    """Give how those of some tasks ended that have, by their uuids."""
    if not uuids:
        return {}
    query = Query(filters={'uuid': list(uuids)})
    return {
        task.uuid: {
            'status': (
                _SUCCESS
                if task.state == states.TaskState.COMPLETED
                else _FAILED
            ),
            'detail': task.error and task.error.get('detail'),
        }
        for task in deps.database.tasks.list(query=query)
        if task.ended
    }
