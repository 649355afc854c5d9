import threading

import testtools

from tests.unit.api import accepted, fixtures
from valence.common.states import TaskState
from valence.db.api import Lease, Query
from valence.tasks import submit


class TasksTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(fixtures.Valence())
        self.client = self.valence.client
        self.valence.register()

    def compose(self, **modes):
        self.valence.pods[0].set_modes(**modes)
        return self.client.post('/v1/nodes', {'name': 'n'}).json['task_uuid']

    def test_story_of_a_task(self):
        uuid = self.compose()
        task = self.valence.task(uuid)
        self.assertEqual('compose_node', task['action'])
        self.assertEqual('Completed', task['status'])
        self.assertEqual('completed', task['state'])
        self.assertEqual(100, task['percent'])
        self.assertEqual('node', task['resource_type'])
        self.assertIsNone(task['error'])
        self.assertFalse(task['cancel_requested'])
        self.assertIsNone(task['deadline_at'])
        self.assertEqual(task['resource_uuid'], task['result']['node_uuid'])
        for name in ('created_at', 'started_at', 'finished_at'):
            self.assertRegex(
                task[name], r'^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$'
            )
        self.assertEqual(task, self.client.get(f'/v1/tasks/{uuid}').json)

    def test_wait(self):
        uuid = self.compose(assembly_ms=1500)
        path = f'/v1/tasks/{uuid}'
        begun = self.client.get(path).json
        self.assertEqual('In Progress', begun['status'])
        self.assertIsNone(begun['finished_at'])
        ended = self.client.get(f'{path}?wait=20').json
        self.assertEqual('Completed', ended['status'])

    def test_wait_no_longer_than_asked(self):
        uuid = self.compose(assembly_ms=10_000)
        answer = self.client.get(f'/v1/tasks/{uuid}?wait=0.1')
        # Who waits for longer sees its end.
        self.assertEqual('In Progress', answer.json['status'])

    def test_wrong_wait(self):
        uuid = self.client.get('/v1/tasks').json[0]['uuid']
        for value in ('x', '-1', '1.2.3', '.', 'nan', 'inf', '1e3', ''):
            answer = self.client.get(f'/v1/tasks/{uuid}?wait={value}')
            self.assertEqual(400, answer.status, value)

    def test_wait_is_bounded(self):
        valence = self.useFixture(fixtures.Valence(api__max_wait=0.1))
        valence.register()
        valence.pods[0].set_modes(assembly_ms=10_000)
        path = '/v1/nodes'
        answer = valence.waiting('POST', path, {'name': 'n'})
        self.assertEqual(202, answer.status)
        uuid = answer.json['task_uuid']
        huge = '9' * 400
        answer = valence.client.get(f'/v1/tasks/{uuid}?wait={huge}')
        self.assertEqual('In Progress', answer.json['status'])

    def test_no_more_than_half_of_the_threads_wait(self):
        valence = self.useFixture(fixtures.Valence(api__threads=2))
        valence.register()
        valence.pods[0].set_modes(assembly_ms=2000)
        uuid = valence.client.post('/v1/nodes', {'name': 'n'}).json[
            'task_uuid'
        ]
        path = f'/v1/tasks/{uuid}?wait=20'
        tasks = valence.database.tasks
        ended, waits = tasks.ended, threading.Event()

        def noted(uuids):
            # Nobody is looked for unless somebody waits.
            waits.set()
            return ended(uuids=uuids)

        self.patch(tasks, 'ended', noted)
        answers = []
        first = threading.Thread(
            target=lambda: answers.append(valence.client.get(path).json)
        )
        first.start()
        self.assertTrue(waits.wait(20))
        second = valence.client.get(path).json
        first.join()
        self.assertEqual('In Progress', second['status'])
        self.assertEqual('Completed', answers[0]['status'])

    def test_delete(self):
        uuid = self.compose()
        self.valence.task(uuid)
        answer = self.client.delete(f'/v1/tasks/{uuid}')
        self.assertEqual(200, answer.status)
        self.assertEqual('DELETED', answer.json['code'])
        self.assertEqual(404, self.client.get(f'/v1/tasks/{uuid}').status)

    def test_delete_one_that_has_not_ended(self):
        uuid = self.compose(assembly_ms=1500)
        answer = self.client.delete(f'/v1/tasks/{uuid}')
        self.assertEqual(409, answer.status)
        self.assertIn('In Progress', answer.json['detail'])
        self.assertEqual('Completed', self.valence.task(uuid)['status'])

    def test_unknown(self):
        for method in ('GET', 'DELETE'):
            answer = self.client.call(method, '/v1/tasks/x')
            self.assertEqual(404, answer.status)
            self.assertEqual(
                'Task x not found in database.', answer.json['detail']
            )

    def test_readable_while_the_services_are_away(self):
        bare = self.useFixture(fixtures.Bare())
        self.assertEqual([], bare.client.get('/v1/tasks').json)


class TooManyTest(testtools.TestCase):
    """More tasks in progress than are accepted."""

    def setUp(self):
        super().setUp()
        # Each request counts anew.
        self.patch(submit, '_COUNT_AGE', 0)
        self.bare = self.useFixture(fixtures.Bare(tasks__max_open=2))
        self.client = self.bare.client
        for name in ('one', 'two'):
            self.assertEqual(202, self.compose(name).status)

    def compose(self, name):
        return self.client.post('/v1/nodes', {'name': name})

    def count(self):
        database = self.bare.database
        return (
            len(database.nodes.list(query=Query())),
            len(database.tasks.list(query=Query())),
        )

    def end_one(self):
        """Bring a task to its end, as a worker does."""
        (task,) = self.bare.database.tasks.claim(
            topic='valence-conductor',
            owner='me',
            lease=60,
            limit=1,
            most_long=1,
        ).tasks
        self.bare.database.tasks.finish(
            lease=Lease(task.uuid, 'me', task.attempt),
            state=TaskState.COMPLETED,
            message='',
        )

    def test_refused(self):
        answer = self.compose('three')
        self.assertEqual(429, answer.status)
        self.assertEqual('5', answer.headers['Retry-After'])
        self.assertEqual('Too many tasks', answer.json['title'])
        self.assertIn('2 tasks are in progress', answer.json['detail'])

    def test_nothing_is_written(self):
        self.compose('three')
        self.assertEqual((2, 2), self.count())

    def test_all_routes_that_make_a_task(self):
        for asked in accepted.requests(self.bare.database):
            if asked.route == accepted.CANCEL:
                continue
            answer = self.client.call(asked.method, asked.path, asked.body)
            self.assertEqual(429, answer.status, asked)

    def test_registration_of_a_pod_manager(self):
        body = {
            'name': 'p',
            'url': 'http://127.0.0.1:1',
            'authentication': fixtures.authentication(),
        }
        answer = self.client.post('/v1/pod_managers', body)
        self.assertEqual(429, answer.status)
        podms = self.bare.database.pod_managers
        self.assertEqual([], podms.list(query=Query()))

    def test_accepted_again_when_one_has_ended(self):
        self.end_one()
        self.assertEqual(202, self.compose('three').status)

    def test_cancelled_all_the_same(self):
        (task, _) = self.client.get('/v1/tasks').json
        answer = self.client.post(f'/v1/tasks/{task["uuid"]}/cancel')
        self.assertEqual(202, answer.status)

    def test_read_all_the_same(self):
        self.assertEqual(2, len(self.client.get('/v1/tasks').json))
