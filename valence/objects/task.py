"""A task: the row is the queue entry, the status and the history in one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from valence.common import states
from valence.objects import times


@dataclass(frozen=True, slots=True)
class Task:
    """One row of ``tasks``.

    ``request`` is what was asked for (no secrets); ``memo`` what the handler
    needs to know to go on where it, or its predecessor, stopped; ``error``
    the body of an error (see :func:`valence.common.exception.error_body`).
    ``attempt`` counts the claims; ``owner`` is ``<host>:<boot id>``.
    ``due_at`` is the time from which any worker may claim the row: of a
    pending row its earliest start, of a running one the end of its lease, of
    a waiting one its next look, of an ended one None.
    """

    uuid: str
    action: str
    topic: str
    short: bool
    state: str
    step: str | None
    percent: int
    message: str | None
    request: Mapping[str, Any]
    result: Mapping[str, Any] | None
    error: Mapping[str, Any] | None
    memo: Mapping[str, Any]
    podm_id: str | None
    resource_type: str | None
    resource_uuid: str | None
    project_id: str | None
    user_id: str | None
    request_id: str | None
    owner: str | None
    attempt: int
    due_at: int | None
    deadline_at: int | None
    cancel_requested: bool
    created_at: int
    updated_at: int
    started_at: int | None
    finished_at: int | None

    @property
    def ended(self) -> bool:
        return self.state in states.ENDED

    def as_dict(self) -> dict[str, Any]:
        """Give the task as it is shown."""
        return {
            'uuid': self.uuid,
            'action': self.action,
            'status': states.TASK_STATUS[self.state],
            'state': self.state,
            'step': self.step,
            'percent': self.percent,
            'message': self.message,
            'request': self.request,
            'result': self.result,
            'error': self.error,
            'podm_id': self.podm_id,
            'resource_type': self.resource_type,
            'resource_uuid': self.resource_uuid,
            'project_id': self.project_id,
            'user_id': self.user_id,
            'request_id': self.request_id,
            'attempt': self.attempt,
            'cancel_requested': self.cancel_requested,
            'deadline_at': times.show(self.deadline_at),
            'created_at': times.show(self.created_at),
            'updated_at': times.show(self.updated_at),
            'started_at': times.show(self.started_at),
            'finished_at': times.show(self.finished_at),
        }


@dataclass(frozen=True, slots=True)
class NewTask:
    """What is said of a task when it is created.

    :ivar short: whether it takes a thread for a moment only; some threads of
        each worker are kept for those.
    :ivar deadline: seconds from now until it is stopped; None for never.
    """

    uuid: str
    action: str
    topic: str
    request: Mapping[str, Any]
    podm_id: str | None = None
    resource_type: str | None = None
    resource_uuid: str | None = None
    project_id: str | None = None
    user_id: str | None = None
    request_id: str | None = None
    short: bool = False
    deadline: float | None = None
