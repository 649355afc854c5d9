"""Sets what a node or a system boots from; sent twice it does no more."""

from collections.abc import Callable

from valence.compute.handlers import pending
from valence.compute.handlers.target import NodeAction, SystemAction, Target
from valence.objects.hardware import BootOverride, Pending
from valence.tasks.outcome import Completed, Outcome
from valence.tasks.run import TaskRun


class BootNode(NodeAction):
    action = 'boot_node'

    def act(self, run: TaskRun, target: Target) -> Outcome:
        return _boot(run, target, target.compute.set_node_boot)


class BootSystem(SystemAction):
    action = 'boot_system'

    def act(self, run: TaskRun, target: Target) -> Outcome:
        return _boot(run, target, target.compute.set_system_boot)


def _boot(
    run: TaskRun,
    target: Target,
    set_boot: Callable[[str, BootOverride], Pending | None],
) -> Outcome:
    boot = BootOverride(**run.task.request['boot'])
    done = Completed(f'Boot source: {boot.target}, {boot.enabled}')
    if run.memo.get(pending.MONITOR):
        return target.follow(run, 'the boot source') or done
    run.progress('boot', 20, f'Setting the boot source to {boot.target}')
    return target.keep(run, set_boot(target.url, boot)) or done
