"""Changes that a pod manager goes on with by itself.

What it said where to ask is kept in the task's memo, and no thread waits. A
monitor's word is never proof: whoever looks decides by the resource.
"""

from collections.abc import Callable
from dataclasses import dataclass

from valence.common import exception
from valence.objects.hardware import Monitor, MonitorState, Pending
from valence.podm.base import Connection
from valence.tasks.outcome import Wait
from valence.tasks.run import TaskRun

#: Errors of a call that tell nothing of what it was for.
NO_ANSWER = (
    exception.PodManagerConnectionLost,
    exception.PodManagerMalformed,
    exception.PodManagerTimeout,
    exception.PodManagerUnreachable,
)
_UNKNOWN = (
    'What is left of the node at the pod manager is not known: delete the '
    'node when the pod manager is back.'
)
#: In the memo: the path of the monitor.
MONITOR = 'monitor'
#: In the memo: when (us, by the database) the change was accepted.
_ACCEPTED_AT = 'accepted_at'
#: In the memo: since when (us, by the database) there was no answer.
_NO_ANSWER_SINCE = 'no_answer_since'
#: Seconds between two looks at the most, whatever a pod manager asks for.
_LONGEST_DELAY = 60


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds.

    :ivar poll: between two looks, where the pod manager asks for none.
    :ivar settle: after which a request without an answer has no effect any
        more.
    :ivar give_up: after which it is left to a person.
    """

    poll: float
    settle: float
    give_up: float

    def look_again(self, run: TaskRun, error: exception.ValenceError) -> Wait:
        """Wait for a pod manager that holds something of ours.

        :raises NeedsAttention: if it was away for too long, or for good.
        """
        if not temporary(error):
            raise needs_attention(error) from error
        since = run.memo.setdefault(_NO_ANSWER_SINCE, run.now)
        if run.seconds_since(since) > self.give_up:
            raise needs_attention(error) from error
        return Wait(self.poll)


def answered(run: TaskRun) -> None:
    """Note that the pod manager is there."""
    run.memo.pop(_NO_ANSWER_SINCE, None)


def temporary(error: exception.ValenceError) -> bool:
    """Tell whether an error may pass, and tells nothing of a node."""
    if isinstance(error, exception.PodManagerRefused):
        status: int = error.kwargs['answer']
        return status >= 500 or status == 429  # noqa: PLR2004
    return isinstance(error, NO_ANSWER)


def needs_attention(error: exception.ValenceError) -> exception.NeedsAttention:
    """Give the error of a node of which nobody knows whether it is there."""
    return exception.NeedsAttention(
        detail=f'{error.detail} {_UNKNOWN}', reasons=error.reasons
    )


def unfinished(podm: str, what: str) -> exception.NeedsAttention:
    """Give the error of what a pod manager does not come to an end with."""
    return exception.NeedsAttention(
        detail=f'Pod Manager {podm} does not come to an end with {what} the '
        f'node. {_UNKNOWN}'
    )


class Sent:
    """Notes whether a request that changes something may have gone out.

    :param check: what is called before it does.
    """

    def __init__(self, check: Callable[[], None]) -> None:
        self._check = check
        self._sent = False

    def note(self) -> None:
        self._check()
        self._sent = True

    def __bool__(self) -> bool:
        return self._sent


def keep(run: TaskRun, pending: Pending, usual: float) -> Wait:
    """Note a change that goes on; give how long to wait.

    :param usual: seconds, where the pod manager asks for none.
    """
    run.memo[MONITOR] = pending.monitor
    run.memo[_ACCEPTED_AT] = run.now
    return wait(pending.delay, usual)


def look(run: TaskRun, connection: Connection) -> Monitor:
    """Look how the change goes that the memo tells of."""
    monitor = connection.look(run.memo[MONITOR])
    percent = monitor.percent if monitor.percent is not None else 0
    run.progress(
        'pending',
        # The look at the resource, and what comes then, is still to be done.
        20 + percent // 2,
        'The pod manager is at it',
    )
    return monitor


def wait(delay: float | None, usual: float) -> Wait:
    """Give the wait until the next look."""
    return Wait(min(usual if delay is None else delay, _LONGEST_DELAY))


def goes_on(monitor: Monitor) -> bool:
    return monitor.state is MonitorState.RUNNING


def has_failed(monitor: Monitor) -> bool:
    return monitor.state is MonitorState.FAILED


def follow(
    run: TaskRun, connection: Connection, *, what: str, timing: Timing
) -> Wait | None:
    """Look how a change goes on; give None once nothing is said of it.

    :param what: the change, in the user's terms.
    :raises ChangeFailed: if the pod manager says that it failed.
    """
    monitor = look(run, connection)
    if has_failed(monitor):
        del run.memo[MONITOR]
        raise exception.ChangeFailed(
            podm=connection.podm.name,
            what=what,
            reasons=list(monitor.reasons),
        )
    if goes_on(monitor) and seconds_asked(run) < timing.give_up:
        return wait(monitor.delay, timing.poll)
    del run.memo[MONITOR]
    return None


def seconds_asked(run: TaskRun) -> float:
    """Give the seconds since the change was accepted."""
    return run.seconds_since(run.memo[_ACCEPTED_AT])
