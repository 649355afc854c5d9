"""Changes that a pod manager accepts with 202 and goes on with.

The answer names a task monitor; whoever asks there is told 202 while the
change runs, and then what the change itself would have been answered (DMTF
DSP0266, asynchronous operations; Intel's PSME does so, and answers 410 later).
Others answer 200 with the Task all the while, or 202 for ever. So what is
told here is what the pod manager says, and never proof; nothing here waits.
"""

import itertools
import logging
import math
from collections.abc import Callable

import orjson

from valence.common import exception, http_answer, http_client
from valence.objects.hardware import Monitor, MonitorState, Pending
from valence.podm.redfish import parse
from valence.podm.redfish.service import Service

LOG = logging.getLogger(__name__)

#: Seconds: what more a Retry-After asks for is not kept.
MAX_DELAY = 86_400.0

#: By a Task's TaskState (Redfish Task.v1_7); all others go on.
_ENDED = {
    'Completed': MonitorState.DONE,
    'Exception': MonitorState.FAILED,
    'Killed': MonitorState.FAILED,
    'Cancelled': MonitorState.FAILED,
}

#: What says that nobody could be asked, rather than how the change ended.
#: (401 and 403 are errors of their own.)
_NO_LOOK = frozenset({429, 502, 503, 504})


def pending(
    client: http_client.HttpClient, answer: http_answer.Answer
) -> Pending | None:
    """Give what goes on after the answer to a change; None if nothing does.

    None is also for a 202 that names no monitor of use, in its Location or
    in the Task that is its body: then only the resource can tell.
    """
    if answer.status != 202:
        return None
    monitor = location(client, answer)
    if monitor is None:
        monitor = _monitor(client, parse.answered(client, answer))
    return None if monitor is None else Pending(monitor, _delay(answer))


def location(
    client: http_client.HttpClient, answer: http_answer.Answer
) -> str | None:
    """Give the path of an answer's Location; None if it is of no use."""
    return _usable(client, answer.headers.get('Location'), answer.path)


def made(
    client: http_client.HttpClient,
    answer: http_answer.Answer,
    is_member: Callable[[str], bool],
) -> str | Pending | None:
    """Give what an answer tells of what was made: its path, or a monitor.

    Intel's pod manager answers 201 with what it made as Location, others
    202 with a monitor, some 202 with what they make.

    :param is_member: tells whether a path may be that of what was made.
    """
    path = location(client, answer)
    if path is not None and (
        answer.status == 201 or (answer.status == 202 and is_member(path))
    ):
        return path
    return pending(client, answer)


def look(
    client: http_client.HttpClient,
    monitor: str,
    masked: Callable[[str], str],
) -> Monitor:
    """Ask a monitor, once, how its change goes.

    :param masked: gives a text of the server without our secrets.
    :raises PodManagerError: if the look itself failed.
    """
    try:
        answer = client.send('GET', monitor)
    except exception.PodManagerResourceMissing:
        return Monitor(MonitorState.GONE)
    except exception.PodManagerRefused as error:
        if not _of_the_change(error):
            raise
        return Monitor(MonitorState.FAILED, reasons=tuple(_reasons(error)))
    task = parse.answered(client, answer)
    state = _state(answer, task)
    failed = state is MonitorState.FAILED
    done = state is MonitorState.DONE
    return Monitor(
        state,
        delay=_delay(answer),
        percent=_percent(task),
        reasons=tuple(_messages(task, masked)) if failed else (),
        location=_made(client, answer, task) if done else None,
    )


def find_pending(service: Service, tag: str) -> Pending | None:
    """Give the change that goes on and whose request names a tag.

    A Task tells in its Payload what it was asked for, unless that is hidden
    (Redfish Task.v1_7). The service root's link ``Tasks`` leads to the
    TaskService, whose link ``Tasks`` to the collection.

    :raises PodManagerError: if there are Tasks, and they cannot be read.
    """
    word = parse.word(tag)

    def match(path: str) -> Pending | None:
        try:
            task = service.get(path)
        except exception.PodManagerResourceMissing:
            return None
        if _task_state(task) in _ENDED or not word.search(_asked(task)):
            return None
        return Pending(_task_monitor(service.client, task) or path)

    found = service.each(match, _tasks(service))
    return next(filter(None, found), None)


