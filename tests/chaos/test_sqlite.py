"""Row 14: valence-standalone, and a second process with its database."""

from tests.chaos.rig.case import ChaosCase
from tests.chaos.rig.load import Clients, Series
from tests.chaos.rig.pods import Pods
from tests.fixtures.programs import Program
from tests.fixtures.standalone import Standalone

#: Seconds for which Valence waits for the lock, as configured in its engine.
_WAITS = 15


class SqliteLocked(ChaosCase):
    def setUp(self) -> None:
        super().setUp()
        pods = self.useFixture(Pods(1, systems=100))
        self.standalone = self.useFixture(Standalone())
        self.standalone.wait_until_ready()
        self.rest = self.standalone.rest
        self.rest.register('pod', pods.urls[0])
        names = iter(f'node-{n}' for n in range(1000))
        self.clients = Clients(
            self.rest.url, lambda: {'name': next(names)}, count=10
        )

    def test_row_14_locked_for_a_while(self) -> None:
        seconds = 5
        self.lock(seconds)
        series = self.clients.compose_for(seconds, 2)
        self.note(f'slowest {series.slowest:.1f} s of {seconds} s')
        self.assertEqual({202: len(series.replies)}, series.statuses())
        # Otherwise nothing was shown: the first had to wait for the lock.
        self.assertGreater(series.slowest, seconds / 2)
        self.assert_all_completed(series)

    def test_row_14_locked_for_too_long(self) -> None:
        locker = self.lock(_WAITS + 5)
        refused = self.clients.compose(1).replies[0]
        self.note(f'{refused.status} after {refused.seconds:.1f} s')
        self.assertEqual(503, refused.status)
        self.assertIsNotNone(refused.retry_after)
        self.assertLess(refused.seconds, _WAITS + 3)
        self.assertEqual('free', locker.hear())
        self.assert_all_completed(self.clients.compose(5))

    def lock(self, seconds: float) -> Program:
        """Have the database locked for so long, from now on."""
        path = self.standalone.directory / 'state' / 'valence.sqlite'
        locker = self.useFixture(
            Program('tests.chaos.rig.locker', path, seconds)
        )
        self.assertEqual('locked', locker.hear())
        return locker

    def assert_all_completed(self, series: Series) -> None:
        states = {
            self.rest.ended(reply.task_uuid)['status']
            for reply in series.accepted
        }
        self.assertEqual({'Completed'}, states)
