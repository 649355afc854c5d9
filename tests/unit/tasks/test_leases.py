import time

import testtools

from tests.fixtures import rows
from tests.unit.tasks import working
from valence.db.api import LeaseLost
from valence.tasks.leases import Leases
from valence.tasks.run import Leaving


class LeasesTest(testtools.TestCase):
    lease = 30

    def setUp(self):
        super().setUp()
        self.engine = self.useFixture(working.Engine())
        self.leases = Leases(self.engine.database, rows.OWNER, self.lease)

    def run_of_claimed(self, lease=30, **values):
        self.engine.add(**values)
        (task,) = rows.claim(self.engine.database, lease=lease)
        run = self.engine.run_of(task, lease=lease)
        self.leases.add(run)
        return run

    def test_renewed_is_kept(self):
        run = self.run_of_claimed(lease=0)
        self.leases.renew()
        self.assertEqual([], rows.claim(self.engine.database))
        uuid = run.task.uuid
        left = self.engine.get(uuid).due_at - run.task.due_at
        self.assertGreater(left, 20 * 1_000_000)

    def test_lost_is_told(self):
        kept, lost = self.run_of_claimed(), self.run_of_claimed(lease=0)
        rows.claim(self.engine.database, owner='there:boot')
        self.leases.renew()
        kept.check()
        self.assertRaises(LeaseLost, lost.check)

    def test_removed_is_not_renewed(self):
        run = self.run_of_claimed(lease=0)
        self.leases.remove(run)
        self.leases.renew()
        self.assertEqual(1, len(rows.claim(self.engine.database)))
        self.assertEqual(0, len(self.leases))

    def test_newer_attempt_takes_the_place_of_an_older_one(self):
        older = self.run_of_claimed(lease=0)
        (task,) = rows.claim(self.engine.database)
        newer = self.engine.run_of(task)
        self.leases.add(newer)
        self.assertRaises(LeaseLost, older.check)
        self.leases.remove(older)
        newer.check()
        self.assertEqual([task.uuid], self.leases.give_up())

    def test_given_up_are_lost(self):
        run = self.run_of_claimed()
        self.assertEqual([run.task.uuid], self.leases.give_up())
        self.assertRaises(LeaseLost, run.check)

    def test_renews_by_itself(self):
        leases = Leases(self.engine.database, rows.OWNER, 2)
        self.engine.add()
        (task,) = rows.claim(self.engine.database, lease=2)
        leases.add(self.engine.run_of(task))
        leases.start()
        self.addCleanup(leases.stop)
        end = time.monotonic() + 3
        while time.monotonic() < end:
            taken = rows.claim(self.engine.database, owner='there:boot')
            self.assertEqual([], taken)
            time.sleep(0.1)

    def test_cancel_is_told(self):
        one, other = self.run_of_claimed(), self.run_of_claimed()
        self.engine.database.tasks.cancel(uuid=one.task.uuid)
        self.leases.hear_cancels()
        self.assertEqual((True, False), (one.cancelled, other.cancelled))

    def test_cancel_of_a_removed_one_is_not_told(self):
        run = self.run_of_claimed()
        self.engine.database.tasks.cancel(uuid=run.task.uuid)
        self.leases.remove(run)
        self.leases.hear_cancels()
        self.assertFalse(run.cancelled)

    def test_cancel_is_heard_by_itself(self):
        run = self.run_of_claimed()
        self.leases.start()
        self.addCleanup(self.leases.stop)
        self.engine.database.tasks.cancel(uuid=run.task.uuid)
        started = time.monotonic()
        working.wait_until(lambda: run.cancelled)
        self.assertLess(time.monotonic() - started, 5)

    def test_all_are_told_to_leave(self):
        runs = [self.run_of_claimed() for _ in range(2)]
        self.leases.leave()
        for run in runs:
            self.assertRaises(Leaving, run.check)
        self.assertEqual(2, len(self.leases))

    def test_count_of_those_that_are_not_short(self):
        for short in (True, False, False):
            self.run_of_claimed(short=short)
        self.assertEqual(2, self.leases.count_long())
