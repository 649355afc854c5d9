"""Pod managers that are deleted while something else goes on."""

import threading

import testtools

from tests.unit.api import fixtures
from valence.db.api import Query

PATH = '/v1/pod_managers'


class DeleteTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(fixtures.Valence())
        self.client = self.valence.client
        self.pod = self.valence.pods[0]
        self.podm = self.valence.register()
        self.path = f'{PATH}/{self.podm["uuid"]}'

    def assert_gone(self):
        """Make sure that nothing is left of it, here and there."""
        self.assertEqual(fixtures.NOTHING, self.valence.traces())
        database = self.valence.database
        for table in (
            database.pod_managers,
            database.resources,
            database.nodes,
        ):
            self.assertEqual([], list(table.list(query=Query())))

    def test_during_a_sync(self):
        self.pod.set_modes(latency_ms=300)
        sync = self.client.post(f'{self.path}/sync').json['task_uuid']
        answer = self.valence.waiting('DELETE', self.path)
        self.assertEqual(200, answer.status, answer.body)
        self.assert_gone()
        # It was stopped, unless it was quicker.
        self.assertIn(
            self.valence.task(sync)['status'],
            ('Cancelled', 'Completed', 'Failed'),
        )

    def test_at_once_after_it_was_registered(self):
        self.valence.waiting('DELETE', self.path)
        self.pod.set_modes(latency_ms=100)
        made = self.valence.register(settle=False)
        answer = self.valence.waiting('DELETE', f'{PATH}/{made["uuid"]}')
        self.assertEqual(200, answer.status, answer.body)
        self.assert_gone()

    def test_nothing_begins_there_any_more(self):
        self.pod.set_modes(assembly_ms=600_000)
        composing = self.client.post(
            '/v1/nodes', {'name': 'web', 'podm_id': self.podm['uuid']}
        ).json['task_uuid']
        deletion = self.client.delete(f'{self.path}?force=true').json
        body = {'name': 'x', 'podm_id': self.podm['uuid']}
        for method, path, sent in (
            ('POST', '/v1/nodes', body),
            ('POST', '/v1/nodes/manage', body | {'node_index': '1'}),
            ('POST', f'{self.path}/sync', None),
            ('DELETE', self.path, None),
        ):
            answer = self.client.call(method, path, sent)
            self.assertEqual(409, answer.status, (path, answer.body))
            self.assertIn(deletion['task_uuid'], answer.json['detail'])
        body = {'name': 'anywhere'}
        answer = self.valence.waiting('POST', '/v1/nodes', body)
        self.assertEqual(409, answer.status)
        self.assertIn('it is Deleting', answer.json['reasons'][0])
        self.client.post(f'/v1/tasks/{composing}/cancel')
        task = self.valence.task(deletion['task_uuid'])
        self.assertEqual('Completed', task['status'], task)
        self.assert_gone()

    def test_with_a_node_that_is_being_adopted(self):
        index = self.pod.appear('')
        body = {'podm_id': 'podm-0', 'node_index': index}
        self.pod.set_modes(latency_ms=200)
        adoption = self.client.post('/v1/nodes/manage', body).json
        answer = self.client.delete(self.path)
        self.assertEqual(409, answer.status)
        self.assertIn(adoption['uuid'], answer.json['detail'])
        answer = self.valence.waiting('DELETE', f'{self.path}?force=true')
        self.assertEqual(200, answer.status, answer.body)
        self.assert_gone()

    def test_with_all_that_comes_at_the_same_time(self):
        """Whoever is first, nothing is left of any."""
        statuses = []
        together = threading.Barrier(5)

        def ask(method, path, body=None):
            together.wait(20)
            statuses.append(self.client.call(method, path, body).status)

        index = self.pod.appear('')
        podm = self.podm['uuid']
        asked = [
            threading.Thread(target=ask, args=request)
            for request in (
                ('POST', '/v1/nodes', {'name': 'a', 'podm_id': podm}),
                ('POST', '/v1/nodes', {'name': 'b'}),
                (
                    'POST',
                    '/v1/nodes/manage',
                    {'podm_id': podm, 'node_index': index},
                ),
                ('POST', f'{self.path}/sync'),
                ('DELETE', f'{self.path}?force=true'),
            )
        ]
        for thread in asked:
            thread.start()
        for thread in asked:
            thread.join()
        self.assertLessEqual(set(statuses), {202, 404, 409})
        self.valence.traces()
        self.assertEqual(404, self.client.get(self.path).status)
        left = self.valence.traces()
        # Theirs, if it was not adopted before.
        self.assertLessEqual(len(left.pop('composed')), 1)
        self.assertEqual({'nodes': [], 'running': [], 'reserved': []}, left)
        self.assertEqual(
            [], list(self.valence.database.resources.list(query=Query()))
        )


class DeadTest(testtools.TestCase):
    """A pod manager that is away for good."""

    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(
            fixtures.Valence(
                tasks__breaker_failures=1, tasks__breaker_pause=600
            )
        )
        self.client = self.valence.client
        podm = self.valence.register()
        self.path = f'{PATH}/{podm["uuid"]}'

    def test_without_nodes(self):
        self.valence.pods[0].set_modes(dead=True)
        answer = self.valence.waiting('DELETE', self.path)
        self.assertEqual(200, answer.status, answer.body)
        self.assertEqual(404, self.client.get(self.path).status)

    def test_with_nodes(self):
        for name in ('one', 'two'):
            self.valence.compose(name)
        self.valence.pods[0].set_modes(dead=True)
        for _ in range(2):
            answer = self.valence.waiting('DELETE', f'{self.path}?force=true')
            self.assertEqual(409, answer.status, answer.body)
            detail = answer.json['detail']
            self.assertIn('node one could not be taken apart', detail)
            self.assertIn('Nodes that are left: one, two.', detail)
        for name in ('one', 'two'):
            answer = self.valence.waiting(
                'DELETE', f'/v1/nodes/{name}?force=true'
            )
            self.assertEqual(200, answer.status, answer.body)
        answer = self.valence.waiting('DELETE', self.path)
        self.assertEqual(200, answer.status, answer.body)
        self.assertEqual(404, self.client.get(self.path).status)
