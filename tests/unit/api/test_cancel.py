"""Tasks that are stopped before their end."""

import threading

import testtools

from tests.unit.api import fixtures
from valence.cmd.shared import StateReport
from valence.tasks import leases
from valence.tasks.worker import Worker

NODES = '/v1/nodes'
#: Milliseconds: no test waits for so long.
_NEVER = 600_000
_OFF = {'Reset': {'Type': 'ForceOff'}}


class AnswerTest(testtools.TestCase):
    """Tasks that nobody works on."""

    def setUp(self):
        super().setUp()
        self.bare = self.useFixture(fixtures.Bare())
        self.client = self.bare.client
        made = self.client.post(NODES, {'name': 'n'})
        self.path = made.headers['Location']

    def cancel(self, **more):
        return self.client.post(f'{self.path}/cancel', **more)

    def test_record(self):
        self.assertFalse(self.client.get(self.path).json['cancel_requested'])
        answer = self.cancel()
        self.assertEqual(202, answer.status)
        self.assertEqual(self.path, answer.headers['Location'])
        self.assertTrue(answer.json['cancel_requested'])
        self.assertEqual('In Progress', answer.json['status'])
        self.assertEqual(self.client.get(self.path).json, answer.json)

    def test_again(self):
        self.cancel()
        answer = self.cancel()
        self.assertEqual(202, answer.status)
        self.assertTrue(answer.json['cancel_requested'])

    def test_empty_body(self):
        self.assertEqual(202, self.cancel(body={}).status)

    def test_wrong_body(self):
        answer = self.cancel(body=['now'])
        self.assertEqual(400, answer.status)
        self.assertFalse(self.client.get(self.path).json['cancel_requested'])

    def test_unknown(self):
        answer = self.client.post('/v1/tasks/x/cancel')
        self.assertEqual(404, answer.status)
        self.assertEqual(
            'Task x not found in database.', answer.json['detail']
        )

    def test_other_tasks_go_on(self):
        other = self.client.post(NODES, {'name': 'm'}).headers['Location']
        self.cancel()
        self.assertFalse(self.client.get(other).json['cancel_requested'])


class _Case(testtools.TestCase):
    options = {}

    def setUp(self):
        super().setUp()
        # Those who have a task in hand hear of it at once.
        self.patch(leases, '_CANCEL_INTERVAL', 0.05)
        self.valence = self.useFixture(fixtures.Valence(**self.options))
        self.client = self.valence.client
        self.podm = self.valence.register()
        self.pod = self.valence.pods[0]

    def begin(self, method='POST', path=NODES, body=None):
        """Send a request; give the address of its task."""
        if path == NODES:
            body = {'name': 'n', 'podm_id': 'podm-0'}
        answer = self.client.call(method, path, body)
        self.assertEqual(202, answer.status, answer.body)
        return answer.headers['Location']

    def cancel(self, task):
        answer = self.client.post(f'{task}/cancel')
        self.assertEqual(202, answer.status, answer.body)
        return answer.json

    def ended(self, task):
        return self.valence.task(task.rpartition('/')[2])

    def in_state(self, task, state):
        """Wait until a task is in a state."""
        fixtures.eventually(
            lambda: self.client.get(task).json['state'] == state
        )

    def assert_cancelled(self, task):
        ended = self.ended(task)
        self.assertEqual('Cancelled', ended['status'], ended)
        self.assertEqual('cancelled', ended['state'])
        self.assertEqual('cancelled', ended['error']['code'])
        self.assertTrue(ended['cancel_requested'])


class PendingTest(_Case):
    """Tasks that nobody has begun."""

    def setUp(self):
        super().setUp()
        parts = {type(part): part for part in self.valence.compute}
        self.worker = parts[Worker]
        # It would say that the service is not disabled.
        parts[StateReport].stop()

    def held(self, *request):
        """Have a request accepted, and its task cancelled before it runs."""
        self.worker.pause(True)
        task = self.begin(*request)
        self.cancel(task)
        self.assertEqual('pending', self.client.get(task).json['state'])
        self.worker.pause(False)
        return task

    def test_compose(self):
        self.assert_cancelled(self.held())
        self.assertEqual([], self.pod.stats()['made'])
        self.assertEqual(fixtures.NOTHING, self.valence.traces())

    def test_delete(self):
        self.valence.compose('n')
        self.assert_cancelled(self.held('DELETE', f'{NODES}/n'))
        shown = self.client.get(f'{NODES}/n').json
        self.assertEqual('composed', shown['state'])
        self.assertIsNone(shown['task_uuid'])
        self.assertEqual(['n'], self.valence.traces()['composed'])

    def test_action(self):
        self.valence.compose('n')
        self.assert_cancelled(self.held('POST', f'{NODES}/n/action', _OFF))
        shown = self.client.get(f'{NODES}/n').json
        self.assertEqual('On', shown['node_power_state'])
        self.assertIsNone(shown['task_uuid'])


