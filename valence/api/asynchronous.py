"""The answer to a request that a task carries out."""

from collections.abc import Callable, Mapping
from typing import Any

from oslo_utils import uuidutils

from valence.api import idempotency
from valence.api.deps import Deps
from valence.api.request import Answer, Request
from valence.common import exception
from valence.common.states import TaskState
from valence.db.api import Tables
from valence.objects.task import NewTask, Task


def new_task(req: Request, **values: Any) -> NewTask:
    """Make a task on behalf of whom the request comes from."""
    ctxt = req.ctxt
    return NewTask(
        uuid=uuidutils.generate_uuid(),
        project_id=ctxt.project_id,
        user_id=ctxt.user_id,
        request_id=ctxt.request_id,
        deadline=req.deadline,
        **values,
    )


def submit(
    deps: Deps,
    req: Request,
    task: NewTask,
    *,
    brief: Mapping[str, Any] | None = None,
    full: Callable[[], Any],
    also: Callable[[Tables], object] | None = None,
) -> Answer:
    """Write a task and answer 202, or wait for its end as was preferred.

    :param brief: what the 202 says of the resource; without it a
        confirmation.
    :param full: gives the body of the 200, once the task is completed.
    :param also: as of Submitter.submit.
    :raises TaskFailed: the task's own error, when it was waited for.
    """
    body = {**(brief or _accepted(req)), 'task_uuid': task.uuid}
    key = idempotency.key_of(req, task.uuid, body)
    deps.submitter.submit(task, also, key=key)
    return _answer(deps, req, task.uuid, body, full)


def join(
    deps: Deps, req: Request, task_uuid: str, full: Callable[[], Any]
) -> Answer:
    """Answer with a task that goes on, as if the request had made it.

    :param full: as of :func:`submit`.
    :raises TaskFailed: as of :func:`submit`.
    """
    body = {**_accepted(req), 'task_uuid': task_uuid}
    key = idempotency.key_of(req, task_uuid, body)
    if key is not None:
        deps.database.idempotency_keys.add(key=key)
    return _answer(deps, req, task_uuid, body, full)


def _answer(
    deps: Deps,
    req: Request,
    task_uuid: str,
    body: Mapping[str, Any],
    full: Callable[[], Any],
) -> Answer:
    seconds = min(req.prefer_wait, deps.max_wait)
    if deps.waiter.wait(task_uuid, seconds):
        ended = deps.database.tasks.get(uuid=task_uuid)
        raise_if_failed(ended)
        return Answer(full(), headers={'Preference-Applied': 'wait'})
    return Answer(
        body, status=202, headers={'Location': f'/v1/tasks/{task_uuid}'}
    )


def confirmation(req: Request, code: str, detail: str) -> dict[str, Any]:
    """Give the body of an answer that has no record to show."""
    return {
        'code': code,
        'detail': detail,
        'request_id': req.ctxt.request_id,
    }


def raise_if_failed(task: Task) -> None:
    """Raise the error of a task that did not complete."""
    if task.state == TaskState.COMPLETED:
        return
    raise exception.TaskFailed(error=task.error)


def _accepted(req: Request) -> dict[str, Any]:
    return confirmation(
        req, 'ACCEPTED', 'The request was accepted; its task tells the rest.'
    )
