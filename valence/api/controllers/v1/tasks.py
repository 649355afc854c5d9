"""Tasks: read from the database directly, so that polling is cheap and goes
on while workers or the bus are away.
"""

from typing import Any

from valence.api import asynchronous, idempotency, lists
from valence.api.controllers.base import Controller
from valence.api.deps import Deps
from valence.api.expose import expose
from valence.api.request import Answer, Request
from valence.common import exception, states
from valence.db.api import Query

_FILTERS = (
    'action',
    'podm_id',
    'project_id',
    'resource_type',
    'resource_uuid',
    'state',
    'status',
)


class TasksController(Controller):
    item = 'task'

    def __init__(self, deps: Deps) -> None:
        super().__init__(deps)
        self.item_children = {'cancel': CancelController(deps)}

    @expose('valence:tasks:list')
    def get_all(self, *, req: Request) -> Answer:
        query = lists.read_query(
            req,
            filters=_FILTERS,
            sort_keys=('action', 'updated_at'),
            max_limit=self.deps.max_limit,
        )
        _translate_status(query['filters'])
        if req.project_id is not None:
            query['filters']['project_id'] = req.project_id
        tasks = self.deps.database.tasks.list(query=Query(**query))
        return lists.answer(req, [task.as_dict() for task in tasks], query)

    @expose('valence:tasks:get')
    def get_one(self, task: str, *, req: Request) -> Any:
        found = self.deps.database.tasks.get(
            uuid=task, project_id=req.project_id
        )
        seconds = _seconds(req)
        if seconds and not found.ended:
            wait = min(seconds, self.deps.max_wait)
            self.deps.waiter.wait(task, wait)
            found = self.deps.database.tasks.get(
                uuid=task, project_id=req.project_id
            )
        return found.as_dict()

    @expose('valence:tasks:delete')
    def delete(self, task: str, *, req: Request) -> Any:
        self.deps.database.tasks.get(uuid=task, project_id=req.project_id)
        self.deps.database.tasks.delete(uuid=task)
        return asynchronous.confirmation(
            req, 'DELETED', f'This task {task} has been deleted successfully'
        )


class CancelController(Controller):
    @expose('valence:tasks:cancel', status=202)
    def post(self, task: str, *, req: Request) -> Answer:
        found = self.deps.database.tasks.get(
            uuid=task, project_id=req.project_id
        )
        self.deps.submitter.cancel(found)
        body = self.deps.database.tasks.get(uuid=task).as_dict()
        key = idempotency.key_of(req, task, body)
        if key is not None:
            # Not in one transaction: to cancel once more does no harm.
            self.deps.database.idempotency_keys.add(key=key)
        return Answer(
            body, status=202, headers={'Location': f'/v1/tasks/{task}'}
        )


def _translate_status(filters: dict[str, Any]) -> None:
    """Turn the API's word into the engine's states."""
    status = filters.pop('status', None)
    if status is None:
        return
    matching = [
        str(state)
        for state, shown in states.TASK_STATUS.items()
        if shown == status and filters.get('state', state) == state
    ]
    if status not in states.TASK_STATUS.values():
        known = ', '.join(dict.fromkeys(states.TASK_STATUS.values()))
        raise exception.BadRequest(detail=f'status must be one of {known}.')
    filters['state'] = matching


def _seconds(req: Request) -> float:
    value = req.query.get('wait', '0')
    if not value.isascii() or not value.replace('.', '', 1).isdigit():
        raise exception.BadRequest(detail='wait must be a number of seconds.')
    return float(value)