def _tasks(service: Service) -> list[str]:
    """Give the paths of all Tasks; none where there is no TaskService."""
    path, tasks = service.link('Tasks'), None
    if path is None:
        return []
    try:
        tasks = service.get(path).link('Tasks')
        return [] if tasks is None else service.members(tasks)
    except exception.PodManagerResourceMissing as error:
        # Of the links that are advertised, some lead nowhere; but a page
        # that is missing may hold the one that is looked for.
        if error.kwargs['path'] not in (path, tasks):
            raise
        return []


def _asked(task: parse.Document) -> str:
    """Give the part of a request that our tags are in."""
    body = 'Payload', 'JsonBody'
    # It is JSON as a string; some send an object.
    return task.text(*body) or orjson.dumps(task.part(*body).raw).decode()


def _state(answer: http_answer.Answer, task: parse.Document) -> MonitorState:
    """Give what a good answer of a monitor says.

    A Task says more than the status it comes with: it is sent with 200 while
    it runs, and with 202 when it has ended.
    """
    ended = _ENDED.get(_task_state(task))
    if ended is not None:
        return ended
    if answer.status == 202 or _is_task(task):
        return MonitorState.RUNNING
    return MonitorState.DONE


def _of_the_change(error: exception.PodManagerRefused) -> bool:
    """Tell whether an error is how the change ended, not how the look did.

    A 500 may be either: a change that failed has messages that say so.
    """
    status = error.kwargs['answer']
    if status == 500:
        return bool(_extended_info(error))
    # Below 400 are redirects that are not followed.
    return status >= 400 and status not in _NO_LOOK


def _reasons(error: exception.PodManagerRefused) -> list[str]:
    return _extended_info(error) or [error.kwargs['reason']]


def _extended_info(error: exception.PodManagerRefused) -> list[str]:
    """Give the messages of an error, or else their ids."""
    # The first code is the error's own.
    return error.reasons or error.kwargs['codes'][1:]


def _messages(task: parse.Document, masked: Callable[[str], str]) -> list[str]:
    """Give the messages of a Task that failed, of each its text or its id."""
    # Some send one instead of a list.
    messages = task.parts('Messages') or [task.part('Messages')]
    texts = [
        message.text('Message') or message.text('MessageId')
        for message in itertools.islice(messages, http_answer.MAX_REASONS)
    ]
    told = [masked(text)[: http_answer.MAX_LENGTH] for text in texts if text]
    return told or [f'The task ended as {_task_state(task)}.']


def _made(
    client: http_client.HttpClient,
    answer: http_answer.Answer,
    task: parse.Document,
) -> str | None:
    """Give the path of what was made, if just one thing is told.

    The answer to what was created has it as Location (201), a Task as
    ``Links.CreatedResources`` (Redfish Task.v1_7); the Location of an answer
    with a Task is its monitor.
    """
    if answer.status == 201 and not _is_task(task):
        return location(client, answer)
    try:
        made = task.links('Links', 'CreatedResources')
    except exception.PodManagerMalformed as error:
        LOG.info('What was made is not told: %s', error)
        return None
    return made[0] if len(made) == 1 else None


def _monitor(
    client: http_client.HttpClient, task: parse.Document
) -> str | None:
    """Give where to ask for a Task: its monitor, or the Task itself."""
    if not _is_task(task):
        return None
    own = task.value('@odata.id')
    return _task_monitor(client, task) or _usable(client, own, task.path)


def _task_monitor(
    client: http_client.HttpClient, task: parse.Document
) -> str | None:
    return _usable(client, task.value('TaskMonitor'), task.path)


def _usable(
    client: http_client.HttpClient, link: object, source: str
) -> str | None:
    """Give the path of a link that is not needed, if it may be followed."""
    if not link:
        return None
    try:
        return client.path_of(link, source)
    except exception.PodManagerMalformed as error:
        # Such as the server's address behind a proxy.
        LOG.info('Done without a link: %s', error)
        return None


def _delay(answer: http_answer.Answer) -> float | None:
    """Give the seconds of a Retry-After; None if there is none of use."""
    asked = answer.retry_after(-math.inf)
    return None if asked == -math.inf else min(max(asked, 0.0), MAX_DELAY)


def _percent(task: parse.Document) -> int | None:
    percent = task.whole('PercentComplete') if _is_task(task) else None
    return None if percent is None else min(max(percent, 0), 100)


def _is_task(document: parse.Document) -> bool:
    kind = document.text('@odata.type') or ''
    return kind.startswith('#Task.') or _task_state(document) != ''


def _task_state(document: parse.Document) -> str:
    return (document.text('TaskState') or '').capitalize()
