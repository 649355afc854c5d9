"""The task service and its tasks."""

import datetime
import time

from valence.simulator import layout as layouts
from valence.simulator import pod as pods
from valence.simulator import tasks
from valence.simulator.documents import common

SERVICE = f'{layouts.ROOT}/TaskService'
PATH = f'{SERVICE}/Tasks'


def path_of(one: tasks.Task) -> str:
    """Return the path of a task."""
    return f'{PATH}/{one.id}'


def monitor_of(one: tasks.Task) -> str:
    """Return the path of a task's monitor."""
    return f'{path_of(one)}/Monitor'


def service(pod: pods.Pod) -> common.Json:
    """Return the task service."""
    return {
        **common.header(
            SERVICE,
            'TaskService.v1_1_0.TaskService',
            'TaskService',
            'Task Service',
        ),
        'ServiceEnabled': True,
        'DateTime': _date(time.time()),
        'CompletedTaskOverWritePolicy': 'Oldest',
        'LifeCycleEventOnTaskStateChange': False,
        'Status': common.OK,
        'Tasks': common.link(PATH),
    }


def collection(pod: pods.Pod) -> common.Json:
    """Return the tasks that are still known."""
    return common.collection(
        PATH,
        'TaskCollection',
        'Task Collection',
        map(path_of, pod.tasks.all()),
    )


def task(one: tasks.Task) -> common.Json:
    """Return a task."""
    failed = one.state == tasks.EXCEPTION
    document = {
        **common.header(
            path_of(one), 'Task.v1_4_0.Task', one.id, f'Task {one.id}'
        ),
        'TaskState': one.state,
        'TaskStatus': 'Critical' if failed else 'OK',
        'TaskMonitor': monitor_of(one),
        'PercentComplete': one.percent,
        'StartTime': _date(one.started),
        'Messages': _messages(one),
        'Payload': {
            'HttpOperation': one.method,
            'TargetUri': one.path,
            'HttpHeaders': [],
            'JsonBody': one.body.decode(errors='replace'),
        },
    }
    if one.ended is not None:
        document['EndTime'] = _date(one.ended)
    return document


def _messages(one: tasks.Task) -> list[common.Json]:
    if one.reply is None:
        return []
    if one.state == tasks.EXCEPTION:
        found = one.reply.document['error']['@Message.ExtendedInfo']
        return [{**each, 'Severity': 'Critical'} for each in found]
    return [
        {
            'MessageId': 'Base.1.0.Success',
            'Message': 'Successfully Completed Request',
            'Severity': 'OK',
        }
    ]


def _date(seconds: float) -> str:
    moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return moment.isoformat(timespec='milliseconds')
