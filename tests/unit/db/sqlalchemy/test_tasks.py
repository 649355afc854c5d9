import time

import testtools

from tests.fixtures import database, rows
from tests.unit.db import queue
from valence.common import exception
from valence.db.api import Query

SECOND = queue.SECOND


class TasksTest(testtools.TestCase):
    """The rows: how they come, what is told of them, how they go."""

    backend = database.SQLITE

    def setUp(self):
        super().setUp()
        self.queue = self.useFixture(queue.Queue(self.backend))
        self.table = self.queue.table

    # create, get, list

    def test_create(self):
        new = rows.new_task(
            request={'name': 'n'},
            podm_id=rows.new_uuid(),
            resource_type='node',
            resource_uuid=rows.new_uuid(),
            project_id='blue',
            user_id='u',
            request_id='req-1',
            short=True,
        )
        self.table.create(task=new)
        task = self.queue.get(new.uuid)
        for name in type(new).__dataclass_fields__.keys() - {'deadline'}:
            self.assertEqual(getattr(new, name), getattr(task, name), name)
        self.assertEqual(
            ('pending', 0, 0, {}, None, False),
            (
                task.state,
                task.percent,
                task.attempt,
                task.memo,
                task.owner,
                task.cancel_requested,
            ),
        )
        self.assertIsNone(task.started_at)
        self.assertIsNone(task.finished_at)

    def test_deadline_is_so_many_seconds_after_the_creation(self):
        task = self.queue.get(self.queue.add(deadline=90))
        self.assertEqual(90 * SECOND, task.deadline_at - task.created_at)

    def test_no_deadline(self):
        self.assertIsNone(self.queue.get(self.queue.add()).deadline_at)

    def test_times_are_those_of_the_clock(self):
        before = time.time() * SECOND
        task = self.queue.get(self.queue.ended())
        after = time.time() * SECOND
        slack = 0.1 * SECOND
        for name in ('created_at', 'started_at', 'updated_at', 'finished_at'):
            value = getattr(task, name)
            self.assertTrue(before - slack < value < after + slack, name)

    def test_get_within_a_project(self):
        uuid = self.queue.add(project_id='blue')
        self.assertEqual(
            uuid, self.table.get(uuid=uuid, project_id='blue').uuid
        )
        self.assertRaises(
            exception.TaskNotFound, self.table.get, uuid=uuid, project_id='red'
        )

    def test_get_unknown(self):
        uuid = rows.new_uuid()
        error = self.assertRaises(exception.TaskNotFound, self.queue.get, uuid)
        self.assertIn(uuid, error.detail)

    def test_list(self):
        one = self.queue.add(project_id='blue')
        self.queue.add(project_id='red')
        query = Query(filters={'project_id': 'blue'})
        self.assertEqual([self.queue.get(one)], self.table.list(query=query))

    # ended, count_open, count_pending

    def test_ended(self):
        done = self.queue.ended()
        failed = self.queue.ended('failed')
        cancelled = self.queue.ended('cancelled')
        running, _ = self.queue.claimed()
        pending = self.queue.add()
        gone = rows.new_uuid()
        found = self.table.ended(
            uuids=[pending, running.uuid, done, failed, cancelled, gone]
        )
        self.assertEqual({done, failed, cancelled, gone}, found)

    def test_open_is_what_has_not_ended(self):
        for state in ('completed', 'failed', 'cancelled'):
            self.queue.ended(state)
        self.assertEqual(0, self.table.count_open(most=10))
        self.queue.waiting()
        self.queue.claimed()
        self.queue.add()
        self.assertEqual(3, self.table.count_open(most=10))

    def test_open_are_counted_up_to_so_many(self):
        for _ in range(3):
            self.queue.add()
        self.assertEqual(2, self.table.count_open(most=2))

    def test_pending_is_what_no_worker_has_begun(self):
        self.queue.ended()
        self.queue.waiting()
        self.queue.claimed()
        self.queue.add(topic='other')
        for _ in range(3):
            self.queue.add()
        self.assertEqual(
            [3, 2, 1],
            [
                self.table.count_pending(topic=topic, most=most)
                for topic, most in (
                    (rows.TOPIC, 10),
                    (rows.TOPIC, 2),
                    ('other', 10),
                )
            ],
        )

    # cancel

    def test_cancelled_before_it_began(self):
        uuid = self.queue.add()
        self.queue.set_times(uuid, due_at=600)
        self.table.cancel(uuid=uuid)
        (task,) = self.queue.claim()
        self.assertEqual((uuid, True), (task.uuid, task.cancel_requested))

    def test_cancelled_while_it_waits_is_due_at_once(self):
        uuid = self.queue.waiting()
        self.table.cancel(uuid=uuid)
        (task,) = self.queue.claim()
        self.assertEqual((uuid, True), (task.uuid, task.cancel_requested))

    def test_cancelled_while_it_runs_is_only_told(self):
        task, lease = self.queue.claimed()
        self.table.cancel(uuid=task.uuid)
        found = self.queue.get(task.uuid)
        self.assertEqual(
            (True, 'running', task.due_at),
            (found.cancel_requested, found.state, found.due_at),
        )
        self.assertEqual([], self.queue.claim())
        self.table.record(lease=lease, values={'percent': 9})

    def test_cancel_an_ended_task(self):
        for state, word in (
            ('completed', 'Completed'),
            ('failed', 'Failed'),
            ('cancelled', 'Cancelled'),
        ):
            uuid = self.queue.ended(state)
            before = self.queue.get(uuid)
            error = self.assertRaises(
                exception.TaskEnded, self.table.cancel, uuid=uuid
            )
            self.assertIn(word, error.detail)
            self.assertEqual(before, self.queue.get(uuid))

    def test_cancel_unknown(self):
        uuid = rows.new_uuid()
        error = self.assertRaises(
            exception.TaskNotFound, self.table.cancel, uuid=uuid
        )
        self.assertIn(uuid, error.detail)

    def test_cancel_twice(self):
        running, _ = self.queue.claimed()
        for uuid in (self.queue.add(), running.uuid):
            self.table.cancel(uuid=uuid)
            self.table.cancel(uuid=uuid)
            self.assertTrue(self.queue.get(uuid).cancel_requested)

    def test_cancel_is_for_one(self):
        other = self.queue.waiting()
        self.table.cancel(uuid=self.queue.add())
        self.assertFalse(self.queue.get(other).cancel_requested)

    # delete

    def test_delete_an_ended_task(self):
        ended = self.queue.ended()
        other = self.queue.add()
        self.table.delete(uuid=ended)
        self.assertEqual({other}, self.queue.all())

    def test_delete_a_task_that_has_not_ended(self):
        task, _ = self.queue.claimed()
        error = self.assertRaises(
            exception.TaskNotEnded, self.table.delete, uuid=task.uuid
        )
        self.assertIn('In Progress', error.detail)
        self.assertEqual(task, self.queue.get(task.uuid))

    def test_delete_unknown(self):
        self.assertRaises(
            exception.TaskNotFound, self.table.delete, uuid=rows.new_uuid()
        )

    # forget

    def forget(self):
        self.table.forget(action='sync', resource_uuid='r')

    def test_forget_what_has_ended(self):
        for state in ('completed', 'failed', 'cancelled'):
            self.queue.ended(state, action='sync', resource_uuid='r')
        self.forget()
        self.assertEqual(set(), self.queue.all())

    def test_forget_nothing_that_is_open(self):
        tasks = [
            self.queue.waiting(action='sync', resource_uuid='r'),
            self.queue.add(action='sync', resource_uuid='r'),
        ]
        self.forget()
        self.assertEqual(set(tasks), self.queue.all())

    def test_forget_nothing_that_somebody_asked_for(self):
        asked = self.queue.ended(
            action='sync', resource_uuid='r', request_id='req-1'
        )
        self.forget()
        self.assertEqual({asked}, self.queue.all())

    def test_forget_nothing_of_others(self):
        others = [
            self.queue.ended(action='probe', resource_uuid='r'),
            self.queue.ended(action='sync', resource_uuid='s'),
            self.queue.ended(action='sync'),
        ]
        self.forget()
        self.assertEqual(set(others), self.queue.all())

    # purge

    def test_purge_by_the_age_of_the_end(self):
        old, fresh = self.queue.ended(), self.queue.ended()
        self.queue.set_times(old, created_at=-99, finished_at=-61)
        self.queue.set_times(fresh, created_at=-99, finished_at=-59)
        self.assertEqual(1, self.table.purge(age=60, limit=10))
        self.assertEqual({fresh}, self.queue.all())

    def test_purge_of_all_ends(self):
        for state in ('completed', 'failed', 'cancelled'):
            uuid = self.queue.ended(state)
            self.queue.set_times(uuid, created_at=-99, finished_at=-99)
        self.assertEqual(3, self.table.purge(age=60, limit=10))
        self.assertEqual(set(), self.queue.all())

    def test_purge_leaves_what_is_open(self):
        tasks = [self.queue.waiting(), self.queue.add()]
        for uuid in tasks:
            self.queue.set_times(uuid, created_at=-99)
        self.assertEqual(0, self.table.purge(age=60, limit=10))
        self.assertEqual(set(tasks), self.queue.all())

    def test_purge_takes_so_many_the_oldest_first(self):
        tasks = [self.queue.ended() for _ in range(3)]
        for age, uuid in zip((80, 90, 70), tasks, strict=True):
            self.queue.set_times(uuid, created_at=-age, finished_at=-age)
        self.assertEqual(1, self.table.purge(age=60, limit=1))
        self.assertEqual({tasks[0], tasks[2]}, self.queue.all())
        self.assertEqual(2, self.table.purge(age=60, limit=10))
        self.assertEqual(0, self.table.purge(age=60, limit=10))
