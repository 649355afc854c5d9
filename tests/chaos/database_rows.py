"""Rows 11 to 13: the database, without which nothing new is accepted.

What was accepted is kept all the same, and who asks is told when to try
again. Each row is tried on both databases.
"""

import concurrent.futures
import pathlib
import time
from typing import ClassVar

from tests.chaos import rig as rig_package
from tests.chaos.rig import chance
from tests.chaos.rig.case import ChaosCase
from tests.chaos.rig.load import Series
from tests.chaos.rig.rig import Rig

_DEADLOCKS = pathlib.Path(rig_package.__file__).parent / 'deadlocks'
#: New nodes a second, while the database comes and goes.
_PACE = 20
#: Seconds that a client tries again.
_PATIENCE = 60


class DatabaseRows(ChaosCase):
    """No tests until a class names the database: see test_database.py."""

    kind: ClassVar[str]

    def test_row_11_database_killed(self) -> None:
        seconds = chance.scale(50, 10)
        rig = self.new_rig(
            database=self.kind,
            own_database=True,
            nodes=seconds * _PACE,
            clients=_PACE,
        )
        load = self.load_for(rig, seconds)
        for _ in range(chance.scale(3, 1)):
            time.sleep(self.random.uniform(1, 3))
            rig.database.kill()
            time.sleep(self.random.uniform(2, 4))
            rig.database.start()
        series = load.result()

        verdict = self.judge(rig)
        self.note(
            f'{self.kind}: {verdict.figures}; {series.statuses()}; '
            f'slowest answer {series.slowest:.1f} s'
        )
        self.assert_only_asked_to_wait(series)

    def test_row_12_deadlocks(self) -> None:
        count = chance.scale(500, 100)
        rig = self.new_rig(
            database=self.kind,
            nodes=count,
            env={
                'PYTHONPATH': str(_DEADLOCKS),
                'CHAOS_DEADLOCKS': '0.2',
                'CHAOS_SEED': str(self.random.getrandbits(32)),
            },
        )
        series = rig.compose(count)
        verdict = self.judge(rig)
        deadlocks = sum(
            rig.stack.log(name).count('chaos: deadlock')
            for name in rig.services.names()
        )
        self.note(f'{self.kind}: {verdict.figures}; {deadlocks} deadlocks')
        self.assertEqual({202: count}, series.statuses())
        # Otherwise nothing was shown.
        self.assertGreater(deadlocks, count // 2)

    def test_row_13_database_read_only(self) -> None:
        rig = self.new_rig(
            database=self.kind,
            own_database=True,
            unprivileged=True,
            nodes=20 * _PACE,
            clients=_PACE,
        )
        load = self.load_for(rig, 15)
        time.sleep(2)
        rig.database.make_read_only(True)
        time.sleep(8)
        rig.database.make_read_only(False)
        lifted_at = time.monotonic()
        series = load.result()

        verdict = self.judge(rig)
        back = series.accepts_after(lifted_at)
        self.note(
            f'{self.kind}: {verdict.figures}; {series.statuses()}; '
            f'accepts again after {back:.1f} s'
        )
        self.assert_only_asked_to_wait(series)
        self.assertLess(back, 10)
        # No row of a node without its task.
        self.assertEqual(
            {reply.node_uuid for reply in rig.accepted},
            {node['uuid'] for node in rig.rest.get('/v1/nodes')},
        )

    def load_for(
        self, rig: Rig, seconds: float
    ) -> concurrent.futures.Future[Series]:
        """Ask at an even pace, with patience, in the background."""
        return rig.in_background(
            lambda: rig.clients.compose_for(seconds, _PACE, patience=_PATIENCE)
        )

    def assert_only_asked_to_wait(self, series: Series) -> None:
        """Every answer was a 202, or a 503 that says when to try again."""
        statuses = series.statuses()
        self.assertEqual({202, 503}, set(statuses), str(statuses))
        for reply in series.replies:
            if reply.status == 503:
                self.assertTrue(reply.retry_after, str(reply))
