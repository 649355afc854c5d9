"""Rows 18 and 19: a pod manager whose answers never come to an end.

Each call has a deadline in all, each pod manager only so many threads, and
one that does not answer is left alone: nobody else has to wait for it.
"""

import time
from collections.abc import Mapping
from statistics import median
from typing import Any

from tests.chaos.rig import aim, chance, faults
from tests.chaos.rig.case import ChaosCase
from tests.chaos.rig.load import p99
from tests.chaos.rig.rig import Rig
from tests.chaos.rig.watch import Watch

#: Seconds that a read, and a change, may take.
_READ, _CHANGE = 3, 5
_MAX_TASKS = 4
#: More than there are threads, could a pod manager have all of them.
_AT_THE_BAD = 40
#: Nodes a second at the others, and for how long.
_PACE, _SECONDS = 8, 8
#: Seconds by which the p99 of so few tasks differs anyhow, on a machine of
#: two cores that runs all of it and has others to serve. A task that waited
#: for a thread would have waited for _READ at least.
_NOISE = 1.5

_NO_MODES: Mapping[str, Any] = {}


class Slow(ChaosCase):
    def test_row_18_hang(self) -> None:
        self.one_is_bad({'hang': True})

    def test_row_19_drip(self) -> None:
        self.one_is_bad({'drip': 1})

    def one_is_bad(self, modes: Mapping[str, Any]) -> None:
        """Measure the others in turn with and without the modes of one."""
        rounds = chance.scale(5, 3)
        rig = self.slow_rig(rounds)
        self.watch = self.useFixture(Watch(rig.stack.url))
        self.opened: list[float] = []
        usual, beside = [], []
        for _ in range(rounds):
            usual.append(self.others_take(rig, _NO_MODES))
            beside.append(self.others_take(rig, modes))
        verdict = self.judge(rig, failures=True)

        turn = self.watch.longest_turn(rig.podms[0])
        given = self.watch.most_running(rig.podms[0])
        self.note(
            f'{verdict.figures}; p99 of the others {_show(beside)} s, '
            f'without it {_show(usual)} s; a thread was held for '
            f'{turn:.1f} s, {given} at once; breaker open after '
            f'{max(self.opened):.1f} s'
        )
        self.assertLess(median(beside), median(usual) + _NOISE)
        # Else it was not bad; and a turn may read after its change.
        self.assertGreater(turn, _READ - 0.5)
        self.assertLess(turn, _READ + _CHANGE + 2)
        self.assertEqual(_MAX_TASKS, given)
        stats = rig.pods.stats(rig.pods.urls[0])
        self.assertLessEqual(stats['running_most'], _MAX_TASKS)

    def slow_rig(self, rounds: int) -> Rig:
        pods = chance.scale(20, 5)
        timeouts = [f'timeout = {_READ}', f'change_timeout = {_CHANGE}']
        return self.new_rig(
            pods=pods,
            nodes=_AT_THE_BAD * rounds * pods,
            max_tasks=_MAX_TASKS,
            more={
                'http_client': timeouts,
                'tasks': ['breaker_pause = 2'],
            },
        )

    def others_take(self, rig: Rig, modes: Mapping[str, Any]) -> float:
        """Compose everywhere; give the p99 of the seconds at the others."""
        bad, *others = rig.podms
        aim.clients(rig, [bad]).compose(_AT_THE_BAD)
        # Some of them are under way.
        rig.pods.set_modes(rig.pods.urls[0], **modes)
        since = time.monotonic()
        load = rig.in_background(
            lambda: aim.clients(rig, others).compose_for(_SECONDS, _PACE)
        )
        if modes:
            self.assertTrue(
                faults.wait_until(lambda: breaker(rig) == 'open', 20)
            )
            self.opened.append(time.monotonic() - since)
        series = load.result()
        self.assertEqual({202: _PACE * _SECONDS}, series.statuses())
        tasks = {reply.task_uuid for reply in series.accepted}
        faults.wait_until(lambda: not tasks & rig.open_tasks(), 60)
        self.make_well(rig, modes)
        return p99(self.watch.seconds(series.accepted))

    def make_well(self, rig: Rig, modes: Mapping[str, Any]) -> None:
        rig.pods.set_modes(rig.pods.urls[0], **dict.fromkeys(modes))
        self.assertTrue(
            faults.wait_until(lambda: breaker(rig) == 'closed', 30)
        )
        rig.wait_for_tasks()


def breaker(rig: Rig) -> str:
    podm = rig.rest.get(f'/v1/pod_managers/{rig.podms[0]}')
    return str(podm['breaker']['state'])


def _show(values: list[float]) -> str:
    return ', '.join(f'{value:.2f}' for value in values)
