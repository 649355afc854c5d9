import time
import uuid

import testtools

from tests.fixtures import database, programs, rows
from valence.common import exception
from valence.db.api import Lease, LeaseLost, Query
from valence.db.sqlalchemy import models, types

SECOND = 1_000_000


class TasksTest(testtools.TestCase):
    backend = database.SQLITE

    def setUp(self):
        super().setUp()
        self.database = self.useFixture(
            database.Database(self.backend)
        ).database
        self.table = self.database.tasks

    def add(self, **values):
        return rows.add_task(self.database, **values)

    def get(self, uuid):
        return self.table.get(uuid=uuid)

    def claim(self, **more):
        return rows.claim(self.database, **more)

    def claimed(self, **more):
        """Add a task and claim it; give the task and its lease."""
        self.add()
        (task,) = self.claim(**more)
        return task, rows.lease_of(task)

    def taken_over(self):
        """Give a lease that was lost, and the task as its successor has it."""
        task, lost = self.claimed(lease=0)
        (task,) = self.claim(owner='there:boot')
        return task, lost

    def now(self):
        with self.database.engine.connect() as connection:
            return connection.execute(types.now()).scalar_one()

    def set_due(self, uuid, offset):
        """Make a task due so many microseconds from now."""
        with self.database.engine.begin() as connection:
            connection.execute(
                models.tasks.update()
                .where(models.tasks.c.uuid == uuid)
                .values(due_at=types.now() + offset)
            )

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
        )
        self.table.create(task=new)
        task = self.get(new.uuid)
        for name in type(new).__dataclass_fields__:
            self.assertEqual(getattr(new, name), getattr(task, name), name)
        self.assertEqual(
            ('pending', 0, 0, {}, None),
            (task.state, task.percent, task.attempt, task.memo, task.owner),
        )
        self.assertIsNone(task.started_at)
        self.assertIsNone(task.finished_at)

    def test_times_are_those_of_the_clock(self):
        before = time.time() * SECOND
        task, lease = self.claimed()
        self.table.finish(lease=lease, state='completed', message='')
        task = self.get(task.uuid)
        after = time.time() * SECOND
        slack = 0.1 * SECOND
        for name in ('created_at', 'started_at', 'updated_at', 'finished_at'):
            value = getattr(task, name)
            self.assertTrue(before - slack < value < after + slack, name)

    def test_get_within_a_project(self):
        uuid = self.add(project_id='blue')
        self.assertEqual(
            uuid, self.table.get(uuid=uuid, project_id='blue').uuid
        )
        self.assertRaises(
            exception.TaskNotFound, self.table.get, uuid=uuid, project_id='red'
        )

    def test_get_unknown(self):
        uuid = rows.new_uuid()
        error = self.assertRaises(exception.TaskNotFound, self.get, uuid)
        self.assertIn(uuid, error.detail)

    def test_list(self):
        one = self.add(project_id='blue')
        self.add(project_id='red')
        query = Query(filters={'project_id': 'blue'})
        self.assertEqual([self.get(one)], self.table.list(query=query))

    # claim

    def test_claim(self):
        uuid = self.add()
        (task,) = self.claim(lease=30)
        self.assertEqual(
            (uuid, 'running', rows.OWNER, 1),
            (task.uuid, task.state, task.owner, task.attempt),
        )
        self.assertEqual(task, self.get(uuid))

    def test_lease_ends_by_the_clock_of_the_database(self):
        before = self.now()
        task, _ = self.claimed(lease=30)
        left = task.due_at - self.now()
        spent = self.now() - before
        self.assertTrue(30 * SECOND - spent <= left <= 30 * SECOND, left)

    def test_claim_takes_each_once(self):
        self.add()
        self.assertEqual(1, len(self.claim()))
        self.assertEqual([], self.claim())

    def test_claim_takes_its_topic_only(self):
        self.add(topic='valence-conductor')
        self.assertEqual([], self.claim())

    def test_claim_takes_what_is_due_only(self):
        self.set_due(self.add(), 60 * SECOND)
        due = self.add()
        self.assertEqual([due], [task.uuid for task in self.claim()])

    def test_claim_takes_the_oldest_first(self):
        uuids = [self.add() for _ in range(4)]
        for number, each in enumerate(uuids):
            self.set_due(each, -number * SECOND)
        first = {task.uuid for task in self.claim(limit=2)}
        self.assertEqual(set(uuids[2:]), first)

    def test_claim_takes_no_ended_task(self):
        task, lease = self.claimed(lease=0)
        self.table.finish(lease=lease, state='completed', message='')
        self.assertEqual([], self.claim())

    def test_claim_after_the_end_of_the_lease(self):
        task, _ = self.claimed(lease=0.05)
        self.assertEqual([], self.claim(owner='there:boot'))
        time.sleep(0.06)
        (again,) = self.claim(owner='there:boot')
        self.assertEqual(task.uuid, again.uuid)
        self.assertEqual((2, 'there:boot'), (again.attempt, again.owner))
        self.assertEqual(task.started_at, again.started_at)

    # renew

    def test_renew_tells_what_is_held(self):
        held, _ = self.claimed()
        other, _ = self.claimed(owner='there:boot')
        ended, lease = self.claimed()
        self.table.finish(lease=lease, state='failed', message='')
        found = self.table.renew(
            owner=rows.OWNER,
            uuids=[held.uuid, other.uuid, ended.uuid, rows.new_uuid()],
            lease=30,
        )
        self.assertEqual({held.uuid}, found)
        self.assertEqual(other, self.get(other.uuid))

    def test_renewed_lease_is_kept_longer(self):
        task, _ = self.claimed(lease=0)
        self.table.renew(owner=rows.OWNER, uuids=[task.uuid], lease=30)
        self.assertEqual([], self.claim())

    # fenced writes

    def test_record(self):
        task, lease = self.claimed()
        podm_id = rows.new_uuid()
        values = {
            'step': 'allocate',
            'percent': 10,
            'message': 'm',
            'memo': {'tried': {}},
            'podm_id': podm_id,
        }
        self.table.record(lease=lease, values=values)
        found = self.get(task.uuid)
        for name, value in values.items():
            self.assertEqual(value, getattr(found, name), name)
        self.assertGreaterEqual(found.updated_at, task.updated_at)
        self.assertEqual(task.due_at, found.due_at)

    def test_record_many_skips_what_is_lost(self):
        taken, lost = self.taken_over()
        task, lease = self.claimed()
        self.table.record_many(
            records=[(lost, {'percent': 5}), (lease, {'percent': 7})]
        )
        self.assertEqual(taken, self.get(taken.uuid))
        self.assertEqual(7, self.get(task.uuid).percent)

    def test_wait(self):
        task, lease = self.claimed()
        self.table.wait(lease=lease, delay=30, values={'memo': {'looks': 1}})
        found = self.get(task.uuid)
        self.assertEqual(
            ('waiting', None, {'looks': 1}, 1),
            (found.state, found.owner, found.memo, found.attempt),
        )
        left = found.due_at - self.now()
        self.assertTrue(20 * SECOND < left <= 30 * SECOND, left)
        self.assertEqual([], self.claim())

    def test_claim_after_the_wait(self):
        task, lease = self.claimed()
        self.table.wait(lease=lease, delay=0, values={})
        (again,) = self.claim()
        self.assertEqual((task.uuid, 2), (again.uuid, again.attempt))

    def test_hand_over(self):
        task, lease = self.claimed()
        self.table.hand_over(
            lease=lease, topic='valence-conductor', values={'percent': 3}
        )
        self.assertEqual([], self.claim())
        (again,) = self.claim(topic='valence-conductor')
        self.assertEqual((task.uuid, 3), (again.uuid, again.percent))

    def test_finish_completed(self):
        task, lease = self.claimed()
        self.table.finish(
            lease=lease, state='completed', message='done', result={'a': 1}
        )
        found = self.get(task.uuid)
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
        task, lease = self.claimed()
        self.table.record(lease=lease, values={'percent': 30})
        error = {'status': 409, 'detail': 'no'}
        self.table.finish(
            lease=lease, state='failed', message='no', error=error
        )
        found = self.get(task.uuid)
        self.assertEqual(
            ('failed', 30, error), (found.state, found.percent, found.error)
        )

    def test_message_that_is_too_long_is_cut(self):
        task, lease = self.claimed()
        self.table.finish(
            lease=lease, state='failed', message='ä' * 100_000, error={}
        )
        self.assertEqual('ä' * 10_000, self.get(task.uuid).message)

    def assert_fenced(self, write):
        """Check that a write with a lost lease raises, changing nothing."""
        taken, lost = self.taken_over()
        self.assertRaises(LeaseLost, write, lost)
        self.assertEqual(taken, self.get(taken.uuid))

    def test_record_after_takeover(self):
        self.assert_fenced(
            lambda lease: self.table.record(lease=lease, values={'percent': 9})
        )

    def test_wait_after_takeover(self):
        self.assert_fenced(
            lambda lease: self.table.wait(lease=lease, delay=0, values={})
        )

    def test_hand_over_after_takeover(self):
        self.assert_fenced(
            lambda lease: self.table.hand_over(
                lease=lease, topic='x', values={}
            )
        )

    def test_finish_after_takeover(self):
        self.assert_fenced(
            lambda lease: self.table.finish(
                lease=lease, state='completed', message=''
            )
        )

    def test_earlier_attempt_of_the_same_owner_is_fenced(self):
        _, lost = self.claimed(lease=0)
        (again,) = self.claim()
        self.assertEqual(again.owner, lost.owner)
        self.assertRaises(
            LeaseLost, self.table.record, lease=lost, values={'percent': 9}
        )
        self.assertEqual(again, self.get(again.uuid))

    def test_finish_twice(self):
        task, lease = self.claimed()
        self.table.finish(lease=lease, state='completed', message='once')
        self.assertRaises(
            LeaseLost,
            self.table.finish,
            lease=lease,
            state='failed',
            message='twice',
        )
        self.assertEqual('once', self.get(task.uuid).message)

    def test_write_while_waiting(self):
        _, lease = self.claimed()
        self.table.wait(lease=lease, delay=30, values={})
        self.assertRaises(
            LeaseLost, self.table.record, lease=lease, values={'percent': 9}
        )

    def test_lease_on_nothing(self):
        lease = Lease(rows.new_uuid(), rows.OWNER, 1)
        self.assertRaises(
            LeaseLost, self.table.record, lease=lease, values={'percent': 9}
        )

    # release

    def test_release(self):
        task, lease = self.claimed()
        self.table.release(owner=rows.OWNER, uuids=[task.uuid])
        found = self.get(task.uuid)
        self.assertEqual(('pending', None), (found.state, found.owner))
        (again,) = self.claim(owner='there:boot')
        self.assertEqual((task.uuid, 2), (again.uuid, again.attempt))
        self.assertRaises(
            LeaseLost, self.table.record, lease=lease, values={'percent': 9}
        )

    def test_release_of_own_only(self):
        other, _ = self.claimed(owner='there:boot')
        self.table.release(
            owner=rows.OWNER, uuids=[other.uuid, rows.new_uuid()]
        )
        self.assertEqual(other, self.get(other.uuid))

    def test_release_leaves_an_ended_task(self):
        task, lease = self.claimed()
        self.table.finish(lease=lease, state='completed', message='')
        ended = self.get(task.uuid)
        self.table.release(owner=rows.OWNER, uuids=[task.uuid])
        self.assertEqual(ended, self.get(task.uuid))

    # ended, delete

    def test_ended(self):
        pending = self.add(topic='other')
        running, _ = self.claimed()
        done, lease = self.claimed()
        self.table.finish(lease=lease, state='completed', message='')
        failed, lease = self.claimed()
        self.table.finish(lease=lease, state='failed', message='')
        gone = rows.new_uuid()
        found = self.table.ended(
            uuids=[pending, running.uuid, done.uuid, failed.uuid, gone]
        )
        self.assertEqual({done.uuid, failed.uuid, gone}, found)

    def test_delete_an_ended_task(self):
        other = self.add(topic='other')
        task, lease = self.claimed()
        self.table.finish(lease=lease, state='completed', message='')
        self.table.delete(uuid=task.uuid)
        self.assertRaises(exception.TaskNotFound, self.get, task.uuid)
        self.assertEqual(other, self.get(other).uuid)

    def test_delete_a_task_that_has_not_ended(self):
        task, _ = self.claimed()
        error = self.assertRaises(
            exception.TaskNotEnded, self.table.delete, uuid=task.uuid
        )
        self.assertIn('In Progress', error.detail)
        self.assertEqual(task, self.get(task.uuid))

    def test_delete_unknown(self):
        self.assertRaises(
            exception.TaskNotFound, self.table.delete, uuid=rows.new_uuid()
        )


class ManyClaimersTest(testtools.TestCase):
    """Two processes of eight threads each: every task comes to one."""

    backend = database.SQLITE

    def test_each_task_is_given_once(self):
        made = self.useFixture(database.Database(self.backend))
        uuids = {str(uuid.uuid4()) for _ in range(150)}
        made.database.write(
            lambda tables: [
                tables.tasks.create(task=rows.new_task(uuid=each))
                for each in uuids
            ]
        )
        claimers = [
            self.useFixture(
                programs.Program('tests.unit.db.claimer', made.url, 8)
            )
            for _ in range(2)
        ]
        for claimer in claimers:
            self.assertEqual('ready', claimer.hear())
        for claimer in claimers:
            claimer.say('go')
        given = [each for claimer in claimers for each in claimer.rest()]
        self.assertEqual(sorted(uuids), sorted(given))
        self.assertEqual(
            [0, 0], [each.process.returncode for each in claimers]
        )
        found = made.database.tasks.list(query=Query())
        self.assertEqual(
            {('completed', 1)}, {(task.state, task.attempt) for task in found}
        )
