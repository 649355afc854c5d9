"""Accept operations in place of doing them, and tell how they go on.

DSP0266, "Asynchronous operations"; the paths are those of Intel's PSME.
"""

import dataclasses
import functools
from collections.abc import Callable

from valence.simulator import errors, exchange, modes, tasks
from valence.simulator import pod as pods
from valence.simulator.documents import tasks as documents


@dataclasses.dataclass(frozen=True, slots=True)
class Operation:
    """What takes its time on some pod managers.

    ``act`` does it and returns the answer; ``check`` raises what ``act``
    would raise now, and changes nothing.
    """

    check: Callable[[], object]
    act: Callable[[], exchange.Reply]


def acceptable(
    prepare: Callable[..., Operation],
) -> Callable[..., exchange.Reply]:
    """Make a handler of what prepares an operation.

    It acts at once, or accepts the operation when the mode is set.
    """

    @functools.wraps(prepare)
    def handler(call: exchange.Call, *ids: str) -> exchange.Reply:
        operation = prepare(call, *ids)
        mode = call.pod.modes.get('accept')
        if (
            mode is None
            or not call.pod.personality.has_tasks
            or not call.pod.chance.happens(mode.value['share'])
        ):
            return operation.act()
        operation.check()
        return _accepted(_begin(call, operation, mode))

    return handler


def _begin(
    call: exchange.Call, operation: Operation, mode: modes.Mode
) -> tasks.Task:
    fails = mode.value['monitor'] == 'fails'
    return call.pod.tasks.begin(
        call,
        _fail if fails else operation.act,
        seconds=call.pod.chance.between(mode.value['ms']) / 1000,
        monitor=mode.value['monitor'],
        retry_after=mode.value['retry_after'],
    )


def _fail() -> exchange.Reply:
    raise errors.RedfishError(
        500,
        'UnknownException',
        'Operation failed',
        ('The operation was accepted, and could not be carried out.',),
    )


def _accepted(task: tasks.Task) -> exchange.Reply:
    headers = {'Location': documents.monitor_of(task)}
    if task.monitor == 'bare':
        return exchange.Reply(202, headers=headers)
    headers |= exchange.retry_after(task.retry_after)
    return exchange.Reply(202, documents.task(task), headers)


def find(pod: pods.Pod, task_id: str) -> tasks.Task:
    """Return a task.

    :raises RedfishError: 404
    """
    task = pod.tasks.find(task_id)
    if task is None:
        raise errors.unknown_endpoint(f'{documents.PATH}/{task_id}')
    return task


def monitor(call: exchange.Call, task_id: str) -> exchange.Reply:
    """Tell that an operation goes on, or give its answer."""
    task = find(call.pod, task_id)
    if task.monitor == 'early':
        raise errors.unknown_endpoint(call.path)
    if task.reply is None or task.monitor == 'lingers':
        return _accepted(task)
    if task.monitor == 'gone':
        raise errors.unknown_endpoint(call.path)
    if task.monitor == 'gone410':
        raise errors.gone(call.path)
    return task.reply


def delete(call: exchange.Call, task_id: str) -> exchange.Reply:
    """Forget a task that has ended."""
    task = find(call.pod, task_id)
    if task.reply is None:
        raise errors.conflict(
            'Conflict during deletion', f'Task {task_id} still goes on.'
        )
    call.pod.tasks.delete(task)
    return exchange.no_content()
