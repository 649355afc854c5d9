import testtools

from tests.fixtures import database, rows
from tests.unit.db import queue
from valence.db.api import Lease, LeaseLost


class QueueTest(testtools.TestCase):
    """What the one who has a task may write, and nobody else."""

    backend = database.SQLITE

    def setUp(self):
        super().setUp()
        self.queue = self.useFixture(queue.Queue(self.backend))
        self.table = self.queue.table

    # renew

    def test_renew_tells_what_is_held(self):
        held, _ = self.queue.claimed()
        other, _ = self.queue.claimed(owner='there:boot')
        ended = self.queue.ended()
        found = self.table.renew(
            owner=rows.OWNER,
            uuids=[held.uuid, other.uuid, ended, rows.new_uuid()],
            lease=30,
        )
        self.assertEqual({held.uuid}, found)
        self.assertEqual(other, self.queue.get(other.uuid))

    def test_renewed_lease_is_kept_longer(self):
        task, _ = self.queue.claimed(lease=0)
        self.table.renew(owner=rows.OWNER, uuids=[task.uuid], lease=30)
        self.assertEqual([], self.queue.claim())

    # fenced writes

    def test_record(self):
        task, lease = self.queue.claimed()
        podm_id = rows.new_uuid()
        values = {
            'step': 'allocate',
            'percent': 10,
            'message': 'm',
            'memo': {'tried': {}},
            'podm_id': podm_id,
        }
        self.table.record(lease=lease, values=values)
        found = self.queue.get(task.uuid)
        for name, value in values.items():
            self.assertEqual(value, getattr(found, name), name)
        self.assertGreaterEqual(found.updated_at, task.updated_at)
        self.assertEqual(task.due_at, found.due_at)

    def test_record_many_skips_what_is_lost(self):
        taken, lost = self.queue.taken_over()
        task, lease = self.queue.claimed()
        self.table.record_many(
            records=[(lost, {'percent': 5}), (lease, {'percent': 7})]
        )
        self.assertEqual(taken, self.queue.get(taken.uuid))
        self.assertEqual(7, self.queue.get(task.uuid).percent)

    def test_wait(self):
        task, lease = self.queue.claimed()
        self.table.wait(lease=lease, delay=30, values={'memo': {'looks': 1}})
        found = self.queue.get(task.uuid)
        self.assertEqual(
            ('waiting', None, {'looks': 1}, 1),
            (found.state, found.owner, found.memo, found.attempt),
        )
        left = self.queue.seconds_until(found.due_at)
        self.assertTrue(20 < left <= 30, left)
        self.assertEqual([], self.queue.claim())

    def test_claim_after_the_wait(self):
        task, lease = self.queue.claimed()
        self.table.wait(lease=lease, delay=0, values={})
        (again,) = self.queue.claim()
        self.assertEqual((task.uuid, 2), (again.uuid, again.attempt))

    def hand_over(self, lease, **more):
        values = {'topic': 'valence-conductor', 'short': False, 'values': {}}
        self.table.hand_over(lease=lease, **{**values, **more})

    def test_hand_over(self):
        task, lease = self.queue.claimed()
        self.hand_over(lease, values={'percent': 3})
        self.assertEqual([], self.queue.claim())
        (again,) = self.queue.claim(topic='valence-conductor')
        self.assertEqual((task.uuid, 3), (again.uuid, again.percent))

    def test_hand_over_says_whether_the_rest_is_short(self):
        for short in (True, False):
            task, lease = self.queue.claimed()
            self.hand_over(lease, short=short)
            self.assertIs(short, self.queue.get(task.uuid).short)

    def test_finish_completed(self):
        task, lease = self.queue.claimed()
        self.table.finish(
            lease=lease, state='completed', message='done', result={'a': 1}
        )
        found = self.queue.get(task.uuid)
        self.assertEqual(
            ('completed', 100, 'done', {'a': 1}, None, None),
            (
                found.state,
                found.percent,
                found.message,
                found.result,
                found.error,
                found.due_at,
            ),
        )
        self.assertTrue(found.ended)

    def test_finish_failed_leaves_the_percentage(self):
        task, lease = self.queue.claimed()
        self.table.record(lease=lease, values={'percent': 30})
        error = {'status': 409, 'detail': 'no'}
        self.table.finish(
            lease=lease, state='failed', message='no', error=error
        )
        found = self.queue.get(task.uuid)
        self.assertEqual(
            ('failed', 30, error), (found.state, found.percent, found.error)
        )

    def test_message_that_is_too_long_is_cut(self):
        task, lease = self.queue.claimed()
        self.table.finish(
            lease=lease, state='failed', message='ä' * 100_000, error={}
        )
        self.assertEqual('ä' * 10_000, self.queue.get(task.uuid).message)

    # writes with a lease that was lost

    def assert_fenced(self, write):
        """Check that a write with a lost lease raises, changing nothing."""
        taken, lost = self.queue.taken_over()
        self.assertRaises(LeaseLost, write, lost)
        self.assertEqual(taken, self.queue.get(taken.uuid))

    def record(self, lease):
        self.table.record(lease=lease, values={'percent': 9})

    def test_hold(self):
        task, lease = self.queue.claimed()
        self.table.hold(lease=lease)
        self.assertEqual(task, self.queue.get(task.uuid))

    def test_hold_after_takeover(self):
        self.assert_fenced(lambda lease: self.table.hold(lease=lease))

    def test_record_after_takeover(self):
        self.assert_fenced(self.record)

    def test_wait_after_takeover(self):
        self.assert_fenced(
            lambda lease: self.table.wait(lease=lease, delay=0, values={})
        )

    def test_hand_over_after_takeover(self):
        self.assert_fenced(self.hand_over)

    def test_finish_after_takeover(self):
        self.assert_fenced(
            lambda lease: self.table.finish(
                lease=lease, state='completed', message=''
            )
        )

    def test_earlier_attempt_of_the_same_owner_is_fenced(self):
        _, lost = self.queue.claimed(lease=0)
        (again,) = self.queue.claim()
        self.assertEqual(again.owner, lost.owner)
        self.assertRaises(LeaseLost, self.record, lost)
        self.assertEqual(again, self.queue.get(again.uuid))

    def test_finish_twice(self):
        task, lease = self.queue.claimed()
        self.table.finish(lease=lease, state='completed', message='once')
        self.assertRaises(
            LeaseLost,
            self.table.finish,
            lease=lease,
            state='failed',
            message='twice',
        )
        self.assertEqual('once', self.queue.get(task.uuid).message)

    def test_write_while_waiting(self):
        _, lease = self.queue.claimed()
        self.table.wait(lease=lease, delay=30, values={})
        self.assertRaises(LeaseLost, self.record, lease)

    def test_lease_on_nothing(self):
        lease = Lease(rows.new_uuid(), rows.OWNER, 1)
        self.assertRaises(LeaseLost, self.record, lease)

    # release

    def test_release(self):
        task, lease = self.queue.claimed()
        self.table.release(owner=rows.OWNER, uuids=[task.uuid])
        found = self.queue.get(task.uuid)
        self.assertEqual(('pending', None), (found.state, found.owner))
        (again,) = self.queue.claim(owner='there:boot')
        self.assertEqual((task.uuid, 2), (again.uuid, again.attempt))
        self.assertRaises(LeaseLost, self.record, lease)

    def test_release_of_own_only(self):
        other, _ = self.queue.claimed(owner='there:boot')
        self.table.release(
            owner=rows.OWNER, uuids=[other.uuid, rows.new_uuid()]
        )
        self.assertEqual(other, self.queue.get(other.uuid))

    def test_release_leaves_an_ended_task(self):
        uuid = self.queue.ended()
        ended = self.queue.get(uuid)
        self.table.release(owner=rows.OWNER, uuids=[uuid])
        self.assertEqual(ended, self.queue.get(uuid))

    # cancelled

    def test_cancelled_tells_those_that_were_asked_to_stop(self):
        one, two, other = (self.queue.add() for _ in range(3))
        for uuid in (one, other):
            self.table.cancel(uuid=uuid)
        found = self.table.cancelled(uuids=[one, two, rows.new_uuid()])
        self.assertEqual({one}, found)

    # A stop that is asked for while a worker puts the task to wait

    def wait_after_cancel(self, heard):
        task, lease = self.queue.claimed()
        self.table.cancel(uuid=task.uuid)
        self.table.wait(lease=lease, delay=600, values={}, heard=heard)
        return task.uuid

    def test_wait_of_one_who_has_not_heard_of_the_cancel_is_none(self):
        uuid = self.wait_after_cancel(heard=False)
        self.assertEqual({uuid}, self.queue.given())

    def test_wait_of_one_who_has_heard_of_the_cancel_is_kept(self):
        self.wait_after_cancel(heard=True)
        self.assertEqual(set(), self.queue.given())

    # wake

    def test_waiting_for_a_pod_manager_is_due_at_once(self):
        podm = rows.new_uuid()
        uuid = self.queue.waiting(podm_id=podm)
        self.table.wake(podm_id=podm)
        self.assertEqual({uuid}, self.queue.given())

    def test_waiting_for_others_is_not_woken(self):
        self.queue.waiting(podm_id=rows.new_uuid())
        self.queue.waiting()
        self.table.wake(podm_id=rows.new_uuid())
        self.assertEqual(set(), self.queue.given())

    def test_running_is_not_woken(self):
        podm = rows.new_uuid()
        self.queue.add(podm_id=podm)
        (task,) = self.queue.claim()
        self.table.wake(podm_id=podm)
        self.assertEqual(task, self.queue.get(task.uuid))