class TurnTest(_Case):
    def test_one_that_waits_for_its_turn_ends_at_once(self):
        path = f'/v1/pod_managers/{self.podm["uuid"]}'
        self.client.patch(path, {'max_tasks': 1})
        self.pod.set_modes(latency_ms=500)
        sync = self.begin('POST', f'{path}/sync')
        self.in_state(sync, 'running')
        task = self.begin()
        self.assertEqual('pending', self.client.get(task).json['state'])
        self.cancel(task)
        self.assert_cancelled(task)
        self.assertEqual('running', self.client.get(sync).json['state'])
        self.pod.clear_modes()


class WaitingTest(_Case):
    """A node that is being assembled."""

    def setUp(self):
        super().setUp()
        self.pod.set_modes(assembly_ms=_NEVER)

    def assembling(self):
        task = self.begin()
        self.in_state(task, 'waiting')
        (node,) = self.pod.stats()['nodes']
        self.assertEqual('Assembling', node['state'])
        return task

    def test_nothing_is_left(self):
        task = self.assembling()
        self.cancel(task)
        self.assert_cancelled(task)
        self.assertEqual(fixtures.NOTHING, self.valence.traces())

    def test_name_is_free_again(self):
        task = self.assembling()
        self.cancel(task)
        self.ended(task)
        self.pod.clear_modes()
        self.assertEqual('composed', self.valence.compose('n')['state'])

    def test_found_by_its_status(self):
        task = self.assembling()
        self.cancel(task)
        ended = self.ended(task)
        found = self.client.get('/v1/tasks?status=Cancelled').json
        self.assertEqual([ended], found)

    def test_who_waits_for_it_hears_so(self):
        answers = []
        waiting = threading.Thread(
            target=lambda: answers.append(
                self.valence.waiting('POST', NODES, {'name': 'n'})
            )
        )
        waiting.start()
        fixtures.eventually(lambda: self.pod.stats()['nodes'])
        (task,) = self.client.get('/v1/tasks?action=compose_node').json
        self.cancel(f'/v1/tasks/{task["uuid"]}')
        waiting.join()
        self.assertEqual(409, answers[0].status)
        self.assertEqual('cancelled', answers[0].json['code'])
        self.assertEqual('Cancelled', answers[0].json['title'])

    def test_one_that_has_ended(self):
        task = self.assembling()
        self.cancel(task)
        self.ended(task)
        answer = self.client.post(f'{task}/cancel')
        self.assertEqual(409, answer.status)
        self.assertIn('is Cancelled', answer.json['detail'])


class RunningTest(_Case):
    """A pod manager that is slow: somebody waits for its answer."""

    def test_compose(self):
        self.pod.set_modes(latency_ms=1000)
        task = self.begin()
        # It is made, and the answer is on its way.
        fixtures.eventually(lambda: self.pod.stats()['nodes'])
        self.assertEqual('running', self.client.get(task).json['state'])
        self.cancel(task)
        self.pod.clear_modes()
        self.assert_cancelled(task)
        self.assertEqual(1, len(self.pod.stats()['made']))
        self.assertEqual(fixtures.NOTHING, self.valence.traces())

    def test_sync(self):
        path = f'/v1/pod_managers/{self.podm["uuid"]}'
        self.pod.set_modes(latency_ms=200)
        task = self.begin('POST', f'{path}/sync')
        self.in_state(task, 'running')
        self.cancel(task)
        self.assert_cancelled(task)
        self.assertIsNone(self.client.get(path).json['task_uuid'])
        self.assertEqual(4, len(self.client.get('/v1/systems').json))


class TooLateTest(_Case):
    """What cannot be undone goes on to its end."""

    def assert_completed(self, task):
        ended = self.ended(task)
        self.assertEqual('Completed', ended['status'], ended)
        self.assertTrue(ended['cancel_requested'])
        self.assertIsNone(ended['error'])

    def test_node_that_is_deleted_there(self):
        self.valence.compose('n')
        self.pod.set_modes(latency_ms=1000)
        task = self.begin('DELETE', f'{NODES}/n')
        fixtures.eventually(lambda: not self.pod.stats()['nodes'])
        self.cancel(task)
        self.pod.clear_modes()
        self.assert_completed(task)
        self.assertEqual(fixtures.NOTHING, self.valence.traces())

    def test_pod_manager_that_is_being_emptied(self):
        for name in ('one', 'two'):
            self.valence.compose(name)
        self.pod.set_modes(latency_ms=200)
        path = f'/v1/pod_managers/{self.podm["uuid"]}'
        task = self.begin('DELETE', f'{path}?force=true')
        fixtures.eventually(lambda: len(self.pod.stats()['nodes']) == 1)
        self.cancel(task)
        self.assert_completed(task)
        self.assertEqual(404, self.client.get(path).status)
        self.assertEqual(fixtures.NOTHING, self.valence.traces())

    def test_one_that_has_completed(self):
        task = self.begin()
        self.ended(task)
        answer = self.client.post(f'{task}/cancel')
        self.assertEqual(409, answer.status)
        self.assertIn('is Completed', answer.json['detail'])
        self.assertEqual(['n'], self.valence.traces()['composed'])
