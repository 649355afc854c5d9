import threading
import time

import testtools

from tests.unit.tasks import working
from valence.common import exception
from valence.db.api import LeaseLost
from valence.tasks.outcome import Completed


def done(run):
    return Completed('done')


class OutagesTest(testtools.TestCase):
    """Workers while the database is away."""

    def setUp(self):
        super().setUp()
        self.engine = self.useFixture(working.Engine())
        self.database = self.engine.database

    def break_database(self, table, name, times):
        """Make a method fail so many times as it does in an outage."""
        real = getattr(table, name)
        left = [times]

        def broken(*args, **kwargs):
            if left[0]:
                left[0] -= 1
                raise exception.DatabaseUnavailable
            return real(*args, **kwargs)

        self.patch(table, name, broken)
        return left

    def test_claims_again_after_an_outage(self):
        left = self.break_database(self.database.tasks, 'claim', 2)
        uuid = self.engine.add()
        with self.engine.running(working.Does(done), sweep_interval=0.05):
            self.assertEqual('completed', self.engine.ended(uuid).state)
        self.assertEqual([0], left)

    def test_outage_at_the_end_of_a_task(self):
        self.break_database(self.database, 'write', 1)
        seen = []

        def work(run):
            seen.append(run.taken_over)
            return Completed('done')

        uuid = self.engine.add()
        with self.engine.running(
            working.Does(work), lease=1, sweep_interval=0.1
        ):
            self.assertEqual('completed', self.engine.ended(uuid).state)
        self.assertEqual([False, True], seen)

    def test_outage_within_a_handler(self):
        seen = []
        nodes = self.database.nodes
        self.break_database(nodes, 'count_by_pod_manager', 1)

        def work(run):
            seen.append(run.taken_over)
            nodes.count_by_pod_manager()
            return Completed('done')

        handler = working.Does(work)
        uuid = self.engine.add()
        with self.engine.running(handler, lease=1, sweep_interval=0.1):
            self.assertEqual('completed', self.engine.ended(uuid).state)
        self.assertEqual([False, True], seen)
        self.assertEqual([], handler.failures)

    def test_outage_while_waiting_for_the_end(self):
        """Renewals fail for longer than the lease: the handler stops."""
        entered, go_on = threading.Event(), threading.Event()
        stopped = []

        def work(run):
            entered.set()
            go_on.wait(working.PATIENCE)
            try:
                run.check()
            except LeaseLost:
                stopped.append(run.task.attempt)
                raise
            return Completed('done')

        self.engine.add()
        with self.engine.running(working.Does(work), lease=1):
            entered.wait(working.PATIENCE)
            self.break_database(self.database.tasks, 'renew', 10**6)
            time.sleep(0.7)
            go_on.set()
            working.wait_until(lambda: stopped)
        self.assertEqual([1], stopped)
