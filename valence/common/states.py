"""The words for the states of tasks, nodes and pod managers.

They are strings, since they are stored, sent and shown as such.
"""

from enum import StrEnum


class TaskState(StrEnum):
    """The engine's own states; see :func:`task_status` for the API's."""

    PENDING = 'pending'
    RUNNING = 'running'
    WAITING = 'waiting'
    COMPLETED = 'completed'
    FAILED = 'failed'
    CANCELLED = 'cancelled'


ENDED = frozenset({TaskState.COMPLETED, TaskState.FAILED, TaskState.CANCELLED})

#: What the API shows as ``status``, by state.
TASK_STATUS: dict[str, str] = {
    TaskState.PENDING: 'In Progress',
    TaskState.RUNNING: 'In Progress',
    TaskState.WAITING: 'In Progress',
    TaskState.COMPLETED: 'Completed',
    TaskState.FAILED: 'Failed',
    TaskState.CANCELLED: 'Cancelled',
}


class NodeState(StrEnum):
    COMPOSING = 'composing'
    #: It is there, and is being looked at.
    ADOPTING = 'adopting'
    COMPOSED = 'composed'
    DELETING = 'deleting'
    #: A deletion failed, or what became of the node is not known.
    ERROR = 'error'
    #: Its pod manager does not have it any more.
    MISSING = 'missing'


class PodManagerStatus(StrEnum):
    #: Not looked at yet.
    UNKNOWN = 'Unknown'
    ONLINE = 'Online'
    OFFLINE = 'Offline'
    UNAUTHORIZED = 'Unauthorized'
    #: A task is taking it out; nothing is composed there any more.
    DELETING = 'Deleting'
