"""Row 28: some pod managers of many are dead, and the others do not notice."""

import contextlib
import itertools
from collections.abc import Iterator, Sequence
from statistics import median

from tests.chaos.rig import aim, chance, faults
from tests.chaos.rig.case import ChaosCase
from tests.chaos.rig.load import Series
from tests.chaos.rig.rig import Rig
from tests.chaos.rig.watch import Watch

_SHARE = 0.1
#: Seconds until a pod manager that is left alone is tried again. The usual 30
#: would make this last; 100 of them would be tried all the time by much less.
_PAUSE = chance.scale(15, 4)
#: Of the calls that a pod manager leaves without an answer, the last.
_FAILURES = 3
#: Nodes of each measurement, at the others.
_NODES = chance.scale(200, 60)
#: Nodes at the dead ones meanwhile: their share of all.
_AT_DEAD = round(_SHARE * _NODES)
#: The others' rate, with the dead ones and without them, at the least: 0.95
#: and 0.85 where nothing else runs. Here, two cores run all of it, and the
#: rates of two measurements of the same differ by a third.
_LEAST = 0.6
#: Tasks at the dead ones, where they are not for load.
_FEW = 5
#: Seconds for which a task waits for a dead one.
_DEADLINE = 600


class Dead(ChaosCase):
    def test_row_28_some_are_dead(self) -> None:
        self.rig = rig = self.many_rig()
        self.watch = self.useFixture(Watch(rig.stack.url))
        tenth = round(_SHARE * rig.plan.pods)
        self.mortal, self.others = rig.podms[:tenth], rig.podms[tenth:]
        # Those have room for what waits until they are back.
        self.roomy = itertools.cycle(self.mortal[tenth // 2 :])
        rates: dict[int, list[float]] = {0: [], 1: [], tenth: []}
        failed = []
        for _ in range(3):
            for count, found in rates.items():
                podms = self.mortal if count > 1 else self.next_roomy(count)
                with self.dead(podms) as dead:
                    found.append(self.rate_of_others())
                    failed += self.seconds_to_fail(dead)
        verdict = self.judge(rig, failures=True)
        self.assert_figures(verdict.figures, rates, failed)

    def assert_figures(
        self,
        verdict: str,
        rates: dict[int, list[float]],
        failed: Sequence[float],
    ) -> None:
        alive, *shares = (median(found) for found in rates.values())
        shown = [
            f'{count}: {", ".join(f"{rate:.0f}" for rate in found)}'
            for count, found in rates.items()
        ]
        self.note(
            f'{verdict}; nodes/s at the others of '
            f'{self.rig.plan.pods}, by the number of dead ones: '
            f'{"; ".join(shown)}; {shares[0] / alive:.2f} and '
            f'{shares[1] / alive:.2f} of the usual; what is for a dead one '
            f'fails after {median(failed):.2f} s, {max(failed):.2f} s at most'
        )
        self.assertGreater(min(shares) / alive, _LEAST)
        self.assertLess(median(failed), 1)

    def many_rig(self) -> Rig:
        return self.new_rig(
            pods=chance.scale(1000, 50),
            nodes=chance.scale(1000, 550),
            more={'tasks': [f'breaker_pause = {_PAUSE}']},
        )

    @contextlib.contextmanager
    def dead(self, podms: Sequence[str]) -> Iterator[Sequence[str]]:
        """Let pod managers be dead, known as such, with tasks waiting."""
        self.set_dead(podms, True)
        self.compose_at(podms, _FAILURES * len(podms))
        self.wait_for_status(podms, 'Offline')
        chosen = podms if len(podms) == 1 else self.next_roomy(len(podms))
        waiting = self.compose_at(chosen, len(chosen), deadline=_DEADLINE)
        yield podms
        self.assertLessEqual(
            {reply.task_uuid for reply in waiting.accepted},
            self.rig.open_tasks(),
        )
        self.set_dead(podms, None)
        self.wait_for_status(podms, 'Online')
        self.assertTrue(faults.wait_until(self.is_quiet, 60))
        for reply in waiting.accepted:
            self.assertEqual('Completed', self.rig.task(reply)['status'])

    def next_roomy(self, count: int) -> list[str]:
        return list(itertools.islice(self.roomy, min(count, _FEW)))

    def compose_at(
        self, podms: Sequence[str], count: int, **query: float
    ) -> Series:
        """Ask for nodes of pod managers, if there are any."""
        return aim.clients(self.rig, podms or [None], **query).compose(count)

    def set_dead(self, podms: Sequence[str], dead: bool | None) -> None:
        for podm in podms:
            url = self.rig.pods.urls[self.rig.podms.index(podm)]
            self.rig.pods.set_modes(url, dead=dead)

    def wait_for_status(self, podms: Sequence[str], status: str) -> None:
        path = f'/v1/pod_managers?status={status}&fields=uuid'

        def is_so() -> bool:
            found = {podm['uuid'] for podm in self.rig.rest.get(path)}
            return found >= set(podms)

        self.assertTrue(faults.wait_until(is_so, 60), f'not {status}')

    def is_quiet(self) -> bool:
        path = '/v1/tasks?status=In%20Progress&fields=uuid'
        return not self.rig.rest.get(path)

    def rate_of_others(self) -> float:
        """Compose everywhere at once; give the nodes/s at the others."""
        doomed = aim.clients(self.rig, self.mortal, 1)
        load = self.rig.in_background(lambda: doomed.compose(_AT_DEAD))
        podms = self.random.sample(self.others, len(self.others))
        series = aim.clients(self.rig, podms).compose(_NODES)
        load.result()
        start = min(reply.sent_at for reply in series.accepted)
        return _NODES / (self.end_of(series) - start)

    def end_of(self, series: Series) -> float:
        """Wait until all have ended; give when the last did."""
        tasks = {reply.task_uuid for reply in series.accepted}
        self.assertEqual(_NODES, len(tasks))
        faults.wait_until(lambda: not tasks & self.rig.open_tasks(), 120)
        seconds = self.watch.seconds(series.accepted)
        sent = (reply.sent_at for reply in series.accepted)
        return max(map(sum, zip(sent, seconds, strict=True)))

    def seconds_to_fail(self, dead: Sequence[str]) -> list[float]:
        """Ask dead ones, when nobody else asks; give how long each took."""
        series = self.compose_at(dead, min(_FEW, len(dead)))
        tasks = {reply.task_uuid for reply in series.accepted}
        faults.wait_until(lambda: not tasks & self.rig.open_tasks(), 30)
        ends = {self.rig.task(reply)['status'] for reply in series.accepted}
        self.assertLessEqual(ends, {'Failed'})
        return self.watch.seconds(series.accepted)
