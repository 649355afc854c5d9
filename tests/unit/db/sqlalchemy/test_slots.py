import testtools

from tests.fixtures import database, rows
from tests.unit.db import queue


class SlotsTest(testtools.TestCase):
    """No pod manager is given more than its max_tasks at once."""

    backend = database.SQLITE

    def setUp(self):
        super().setUp()
        self.queue = self.useFixture(queue.Queue(self.backend))
        self.table = self.queue.table

    def add_pod_manager(self, max_tasks):
        return self.queue.add_pod_manager(max_tasks=max_tasks).uuid

    def add(self, podm_id, count=1, due_at=0, **values):
        """Add tasks of a pod manager; give their uuids."""
        uuids = set()
        for _ in range(count):
            uuid = self.queue.add(podm_id=podm_id, **values)
            self.queue.set_times(uuid, due_at=due_at)
            uuids.add(uuid)
        return uuids

    def test_no_more_than_max_tasks(self):
        podm = self.add_pod_manager(2)
        self.add(podm, 5)
        self.assertEqual(2, len(self.queue.given()))
        self.assertEqual(set(), self.queue.given())

    def test_slots_that_others_use_count(self):
        podm = self.add_pod_manager(3)
        self.add(podm, 5)
        self.assertEqual(2, len(self.queue.given(limit=2)))
        self.assertEqual(1, len(self.queue.given(owner='there:boot')))

    def test_slots_that_other_topics_use_count(self):
        podm = self.add_pod_manager(1)
        self.add(podm, topic='valence-conductor')
        self.queue.claim(topic='valence-conductor')
        self.add(podm)
        self.assertEqual(set(), self.queue.given())

    def test_short_and_long_ones_share_the_slots(self):
        podm = self.add_pod_manager(2)
        self.add(podm, 2)
        short = self.add(podm, short=True)
        given = self.queue.given()
        self.assertEqual(2, len(given))
        self.assertEqual(set(), short - given)

    def test_each_pod_manager_has_slots_of_its_own(self):
        one, two = self.add_pod_manager(1), self.add_pod_manager(2)
        self.add(one, 3)
        self.add(two, 3)
        given = [task.podm_id for task in self.queue.claim()]
        self.assertEqual(sorted([one, two, two]), sorted(given))

    def test_records_of_their_pod_managers(self):
        one, two = self.queue.add_pod_manager(), self.queue.add_pod_manager()
        self.queue.add_pod_manager()
        gone = rows.new_uuid()
        for podm_id in (one.uuid, one.uuid, two.uuid, gone, None):
            self.add(podm_id)
        claimed = rows.claim_with_full(self.queue.database)
        self.assertEqual(5, len(claimed.tasks))
        self.assertEqual({one.uuid: one, two.uuid: two}, claimed.podms)
        self.assertEqual(
            ('admin', 'admin'), claimed.podms[one.uuid].credentials()
        )

    def test_records_are_as_of_the_claim(self):
        podm = self.queue.add_pod_manager()
        self.add(podm.uuid)
        table = self.queue.database.pod_managers
        changed = table.update(uuid=podm.uuid, values={'name': 'other'})
        claimed = rows.claim_with_full(self.queue.database)
        self.assertEqual({podm.uuid: changed}, claimed.podms)

    def test_records_of_those_past_a_full_pod_manager(self):
        full = self.queue.add_pod_manager(max_tasks=1)
        other = self.queue.add_pod_manager()
        self.add(full.uuid, 3, due_at=-20)
        self.add(other.uuid, due_at=-10)
        claimed = rows.claim_with_full(self.queue.database, limit=3)
        self.assertEqual(2, len(claimed.tasks))
        self.assertEqual({full.uuid: full, other.uuid: other}, claimed.podms)

    def test_the_oldest_take_the_slots(self):
        podm = self.add_pod_manager(1)
        self.add(podm, 2, due_at=-10)
        (oldest,) = self.add(podm, due_at=-20)
        self.assertEqual({oldest}, self.queue.given())

    def test_max_tasks_that_is_raised_or_lowered_counts_at_once(self):
        podm = self.add_pod_manager(2)
        self.add(podm, 5)
        self.queue.given()
        for max_tasks, more in ((1, 0), (3, 1)):
            self.queue.database.pod_managers.update(
                uuid=podm, values={'max_tasks': max_tasks}
            )
            self.assertEqual(more, len(self.queue.given()))

    # What holds a slot, and what does not

    def fill(self):
        """Have the one slot of a pod manager taken; give the task."""
        podm = self.add_pod_manager(1)
        self.add(podm)
        (task,) = self.queue.claim()
        self.others = self.add(podm, 2)
        self.assertEqual(set(), self.queue.given())
        return task

    def assert_free(self):
        given = self.queue.given()
        self.assertEqual(1, len(given))
        self.assertEqual(set(), given - self.others)

    def test_ended_task_holds_none(self):
        lease = rows.lease_of(self.fill())
        self.table.finish(lease=lease, state='completed', message='')
        self.assert_free()

    def test_waiting_task_holds_none(self):
        lease = rows.lease_of(self.fill())
        self.table.wait(lease=lease, delay=600, values={})
        self.assert_free()

    def test_task_that_was_handed_over_holds_none(self):
        lease = rows.lease_of(self.fill())
        self.table.hand_over(
            lease=lease, topic='valence-conductor', short=True, values={}
        )
        self.assert_free()

    def test_task_whose_lease_has_ended_holds_none(self):
        task = self.fill()
        self.queue.set_times(task.uuid, due_at=-60)
        self.others.add(task.uuid)
        self.assert_free()

    def test_task_whose_lease_is_renewed_keeps_its_slot(self):
        task = self.fill()
        self.table.renew(owner=rows.OWNER, uuids=[task.uuid], lease=60)
        self.assertEqual(set(), self.queue.given())

    # Who is not held back

    def test_tasks_without_a_pod_manager(self):
        tasks = self.add(None, 3)
        self.assertEqual(tasks, self.queue.given())

    def test_tasks_of_a_pod_manager_that_is_gone(self):
        tasks = self.add(rows.new_uuid(), 3)
        self.assertEqual(tasks, self.queue.given())

    def test_newer_tasks_behind_those_of_a_full_pod_manager(self):
        full, other = self.add_pod_manager(1), self.add_pod_manager(4)
        self.add(full, 10, due_at=-60)
        behind = self.add(other) | self.add(None)
        given = self.queue.given(limit=3)
        self.assertEqual(set(), behind - given)
        self.assertEqual(3, len(given))

    def test_newer_tasks_behind_those_of_many_full_pod_managers(self):
        for _ in range(12):
            full = self.add_pod_manager(1)
            self.add(full)
            self.queue.claim()
            self.add(full, 2, due_at=-60)
        behind = self.add(self.add_pod_manager(1))
        self.assertEqual(behind, self.queue.given(limit=1))

    # Tasks that are stopped before they began

    def assert_held_back_but(self, *stopped):
        self.assertEqual(set(stopped), self.queue.given())

    def test_cancelled_before_it_began(self):
        self.fill()
        uuid, _ = self.others
        self.table.cancel(uuid=uuid)
        self.assert_held_back_but(uuid)

    def test_past_its_deadline_before_it_began(self):
        self.fill()
        uuid, other = self.others
        self.queue.set_times(uuid, deadline_at=-1)
        self.queue.set_times(other, deadline_at=60)
        self.assert_held_back_but(uuid)

    def test_cancelled_behind_others_of_a_full_pod_manager(self):
        """Found although those that are not given fill the first look."""
        podm = self.fill().podm_id
        (uuid,) = self.add(podm)
        self.table.cancel(uuid=uuid)
        self.queue.set_times(uuid, due_at=0)
        self.assertEqual({uuid}, self.queue.given(limit=1))

    def test_stopped_one_takes_no_slot_from_another(self):
        podm = self.add_pod_manager(1)
        (stopped,) = self.add(podm, due_at=-60)
        self.table.cancel(uuid=stopped)
        other = self.add(podm, due_at=60)
        self.queue.set_times(*other, due_at=0)
        self.assertEqual({stopped} | other, self.queue.given())

    def test_cancelled_after_it_began_needs_a_slot(self):
        task = self.fill()
        self.table.wait(
            lease=rows.lease_of(task), delay=600, values={}, heard=True
        )
        self.assert_free()
        self.table.cancel(uuid=task.uuid)
        self.assertEqual(set(), self.queue.given())

    # What the claimer is told

    def full(self, **more):
        return set(self.queue.claim_with_full(**more).full)

    def test_told_that_it_is_full(self):
        podm = self.add_pod_manager(1)
        self.add(podm, 2)
        self.assertEqual({podm}, self.full())
        self.assertEqual({podm}, self.full())

    def test_not_told_while_all_have_slots(self):
        podm = self.add_pod_manager(2)
        self.add(podm, 2)
        self.add(None)
        self.assertEqual(set(), self.full())

    def test_not_told_of_one_without_tasks_that_are_due(self):
        podm = self.add_pod_manager(1)
        self.add(podm)
        self.queue.claim()
        self.add(podm, due_at=600)
        self.assertEqual(set(), self.full())
