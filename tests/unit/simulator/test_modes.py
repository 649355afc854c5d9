"""What tests can ask of a pod, and see of it."""

import time

import requests
import testtools

from tests.unit.simulator import running


class ModesTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.running = self.useFixture(running.Running(pods=2, systems=2))
        self.client = self.running.client

    def test_away(self) -> None:
        self.client.modes(away=True)
        for method in ('GET', 'POST'):
            self.assertRaises(
                requests.ConnectionError,
                self.client.call,
                method,
                running.NODES,
                json={},
            )
        self.running.clients[1].get(running.ROOT)
        self.client.modes(away=False)
        self.client.get(running.NODES)

    def test_hang(self) -> None:
        self.client.modes(hang=True)
        self.assertRaises(
            requests.ReadTimeout,
            self.client.call,
            'POST',
            running.ALLOCATE,
            json={},
            timeout=0.2,
        )
        self.client.modes(hang=None)
        self.assertEqual([], self.client.get(running.NODES)['Members'])

    def test_stop_while_one_hangs(self) -> None:
        client = self.running.clients[1]
        client.modes(hang=True)
        self.assertRaises(
            requests.ReadTimeout, client.get, running.ROOT, timeout=0.1
        )
        start = time.monotonic()
        self.running.simulator.stop()
        self.assertLess(time.monotonic() - start, 5)
        self.assertRaises(requests.ConnectionError, client.get, running.ROOT)

    def test_status(self) -> None:
        self.client.modes(status=503)
        answer = self.client.post(running.ALLOCATE, {})
        self.assertEqual(503, answer.status_code)
        self.assertIn('error', answer.json())
        self.client.modes(status=None)
        self.assertEqual([], self.client.get(running.NODES)['Members'])

    def test_latency(self) -> None:
        self.client.modes(latency_ms=600)
        start = time.monotonic()
        self.client.get(running.ROOT)
        self.assertGreaterEqual(time.monotonic() - start, 0.6)

    def test_control_has_no_latency(self) -> None:
        # Longer than the client has patience.
        self.client.modes(latency_ms=60_000)
        self.assertEqual(60_000, self.client.stats()['modes']['latency_ms'])

    def test_what_was_asked_for_happens_before_the_delay(self) -> None:
        self.client.modes(latency_ms=2000)
        self.assertRaises(
            requests.ReadTimeout,
            self.client.call,
            'POST',
            running.ALLOCATE,
            json={'Name': 'orphan'},
            timeout=0.2,
        )
        self.assertEqual('orphan', self.client.stats()['nodes'][0]['name'])

    def test_usual_latency_returns(self) -> None:
        slow = self.useFixture(running.Running(latency_ms=7)).client
        self.assertEqual(7, slow.stats()['modes']['latency_ms'])
        self.assertEqual(0, slow.modes(latency_ms=0).json()['latency_ms'])
        self.assertEqual(7, slow.modes(latency_ms=None).json()['latency_ms'])

    def test_set_from_the_thread_of_the_test(self) -> None:
        pod = self.running.pods[0]
        pod.set_modes(status=500)
        self.assertEqual(
            500, self.client.call('GET', running.ROOT).status_code
        )
        self.assertRaises(ValueError, pod.set_modes, colour='red')
        pod.clear_modes()
        self.client.get(running.ROOT)

    def test_clear_all(self) -> None:
        self.client.modes(away=True, assembly='fail')
        modes = self.client.delete('/simulator/modes').json()
        self.assertEqual({'assembly_ms', 'latency_ms'}, set(modes))
        self.assertEqual(modes, self.client.get('/simulator/modes'))

    def test_wrong_modes(self) -> None:
        for values in (
            {'colour': 'red'},
            {'away': 'yes'},
            {'assembly': 'succeed'},
            {'latency_ms': -1},
            {'latency_ms': True},
            {'status': 99},
            {'status': '500'},
            {'status': 500, 'hang': 1},
            {'accept': {'share': 'all'}},
        ):
            answer = self.client.modes(**values)
            self.assertEqual(400, answer.status_code, values)
        self.client.get(running.ROOT)

    def test_refusal_says_what_a_value_must_be(self) -> None:
        error = self.client.modes(drip='slowly').json()['error']
        self.assertEqual(
            'drip must be a number of bytes per second.',
            error['@Message.ExtendedInfo'][0]['Message'],
        )


class StatsTest(testtools.TestCase):
    def test_counts(self) -> None:
        run = self.useFixture(running.Running(systems=3))
        client = run.client
        node = client.allocate(Name='n', Description='d')
        client.post(running.ALLOCATE, {'Colour': 'red'})
        client.assemble(node)
        client.settle(node)
        client.delete(client.allocate())
        stats = client.stats()
        self.assertEqual(4, stats['requests']['POST'])
        self.assertEqual(1, stats['requests']['DELETE'])
        self.assertEqual(3, stats['calls']['allocate'])
        self.assertEqual(1, stats['calls']['assemble'])
        self.assertEqual(1, stats['calls']['delete'])
        self.assertEqual(2, stats['answers']['201'])
        self.assertEqual(1, stats['answers']['400'])
        self.assertEqual(2, stats['free_systems'])
        self.assertEqual(
            [
                {
                    'id': '1',
                    'name': 'n',
                    'description': 'd',
                    'state': 'Assembled',
                    'system': running.SYSTEM,
                    'attached': [],
                }
            ],
            stats['nodes'],
        )
        self.assertEqual(stats, run.pods[0].stats())

    def test_made(self) -> None:
        run = self.useFixture(running.Running(systems=2))
        client = run.client
        client.delete(client.allocate(Description='tag'))
        client.allocate(Description='tag')
        client.post(running.ALLOCATE, {'TotalSystemCoreCount': 1000})
        self.assertEqual(
            [
                {'description': 'tag', 'id': '1', 'deleted': True},
                {'description': 'tag', 'id': '2', 'deleted': False},
            ],
            client.stats()['made'],
        )
        self.assertEqual(
            [('tag', '1', True), ('tag', '2', False)],
            [
                (each.description, each.id, each.deleted)
                for each in run.pods[0].made
            ],
        )
