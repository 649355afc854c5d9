import dataclasses
import time

import testtools

from tests.fixtures import rows
from tests.unit.tasks import working
from valence.common import exception
from valence.db.api import LeaseLost
from valence.tasks.run import Leaving, Stopped

SECOND = 1_000_000


class TaskRunTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.engine = self.useFixture(working.Engine())

    def claimed(self, lease=30, **values):
        self.engine.add(**values)
        (task,) = rows.claim(self.engine.database, lease=lease)
        return self.engine.run_of(task, lease=lease)

    def next(self, run, **values):
        """Give the run of the attempt after a run's."""
        task = dataclasses.replace(
            run.task, attempt=run.task.attempt + 1, **values
        )
        return self.engine.run_of(task)

    def test_pod_manager(self):
        podm = rows.add_pod_manager(self.engine.database)
        self.assertEqual(podm, self.claimed(podm_id=podm.uuid).podm)

    def test_pod_manager_that_is_gone(self):
        for podm_id in (rows.new_uuid(), None):
            run = self.claimed(podm_id=podm_id)
            error = self.assertRaises(
                exception.PodManagerNotFound, lambda run=run: run.podm
            )
            self.assertIn(str(podm_id), error.detail)

    def test_first_attempt_takes_nothing_over(self):
        self.assertFalse(self.claimed().taken_over)

    def test_attempt_after_one_that_left_in_order(self):
        run = self.claimed()
        memo = run.last_words()['memo']
        self.assertFalse(self.next(run, memo=memo).taken_over)

    def test_attempt_after_one_that_broke_off(self):
        run = self.claimed()
        self.assertTrue(self.next(run).taken_over)
        memo = run.last_words()['memo']
        third = self.next(self.next(run, memo=memo))
        self.assertTrue(third.taken_over)

    def test_any_attempt_that_broke_off_is_known_ever_after(self):
        run = self.claimed()
        self.assertFalse(run.ever_taken_over)
        second = self.next(run)
        self.assertTrue(second.ever_taken_over)
        memo = second.last_words()['memo']
        third = self.next(second, memo=memo)
        self.assertEqual(
            (False, True), (third.taken_over, third.ever_taken_over)
        )
        memo = third.last_words()['memo']
        self.assertTrue(self.next(third, memo=memo).ever_taken_over)

    def test_attempts_in_good_order_leave_no_such_mark(self):
        run = self.claimed()
        second = self.next(run, memo=run.last_words()['memo'])
        self.assertFalse(second.ever_taken_over)

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

    def test_last_words_carry_progress_and_memo(self):
        run = self.claimed()
        run.progress('step', 10, 'working')
        run.memo['one'] = 1
        left = run.last_words()
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

    # Times

    def test_now_is_counted_on_from_the_claim(self):
        run = self.claimed(lease=20)
        time.sleep(0.1)
        passed = (run.now - run.task.started_at) / SECOND
        self.assertTrue(0.1 <= passed < 5, passed)

    def test_now_is_by_the_clock_of_the_database(self):
        """The local clock may be another hour."""
        run = self.claimed()
        task = dataclasses.replace(run.task, due_at=3_000 * SECOND)
        passed = self.engine.run_of(task, lease=30).now / SECOND - 2_970
        self.assertTrue(0 <= passed < 1, passed)

    def test_seconds_since(self):
        run = self.claimed()
        since = run.seconds_since(run.task.started_at - 90 * SECOND)
        self.assertTrue(90 <= since < 95, since)

    def test_seconds_left(self):
        left = self.claimed(deadline=60).seconds_left
        self.assertTrue(55 < left <= 60, left)

    def test_no_deadline(self):
        self.assertIsNone(self.claimed().seconds_left)

    def test_past_the_deadline(self):
        run = self.claimed(deadline=0)
        self.assertEqual(0, run.seconds_left)

    def test_deadline_by_the_clock_of_the_database(self):
        run = self.claimed()
        task = dataclasses.replace(
            run.task, due_at=3_000 * SECOND, deadline_at=3_030 * SECOND
        )
        left = self.engine.run_of(task, lease=30).seconds_left
        self.assertTrue(59 < left <= 60, left)

    # check

    def stoppable(self, **values):
        run = self.claimed(**values)
        run.stoppable = True
        return run

    def test_cancelled_by_its_row(self):
        run = self.claimed()
        run = self.next(run, cancel_requested=True)
        self.assertTrue(run.cancelled)

    def test_cancelled_is_stopped(self):
        run = self.stoppable()
        run.check()
        run.cancel()
        for act in (
            run.check,
            lambda: run.progress('step', 10, ''),
            lambda: run.remember(sent=True),
        ):
            self.assertRaises(Stopped, act)
        self.assertEqual({}, self.engine.get(run.task.uuid).memo)

    def test_past_its_deadline_is_stopped(self):
        run = self.stoppable(deadline=1)
        run.check()
        working.wait_until(lambda: run.seconds_left == 0)
        self.assertRaises(Stopped, run.check)

    def test_not_stoppable_is_not_stopped(self):
        run = self.claimed(deadline=0)
        run.cancel()
        run.check()

    def test_left_when_the_process_ends(self):
        run = self.claimed()
        run.leave()
        for act in (
            run.check,
            lambda: run.progress('step', 10, ''),
            lambda: run.remember(sent=True),
        ):
            self.assertRaises(Leaving, act)
        self.assertEqual({}, run.memo)

    def test_lost_comes_before_all(self):
        run = self.stoppable()
        run.cancel()
        run.leave()
        run.lost()
        self.assertRaises(LeaseLost, run.check)

    def test_left_comes_before_stopped(self):
        run = self.stoppable()
        run.cancel()
        run.leave()
        self.assertRaises(Leaving, run.check)

    # seconds_to_stop

    def test_never_to_be_stopped(self):
        run = self.claimed(deadline=0)
        run.cancel()
        self.assertEqual(float('inf'), run.seconds_to_stop)
        self.assertEqual(float('inf'), self.stoppable().seconds_to_stop)

    def test_to_be_stopped_at_the_deadline(self):
        left = self.stoppable(deadline=60).seconds_to_stop
        self.assertTrue(55 < left <= 60, left)

    def test_to_be_stopped_at_once_when_it_is_cancelled(self):
        run = self.stoppable(deadline=60)
        run.cancel()
        self.assertEqual(0, run.seconds_to_stop)
