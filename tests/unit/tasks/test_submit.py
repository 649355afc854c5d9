import testtools

from tests.fixtures import rows
from tests.unit.tasks import working
from valence.common import exception
from valence.common.states import TaskState
from valence.db.api import IdempotencyKeyTaken, Query
from valence.objects.idempotency_key import IdempotencyKey
from valence.tasks import submit
from valence.tasks.submit import Submitter

MOST = 10


def key(task, digest='d'):
    return IdempotencyKey(
        digest=digest, fingerprint='f', task_uuid=task.uuid, answer={'a': 1}
    )


class _Case(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.engine = self.useFixture(working.Engine())
        self.database = self.engine.database
        self.submitter = Submitter(
            self.database, self.engine.doorbell, most_open=MOST
        )

    def tasks(self):
        return self.database.tasks.list(query=Query())

    def submit(self, **more):
        """Submit a task, and give it."""
        task = rows.new_task()
        self.submitter.submit(task, **more)
        return task


class SubmitterTest(_Case):
    def test_written_with_what_belongs_to_it(self):
        node, task = rows.node(), rows.new_task()
        self.submitter.submit(
            task, lambda tables: tables.nodes.create(values=node)
        )
        self.assertEqual([task.uuid], [each.uuid for each in self.tasks()])
        found = self.database.nodes.list(query=Query())
        self.assertEqual([node['uuid']], [each.uuid for each in found])

    def test_bell_rings(self):
        self.submitter.submit(rows.new_task())
        working.wait_until(lambda: self.engine.bells.rung)
        self.assertEqual([rows.TOPIC], self.engine.bells.rung)

    def test_nothing_is_left_of_what_was_refused(self):
        node = rows.add_node(self.database, task_uuid=rows.new_uuid())
        task = rows.new_task()
        self.assertRaises(
            exception.Busy,
            self.submitter.submit,
            task,
            lambda tables: tables.nodes.reserve(
                uuid=node.uuid, task_uuid=task.uuid
            ),
        )
        self.assertEqual([], self.tasks())
        self.assertEqual([], self.engine.bells.rung)

    def test_short_ones_and_deadlines(self):
        self.submitter.submit(rows.new_task(short=True, deadline=60))
        (task,) = self.tasks()
        self.assertTrue(task.short)
        self.assertEqual(60_000_000, task.deadline_at - task.created_at)
        self.assertFalse(task.cancel_requested)


class SubmitSomeTest(_Case):
    def submit_some(self, tasks, also=lambda tables, task: None):
        return self.submitter.submit_some(rows.TOPIC, tasks, also)

    def test_all_are_written(self):
        tasks = [rows.new_task() for _ in range(3)]
        self.assertEqual({}, self.submit_some(tasks))
        self.assertEqual(
            sorted(task.uuid for task in tasks),
            sorted(task.uuid for task in self.tasks()),
        )
        working.wait_until(lambda: self.engine.bells.rung)
        self.assertEqual([rows.TOPIC], self.engine.bells.rung)

    def test_those_in_whose_way_something_is(self):
        podms = [rows.add_pod_manager(self.database) for _ in range(3)]
        other = rows.new_uuid()
        self.database.pod_managers.reserve(uuid=podms[1].uuid, task_uuid=other)
        self.database.pod_managers.delete(uuid=podms[2].uuid)
        tasks = [rows.new_task(podm_id=podm.uuid) for podm in podms]
        refused = self.submit_some(
            tasks,
            lambda tables, task: tables.pod_managers.reserve(
                uuid=task.podm_id, task_uuid=task.uuid
            ),
        )
        self.assertEqual([tasks[0].uuid], [task.uuid for task in self.tasks()])
        self.assertEqual({task.uuid for task in tasks[1:]}, refused.keys())
        self.assertEqual(other, refused[tasks[1].uuid].kwargs['task'])
        self.assertIsInstance(
            refused[tasks[2].uuid], exception.PodManagerNotFound
        )

    def test_nothing_is_left_of_what_broke(self):
        tasks = [rows.new_task() for _ in range(2)]

        def also(tables, task):
            if task is tasks[1]:
                raise exception.BadRequest(detail='no')

        self.assertRaises(exception.BadRequest, self.submit_some, tasks, also)
        self.assertEqual([], self.tasks())

    def test_they_are_counted(self):
        self.submit_some([rows.new_task() for _ in range(MOST)])
        self.assertRaises(exception.TooManyTasks, self.submit)
        self.assertRaises(
            exception.TooManyTasks, self.submit_some, [rows.new_task()]
        )
        self.assertEqual(MOST, len(self.tasks()))


class KeyTest(_Case):
    """Requests that may be sent again."""

    def get(self, digest='d'):
        return self.database.idempotency_keys.get(digest=digest)

    def test_kept_with_the_task(self):
        task = rows.new_task()
        self.submitter.submit(task, key=key(task))
        self.assertEqual(key(task), self.get())

    def test_taken(self):
        first, second = rows.new_task(), rows.new_task()
        self.submitter.submit(first, key=key(first))
        self.assertRaises(
            IdempotencyKeyTaken, self.submitter.submit, second, key=key(second)
        )
        self.assertEqual([first.uuid], [each.uuid for each in self.tasks()])
        self.assertEqual(key(first), self.get())

    def test_taken_before_anything_is_reserved(self):
        """Else the repetition would find its own reservation."""
        node = rows.add_node(self.database)

        def submit(task):
            self.submitter.submit(
                task,
                lambda tables: tables.nodes.reserve(
                    uuid=node.uuid, task_uuid=task.uuid
                ),
                key=key(task),
            )

        submit(rows.new_task())
        self.assertRaises(IdempotencyKeyTaken, submit, rows.new_task())

    def test_not_kept_of_what_was_refused(self):
        def refuse(_tables):
            raise exception.NodeNameTaken(name='n')

        task = rows.new_task()
        self.assertRaises(
            exception.NodeNameTaken,
            self.submitter.submit,
            task,
            refuse,
            key=key(task),
        )
        self.assertIsNone(self.get())


class MostOpenTest(_Case):
    def setUp(self):
        super().setUp()
        self.patch(submit, '_COUNT_AGE', 0)

    def fill(self):
        for _ in range(MOST):
            self.submit()

    def test_as_many_as_are_allowed(self):
        self.fill()
        self.assertEqual(MOST, len(self.tasks()))

    def test_one_too_many(self):
        self.fill()
        error = self.assertRaises(exception.TooManyTasks, self.submit)
        self.assertEqual(429, error.status)
        self.assertIn(f'{MOST} tasks', error.detail)
        self.assertEqual(MOST, len(self.tasks()))

    def test_those_of_others_count(self):
        for _ in range(MOST):
            rows.add_task(self.database)
        self.assertRaises(exception.TooManyTasks, self.submit)

    def test_those_that_ended_do_not_count(self):
        self.fill()
        for task in rows.claim(self.database):
            self.database.tasks.finish(
                lease=rows.lease_of(task),
                state=TaskState.COMPLETED,
                message='',
            )
        self.submit()

    def test_counted_by_itself_between_two_looks(self):
        self.patch(submit, '_COUNT_AGE', working.NEVER)
        self.fill()
        self.assertRaises(exception.TooManyTasks, self.submit)


class CancelTest(_Case):
    def cancel(self, task):
        self.submitter.cancel(self.database.tasks.get(uuid=task.uuid))

    def test_asked_for(self):
        task = self.submit()
        self.cancel(task)
        (found,) = self.tasks()
        self.assertTrue(found.cancel_requested)
        self.assertEqual(TaskState.PENDING, found.state)

    def test_bell_rings(self):
        task = rows.new_task()
        self.database.tasks.create(task=task)
        self.cancel(task)
        working.wait_until(lambda: self.engine.bells.rung)
        self.assertEqual([rows.TOPIC], self.engine.bells.rung)

    def test_ended(self):
        task = self.submit()
        (claimed,) = rows.claim(self.database)
        self.database.tasks.finish(
            lease=rows.lease_of(claimed),
            state=TaskState.FAILED,
            message='',
        )
        error = self.assertRaises(exception.TaskEnded, self.cancel, task)
        self.assertIn('is Failed', error.detail)
        self.assertFalse(self.tasks()[0].cancel_requested)
