"""The routes by which tests look inside, and do what no client can."""

import testtools

from tests.unit.simulator import running
from valence.simulator import errors

NODES = '/simulator/nodes'


class ControlTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.running = self.useFixture(
            running.Running(pods=2, systems=2, first_pod=5)
        )
        self.client, self.other = self.running.clients
        self.pod = self.running.pods[0]

    def test_no_credentials(self) -> None:
        self.client.session.auth = None
        self.assertEqual({}, self.client.stats()['requests'])

    def test_unknown_routes(self) -> None:
        for path in ('other', 'stats/1', 'nodes/1/2', ''):
            answer = self.client.call('GET', f'/simulator/{path}')
            self.assertEqual(404, answer.status_code, path)

    def test_wrong_method(self) -> None:
        answer = self.client.post('/simulator/stats')
        self.assertEqual(405, answer.status_code)

    def test_stats_of_another_pod(self) -> None:
        self.other.allocate()
        stats = self.client.get('/simulator/stats?pod=6')
        self.assertEqual(6, stats['pod'])
        self.assertEqual(self.other.stats(), stats)

    def test_modes_of_another_pod(self) -> None:
        path = '/simulator/modes?pod=6'
        self.client.post(path, {'status': 500})
        self.assertEqual(500, self.client.get(path)['status'])
        self.client.get(running.ROOT)
        answer = self.other.call('GET', running.ROOT)
        self.assertEqual(500, answer.status_code)
        self.client.delete(path)
        self.other.get(running.ROOT)

    def test_no_such_pod(self) -> None:
        for number in ('4', '7', 'x', ''):
            answer = self.client.call('GET', f'/simulator/stats?pod={number}')
            self.assertEqual(400, answer.status_code)
            self.assertIn('pod must be a number from 5 to 6.', answer.text)

    def test_node_appears(self) -> None:
        body = {'description': 'd', 'name': 'n'}
        answer = self.client.post(NODES, body)
        self.assertEqual(201, answer.status_code)
        path = f'{running.NODES}/{answer.json()["id"]}'
        (member,) = self.client.get(running.NODES)['Members']
        self.assertEqual(path, member['@odata.id'])
        node = self.client.get(path)
        self.assertEqual(('d', 'n'), (node['Description'], node['Name']))
        self.assertEqual('Assembled', node['ComposedNodeState'])

    def test_what_appears_was_not_made(self) -> None:
        self.pod.appear('d')
        stats = self.client.stats()
        self.assertEqual([], stats['made'])
        self.assertEqual(1, stats['free_systems'])

    def test_nothing_appears_where_nothing_is_free(self) -> None:
        self.pod.appear('d')
        self.pod.appear('d')
        self.assertEqual(409, self.client.post(NODES, {}).status_code)
        self.assertRaises(errors.RedfishError, self.pod.appear, 'd')

    def test_wrong_body(self) -> None:
        answer = self.client.post(NODES, {'colour': 'red'})
        self.assertEqual(400, answer.status_code)

    def test_node_vanishes(self) -> None:
        node = self.client.allocate()
        answer = self.client.delete(f'{NODES}/1')
        self.assertEqual(204, answer.status_code)
        self.assertEqual(404, self.client.call('GET', node).status_code)
        stats = self.client.stats()
        self.assertTrue(stats['made'][0]['deleted'])
        self.assertEqual(2, stats['free_systems'])
        self.assertNotIn('DELETE', stats['requests'])

    def test_node_vanishes_by_the_library(self) -> None:
        self.client.allocate()
        self.pod.forget('1')
        self.assertEqual([], self.client.get(running.NODES)['Members'])

    def test_no_such_node(self) -> None:
        self.assertEqual(404, self.client.delete(f'{NODES}/1').status_code)
        self.assertRaises(errors.RedfishError, self.pod.forget, '1')
