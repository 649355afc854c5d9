import dataclasses
import time

import testtools

from tests.fixtures import rows
from tests.unit.tasks import working
from valence.db.api import LeaseLost


class TaskRunTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.engine = self.useFixture(working.Engine())

    def claimed(self, lease=30):
        self.engine.add()
        (task,) = rows.claim(self.engine.database, lease=lease)
        return self.engine.run_of(task, lease=lease)

    def next(self, run, **values):
        """Give the run of the attempt after a run's."""
        task = dataclasses.replace(
            run.task, attempt=run.task.attempt + 1, **values
        )
        return self.engine.run_of(task)

    def test_first_attempt_takes_nothing_over(self):
        self.assertFalse(self.claimed().taken_over)

    def test_attempt_after_one_that_left_in_order(self):
        run = self.claimed()
        memo = run.leaving()['memo']
        self.assertFalse(self.next(run, memo=memo).taken_over)

    def test_attempt_after_one_that_broke_off(self):
        run = self.claimed()
        self.assertTrue(self.next(run).taken_over)
        memo = run.leaving()['memo']
        third = self.next(self.next(run, memo=memo))
        self.assertTrue(third.taken_over)

    def test_remember_is_written_at_once(self):
        run = self.claimed()
        run.progress('step', 10, 'working')
        run.remember(sent=True)
        task = self.engine.get(run.task.uuid)
        self.assertEqual(
            ({'sent': True}, 'step', 10, 'working'),
            (task.memo, task.step, task.percent, task.message),
        )

    def test_remember_adds_to_what_is_known(self):
        run = self.claimed()
        run.remember(one=1)
        run.remember(two=2)
        self.assertEqual(
            {'one': 1, 'two': 2}, self.engine.get(run.task.uuid).memo
        )

    def test_leaving_carries_progress_and_memo(self):
        run = self.claimed()
        run.progress('step', 10, 'working')
        run.memo['one'] = 1
        left = run.leaving()
        self.assertEqual('step', left['step'])
        self.assertEqual(1, left['memo']['one'])

    def test_lost(self):
        run = self.claimed()
        run.check()
        run.lost()
        for act in (
            run.check,
            lambda: run.progress('step', 10, ''),
            lambda: run.remember(sent=True),
        ):
            self.assertRaises(LeaseLost, act)
        self.assertEqual({}, self.engine.get(run.task.uuid).memo)

    def test_lease_is_given_up_before_it_ends(self):
        run = self.claimed(lease=1)
        time.sleep(0.6)
        self.assertRaises(LeaseLost, run.check)
        # Nobody else could have taken it yet, or not by much.
        run.renewed(time.monotonic())
        run.check()

    def test_renewal_counts_from_when_it_was_sent(self):
        run = self.claimed(lease=1)
        run.renewed(time.monotonic() - 0.6)
        self.assertRaises(LeaseLost, run.check)

    def test_remember_after_takeover(self):
        run = self.claimed(lease=0)
        run.renewed(time.monotonic() + 30)
        (taken,) = rows.claim(self.engine.database, owner='there:boot')
        self.assertRaises(LeaseLost, run.remember, sent=True)
        self.assertEqual(taken, self.engine.get(taken.uuid))
