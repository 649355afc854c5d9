"""Requests that give their task a deadline."""

import datetime

import testtools

from tests.unit.api import accepted, fixtures

NODES = '/v1/nodes'
_LONGEST = 366 * 86400
#: Milliseconds: no test waits for so long.
_NEVER = 600_000


def _time(text):
    return datetime.datetime.strptime(text, '%Y-%m-%d %H:%M:%S UTC')


class ParameterTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.bare = self.useFixture(fixtures.Bare())
        self.client = self.bare.client

    def test_wrong(self):
        for value in (
            '',
            '0',
            '0.0',
            '-1',
            'soon',
            '5s',
            'nan',
            'inf',
            '-inf',
            '1e999',
            str(_LONGEST + 1),
        ):
            path = f'{NODES}?deadline={value}'
            answer = self.client.post(path, {'name': 'n'})
            self.assertEqual(400, answer.status, value)
            self.assertIn('deadline must be', answer.json['detail'])
        self.assertEqual([], self.client.get('/v1/tasks').json)

    def test_wrong_on_all_routes_that_make_a_task(self):
        database = self.bare.database
        for asked in accepted.requests(database):
            before = len(self.client.get('/v1/tasks').json)
            answer = self.client.call(
                asked.method, f'{asked.path}?deadline=x', asked.body
            )
            if asked.route == accepted.CANCEL:
                self.assertEqual(202, answer.status)
                continue
            self.assertEqual(400, answer.status, asked)
            self.assertIn('deadline must be', answer.json['detail'])
            self.assertEqual(before, len(self.client.get('/v1/tasks').json))

    def test_shown_by_the_tasks_of_all_routes(self):
        for asked in accepted.requests(self.bare.database):
            if asked.route == accepted.CANCEL:
                continue
            answer = self.client.call(
                asked.method, f'{asked.path}?deadline=3600', asked.body
            )
            self.assertEqual(202, answer.status, asked)
            task = self.client.get(answer.headers['Location']).json
            given = _time(task['deadline_at']) - _time(task['created_at'])
            self.assertEqual(3600, given.total_seconds())

    def test_none(self):
        answer = self.client.post(NODES, {'name': 'n'})
        task = self.client.get(answer.headers['Location']).json
        self.assertIsNone(task['deadline_at'])

    def test_shortest_and_longest(self):
        for number, value in enumerate(('0.001', '1e3', str(_LONGEST))):
            path = f'{NODES}?deadline={value}'
            answer = self.client.post(path, {'name': f'n{number}'})
            self.assertEqual(202, answer.status, value)


class _Case(testtools.TestCase):
    options = {}

    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(fixtures.Valence(**self.options))
        self.client = self.valence.client
        self.valence.register()
        self.pod = self.valence.pods[0]

    def assert_exceeded(self, answer):
        self.assertEqual(504, answer.status, answer.body)
        self.assertEqual('Deadline exceeded', answer.json['title'])
        self.assertEqual('deadline_exceeded', answer.json['code'])


class OverTest(_Case):
    """A deadline that passes."""

    def compose(self, deadline):
        path = f'{NODES}?deadline={deadline}'
        return self.valence.waiting('POST', path, {'name': 'n'})

    def test_what_was_begun_is_undone(self):
        self.pod.set_modes(assembly_ms=_NEVER)
        self.assert_exceeded(self.compose(0.3))
        self.assertEqual(1, len(self.pod.stats()['made']))
        self.assertEqual(fixtures.NOTHING, self.valence.traces())

    def test_the_task_has_failed(self):
        self.pod.set_modes(assembly_ms=_NEVER)
        self.compose(0.3)
        (task,) = self.client.get('/v1/tasks?action=compose_node').json
        self.assertEqual(('Failed', 'failed'), (task['status'], task['state']))
        self.assertEqual('deadline_exceeded', task['error']['code'])
        self.assertFalse(task['cancel_requested'])

    def test_over_before_anything_was_begun(self):
        self.assert_exceeded(self.compose(0.000001))
        self.assertEqual([], self.pod.stats()['made'])
        self.assertEqual(fixtures.NOTHING, self.valence.traces())

    def test_not_over(self):
        answer = self.compose(20)
        self.assertEqual(200, answer.status)
        self.assertEqual('composed', answer.json['state'])


class AwayTest(_Case):
    """A pod manager that does not answer until a deadline."""

    options = {'tasks__breaker_failures': 1, 'tasks__breaker_pause': 0.1}
    body = {'name': 'n', 'podm_id': 'podm-0'}

    def begin(self, method, path, body=None):
        """Send a request, and wait until its task waits."""
        answer = self.client.call(method, f'{path}?deadline=20', body)
        self.assertEqual(202, answer.status, answer.body)
        location = answer.headers['Location']
        fixtures.eventually(
            lambda: self.client.get(location).json['state'] == 'waiting'
        )
        return answer.json['task_uuid']

    def assert_nodes(self, *names):
        """Look at the nodes only: a sync comes when all is well again."""
        traces = self.valence.traces()
        self.assertEqual(list(names), traces['nodes'])
        self.assertEqual(list(names), traces['composed'])

    def assert_completed(self, uuid):
        self.assertEqual('Completed', self.valence.task(uuid)['status'])

    def test_compose_waits_for_it(self):
        self.pod.set_modes(dead=True)
        uuid = self.begin('POST', NODES, self.body)
        self.pod.clear_modes()
        self.assert_completed(uuid)
        self.assert_nodes('n')

    def test_delete_waits_for_it(self):
        self.valence.compose('n')
        self.pod.set_modes(dead=True)
        uuid = self.begin('DELETE', f'{NODES}/n')
        self.pod.clear_modes()
        self.assert_completed(uuid)
        self.assert_nodes()

    def test_action_waits_for_it(self):
        self.valence.compose('n')
        self.pod.set_modes(dead=True)
        body = {'Reset': {'Type': 'ForceOff'}}
        uuid = self.begin('POST', f'{NODES}/n/action', body)
        self.pod.clear_modes()
        self.assert_completed(uuid)
        shown = self.client.get(f'{NODES}/n').json
        self.assertEqual('Off', shown['node_power_state'])

    def test_compose_until_it_is_over(self):
        self.pod.set_modes(dead=True)
        answer = self.valence.waiting(
            'POST', f'{NODES}?deadline=0.5', self.body
        )
        self.assert_exceeded(answer)
        self.pod.clear_modes()
        self.assert_nodes()

    def test_delete_until_it_is_over(self):
        node = self.valence.compose('n')
        self.pod.set_modes(dead=True)
        path = f'{NODES}/n'
        answer = self.valence.waiting('DELETE', f'{path}?deadline=0.5')
        self.assert_exceeded(answer)
        shown = self.client.get(path).json
        self.assertEqual('composed', shown['state'])
        self.assertIsNone(shown['task_uuid'])
        self.pod.clear_modes()
        self.assertEqual(node['uuid'], shown['uuid'])
        self.assert_nodes('n')

    def test_no_deadline_no_wait(self):
        self.pod.set_modes(dead=True)
        answer = self.valence.waiting('POST', NODES, self.body)
        self.assertEqual(503, answer.status)
        self.assertEqual('Pod manager unreachable', answer.json['title'])
