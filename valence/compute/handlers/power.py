"""Changes the power of a node or of a system."""

from collections.abc import Callable

from valence.common import exception
from valence.compute.handlers.target import NodeAction, SystemAction, Target
from valence.tasks.outcome import Completed
from valence.tasks.run import TaskRun

#: Sent twice, these do no more than once.
_REPEATABLE = frozenset({'On', 'ForceOn', 'ForceOff', 'GracefulShutdown'})


class ResetNode(NodeAction):
    action = 'reset_node'

    def act(self, run: TaskRun, target: Target) -> Completed:
        return _reset(run, target, target.compute.reset_node)


class ResetSystem(SystemAction):
    action = 'reset_system'

    def act(self, run: TaskRun, target: Target) -> Completed:
        return _reset(run, target, target.compute.reset_system)


def _reset(
    run: TaskRun, target: Target, reset: Callable[[str, str], None]
) -> Completed:
    reset_type = run.task.request['reset_type']
    if run.memo.get('sent'):
        raise exception.NeedsAttention(
            detail=f'{reset_type} was being sent when its worker died; '
            'whether it took effect is not known. Look at the power state '
            'before you repeat it.'
        )
    run.progress('reset', 20, f'Sending {reset_type}')
    if reset_type not in _REPEATABLE:
        run.remember(sent=True)
    reset(target.url, reset_type)
    return Completed(f'{reset_type} was accepted')
