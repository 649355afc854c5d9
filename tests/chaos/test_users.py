"""Rows 29 and 32: many who want the same, and more than can be done."""

from tests.chaos.rig import aim, chance, records
from tests.chaos.rig.case import ChaosCase
from tests.chaos.rig.memory import MemoryWatch
from tests.chaos.rig.plan import MARIADB, POSTGRESQL

#: Of a process.
_MOST_MIB = 300
#: Seconds in which all that was accepted in a burst ends.
_LONG = 600
_CLIENTS = 32


class LastSystem(ChaosCase):
    """However many ask for the last free system, one gets it."""

    def test_row_29_last_system_mariadb(self) -> None:
        self.all_want_the_last(MARIADB)

    def test_row_29_last_system_postgresql(self) -> None:
        self.all_want_the_last(POSTGRESQL)

    def all_want_the_last(self, database: str) -> None:
        count = 50
        # Of two systems, one is taken.
        rig = self.new_rig(database=database, pods=1, nodes=1, max_tasks=8)
        (podm,) = rig.podms
        rig.pods.set_modes(rig.pods.urls[0], act_ms=[0, 100])
        aim.clients(rig, [podm]).compose(1)
        rig.wait_for_tasks()
        # Half of them leave the choice to us.
        series = aim.clients(rig, [podm, None], count).compose(count)
        verdict = self.judge(rig, failures=True)
        ends = [
            records.why(verdict.records[reply.task_uuid])
            for reply in series.accepted
        ]
        self.note(f'{database}: {verdict.figures}; {records.count(ends)}')
        self.assertEqual({202: count}, series.statuses())
        self.assertEqual(1, ends.count('Completed'))
        conflicts = [end for end in ends if end.startswith('Failed 409')]
        self.assertEqual(count - 1, len(conflicts))
        self.assertEqual(2, len(rig.pods.made()))


class Burst(ChaosCase):
    def test_row_32_more_than_can_be_done(self) -> None:
        count, most = chance.scale((10_000, 2000), (500, 100))
        rig = self.new_rig(
            pods=chance.scale(50, 10),
            nodes=count // 2,
            clients=_CLIENTS,
            more={'tasks': [f'max_open = {most}']},
        )
        memory = self.useFixture(MemoryWatch(rig.services))
        # The first requests of all open the connections of the API.
        cold = rig.compose(2 * _CLIENTS)
        rig.wait_for_tasks()
        series = rig.compose(count)
        ended = rig.wait_for_tasks(_LONG)
        verdict = self.judge(rig)
        refused = [reply for reply in series.replies if reply.status == 429]
        name = max(memory.most, key=lambda name: memory.most[name])
        self.note(
            f'{verdict.figures}; {series.statuses()} at '
            f'{count / series.seconds:.0f}/s, p99 {series.p99:.2f} s, slowest '
            f'{series.slowest:.2f} s, of the first ones {cold.p99:.2f} s; '
            f'all ended {ended:.0f} s after; most memory '
            f'{memory.most[name]} MiB, of {name}'
        )
        self.assertEqual({202, 429}, set(series.statuses()))
        self.assertEqual(
            [], [each for each in refused if not each.retry_after]
        )
        self.assertGreaterEqual(verdict.accepted, most)
        self.assertLess(series.p99, 1)
        self.assertLess(memory.most[name], _MOST_MIB)
