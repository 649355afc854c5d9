"""Row 30: tasks that are stopped, at each of their steps.

By who asked for them, or by their deadline. Nothing is left of them at any
pod manager, unless they had come to their end before.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.chaos.rig import aim, chance, records
from tests.chaos.rig.case import ChaosCase
from tests.chaos.rig.load import Reply

#: Seconds at a point of the code: a worker hears within one that a task was
#: cancelled.
_SLEEP = 1.5
#: Seconds after the request in which a task is stopped.
_LATEST = chance.scale(6.0, 3.0)
#: Tasks of each step; half of them are cancelled, half have a deadline.
_COUNT = chance.scale(200, 20)
_ENDS = {
    'Completed',
    'Cancelled 409 Cancelled',
    'Failed 504 Deadline exceeded',
}


@dataclass(frozen=True, slots=True)
class Step:
    """Where a task is for most of its time.

    :ivar point: of the code.
    :ivar modes: of the pod managers.
    :ivar too_late: whether nothing is stopped there any more.
    """

    name: str
    point: str | None = None
    modes: Mapping[str, Any] = field(default_factory=dict)
    too_late: bool = False


_SLOW: Mapping[str, Any] = {'assembly_ms': 2500}
_STEPS = (
    Step('before allocate', 'before_allocate'),
    Step('allocating', modes={'act_ms': [1000, 2000]}),
    Step('accepted', modes={'accept': {'ms': [1000, 2000]}}),
    Step('after allocate', 'after_allocate'),
    Step('before assemble', 'before_assemble'),
    Step('after assemble', 'after_assemble', _SLOW),
    Step('assembling', modes=_SLOW),
    Step('before finish', 'before_finish', too_late=True),
)


class Stopped(ChaosCase):
    def test_row_30_stopped_at_each_step(self) -> None:
        self.rig = self.new_rig(
            nodes=(len(_STEPS) + 1) * _COUNT,
            max_tasks=100,
            # All at once: only a task that runs is at a step.
            more={'tasks': ['threads = 60']},
        )
        for step in _STEPS:
            self.go_to(step)
            self.stop_some(step)
        self.go_to(Step('none'))
        self.stop_some(Step('queued'), latest=0.1)
        verdict = self.judge(self.rig, failures=True)
        self.note(verdict.figures)
        # Of those that were stopped, no record is left either.
        states = {node['state'] for node in self.rig.rest.get('/v1/nodes')}
        self.assertEqual({'composed'}, states)

    def go_to(self, step: Step) -> None:
        """Have all tasks from now on take their time at a step."""
        point = f'{step.point}:sleep{_SLEEP}' if step.point else ''
        for name in self.rig.services.names('compute'):
            self.rig.services.restart(name, {'VALENCE_FAIL': point})
        self.rig.pods.clear_modes()
        for url in self.rig.pods.urls:
            self.rig.pods.set_modes(url, **step.modes)
        self.rig.stack.wait_until_up()

    def stop_some(self, step: Step, latest: float = _LATEST) -> None:
        replies = self.compose(latest)
        self.rig.wait_for_tasks()
        ends = [records.why(self.rig.task(reply)) for reply in replies]
        made = self.left()
        self.note(f'{step.name}: {records.count(ends)}; {made} orphans')
        self.assertLessEqual(set(ends), _ENDS)
        # Else nothing was shown.
        wanted = {'Completed'} if step.too_late else _ENDS - {'Completed'}
        self.assertLessEqual(wanted, set(ends))

    def compose(self, latest: float) -> Sequence[Reply]:
        """Ask for nodes, and stop each some time after."""
        podms = self.rig.podms
        expiring = [
            aim.clients(
                self.rig,
                podms,
                deadline=round(self.random.uniform(0.05, latest), 2),
            ).compose(1)
            for _ in range(_COUNT // 2)
        ]
        asked = aim.clients(self.rig, podms).compose(_COUNT // 2).accepted
        delays = [self.random.uniform(0, latest) for _ in asked]
        due = sorted(zip(delays, asked, strict=True), key=lambda pair: pair[0])
        for delay, reply in due:
            time.sleep(max(0.0, reply.sent_at + delay - time.monotonic()))
            self.cancel(reply)
        return [*asked, *(one.replies[0] for one in expiring)]

    def cancel(self, reply: Reply) -> None:
        path = f'/v1/tasks/{reply.task_uuid}/cancel'
        answer = self.rig.rest.request('POST', path)
        # It had ended already.
        self.assertIn(answer.status_code, (202, 409), answer.text)

    def left(self) -> int:
        """Count the nodes at the pod managers that nobody knows."""
        return len(self.rig.verdict().orphans)
