import testtools

from tests.fixtures import database, rows
from tests.unit.db import queue

SECOND = queue.SECOND


class ClaimsTest(testtools.TestCase):
    """Which tasks a claim gives, and in which order."""

    backend = database.SQLITE

    def setUp(self):
        super().setUp()
        self.queue = self.useFixture(queue.Queue(self.backend))

    def test_claim(self):
        uuid = self.queue.add()
        (task,) = self.queue.claim(lease=30)
        self.assertEqual(
            (uuid, 'running', rows.OWNER, 1),
            (task.uuid, task.state, task.owner, task.attempt),
        )
        self.assertEqual(task, self.queue.get(uuid))

    def test_lease_ends_by_the_clock_of_the_database(self):
        before = self.queue.now()
        task, _ = self.queue.claimed(lease=30)
        left = task.due_at - self.queue.now()
        spent = self.queue.now() - before
        self.assertTrue(30 * SECOND - spent <= left <= 30 * SECOND, left)

    def test_each_once(self):
        self.queue.add()
        self.assertEqual(1, len(self.queue.claim()))
        self.assertEqual([], self.queue.claim())

    def test_its_topic_only(self):
        self.queue.add(topic='valence-conductor')
        self.assertEqual([], self.queue.claim())

    def test_what_is_due_only(self):
        self.queue.set_times(self.queue.add(), due_at=60)
        due = self.queue.add()
        self.assertEqual({due}, self.queue.given())

    def test_oldest_first(self):
        uuids = [self.queue.add() for _ in range(4)]
        for number, each in enumerate(uuids):
            self.queue.set_times(each, due_at=-number)
        self.assertEqual(set(uuids[2:]), self.queue.given(limit=2))

    def test_no_ended_task(self):
        self.queue.ended()
        self.assertEqual([], self.queue.claim())

    def test_after_the_end_of_the_lease(self):
        task, _ = self.queue.claimed(lease=600)
        self.assertEqual([], self.queue.claim(owner='there:boot'))
        self.queue.set_times(task.uuid, due_at=-1)
        (again,) = self.queue.claim(owner='there:boot')
        self.assertEqual(task.uuid, again.uuid)
        self.assertEqual((2, 'there:boot'), (again.attempt, again.owner))
        self.assertEqual(task.started_at, again.started_at)

    # Short tasks

    def test_short_before_long(self):
        long = self.queue.add()
        self.queue.set_times(long, due_at=-60)
        short = self.queue.add(short=True)
        self.assertEqual({short}, self.queue.given(limit=1))
        self.assertEqual({long}, self.queue.given(limit=1))

    def test_long_ones_fill_up(self):
        tasks = {self.queue.add(short=short) for short in (True, False, False)}
        given = self.queue.given(limit=2)
        self.assertEqual(2, len(given))
        self.assertEqual(1, len(tasks - given))
        self.assertFalse(self.queue.get(*(tasks - given)).short)

    def test_no_more_long_ones_than_allowed(self):
        for _ in range(3):
            self.queue.add()
        shorts = {self.queue.add(short=True) for _ in range(2)}
        given = self.queue.given(limit=10, most_long=1)
        self.assertEqual(3, len(given))
        self.assertEqual(set(), shorts - given)

    def test_no_long_one_at_all(self):
        self.queue.add()
        short = self.queue.add(short=True)
        self.assertEqual({short}, self.queue.given(most_long=0))

    def test_no_more_long_ones_after_a_look_past_a_full_pod_manager(self):
        full = self.queue.add_pod_manager(max_tasks=1)
        for due_at in (-90, -80):
            uuid = self.queue.add(podm_id=full.uuid)
            self.queue.set_times(uuid, due_at=due_at)
        for _ in range(3):
            self.queue.add()
        self.assertEqual(2, len(self.queue.given(limit=10, most_long=2)))
