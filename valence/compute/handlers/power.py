"""Changes the power of a node or of a system."""

from collections.abc import Callable

from valence.common import exception, http_client
from valence.compute.handlers import pending
from valence.compute.handlers.target import (
    SENT,
    NodeAction,
    SystemAction,
    Target,
)
from valence.objects.hardware import Pending
from valence.tasks.outcome import Completed, Outcome
from valence.tasks.run import TaskRun

#: Sent twice, these do no more than once.
_REPEATABLE = frozenset({'On', 'ForceOn', 'ForceOff', 'GracefulShutdown'})


class ResetNode(NodeAction):
    action = 'reset_node'

    def act(self, run: TaskRun, target: Target) -> Outcome:
        return _reset(run, target, target.compute.reset_node)


class ResetSystem(SystemAction):
    action = 'reset_system'

    def act(self, run: TaskRun, target: Target) -> Outcome:
        return _reset(run, target, target.compute.reset_system)


def _reset(
    run: TaskRun,
    target: Target,
    reset: Callable[[str, str], Pending | None],
) -> Outcome:
    reset_type = run.task.request['reset_type']
    what = f'the reset {reset_type}'
    done = Completed(f'{reset_type} was accepted')
    if run.memo.get(pending.MONITOR):
        return target.follow(run, what) or done
    if run.memo.get(SENT):
        raise exception.NeedsAttention(
            detail=f'{reset_type} was being sent when its worker died; '
            'whether it took effect is not known. Look at the power state '
            'before you repeat it.'
        )
    run.progress('reset', 20, f'Sending {reset_type}')
    if reset_type not in _REPEATABLE:
        run.remember(**{SENT: True})
    sent = pending.Sent(run.check)
    try:
        with http_client.each_change_after(sent.note):
            going_on = reset(target.url, reset_type)
    finally:
        if not sent:
            run.memo.pop(SENT, None)
    return target.keep(run, going_on) or done
