"""Rows 3 and 4: the API dies around the moment at which a task is accepted."""

from tests.chaos.rig import chance
from tests.chaos.rig.case import ChaosCase
from tests.chaos.rig.load import Series
from tests.chaos.rig.rig import Rig

#: Seconds between two sweeps, as in the matrix; it varies by a fifth.
_SWEEP = 2
#: A worker of the API that dies twice within 5.5 s takes the API with it, as
#: granian has it: seconds between two deaths.
_PAUSE = 7
_PATIENCE = 60


class ApiKilled(ChaosCase):
    """The client gets no answer, and sends its request again."""

    def test_row_03_killed_between_commit_and_bell(self) -> None:
        count = chance.scale(10, 2)
        rig = self.new_rig(
            clients=1, more={'tasks': [f'sweep_interval = {_SWEEP}']}
        )
        rig.services.restart('api1', {'VALENCE_FAIL': 'after_commit:exit9'})
        self.assertTrue(rig.wait_until_answers())
        series = self.compose_seldom(rig, count, 1 / _PAUSE)
        self.judge(rig)

        slowest = max(self.seconds_to_start(rig))
        self.note(f'started within {slowest:.2f} s; {series.statuses()}')
        self.assert_each_exists_once(rig, count)
        self.assertLess(slowest, 1.2 * _SWEEP + 1)
        # Each died, and was then found to have been accepted.
        self.assertGreaterEqual(series.statuses()[0], count)

    def test_row_04_killed_before_commit(self) -> None:
        count = chance.scale(30, 6)
        rig = self.new_rig(clients=1)
        turn = 3
        rig.services.restart(
            'api1', {'VALENCE_FAIL': f'before_commit:exit9@{turn}'}
        )
        self.assertTrue(rig.wait_until_answers())
        series = self.compose_seldom(rig, count, turn / _PAUSE / 2)
        verdict = self.judge(rig)

        self.note(f'{verdict.figures}; {series.statuses()}')
        self.assert_each_exists_once(rig, count)
        # What dies is sent again, and so counts for the next death.
        self.assertGreaterEqual(series.statuses()[0], count // turn)

    def compose_seldom(self, rig: Rig, count: int, pace: float) -> Series:
        """Ask for so many, with patience, and let the API come back."""
        series = rig.clients.compose_for(
            count / pace, pace, patience=_PATIENCE
        )
        self.assertEqual({0, 202}, set(series.statuses()))
        self.assertEqual(count, series.statuses()[202])
        return series

    def assert_each_exists_once(self, rig: Rig, count: int) -> None:
        tasks = rig.query(
            "SELECT COUNT(*) FROM tasks WHERE action = 'compose_node'"
        )
        nodes = rig.query('SELECT COUNT(*) FROM nodes')
        self.assertEqual([[count], [count]], [*tasks, *nodes])

    def seconds_to_start(self, rig: Rig) -> list[float]:
        """Give how long each task waited for a worker, by the database."""
        rows = rig.query(
            'SELECT started_at - created_at FROM tasks '
            "WHERE action = 'compose_node'"
        )
        return [row[0] / 1_000_000 for row in rows]
