"""Pod managers that do not act, or are not there at all."""

import email.utils
import time

import fixtures
import requests
import testtools

from tests.unit.simulator import running, test_command


class BurstTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.client = self.useFixture(running.Running(systems=2)).client

    def burst(self, **values: object) -> requests.Response:
        self.client.modes(burst=values)
        return self.client.call('GET', running.NODES)

    def test_any_method_and_not_acted_upon(self) -> None:
        self.client.modes(burst={'statuses': [503]})
        for method in ('GET', 'POST', 'PATCH', 'DELETE'):
            answer = self.client.call(method, running.ALLOCATE, json={})
            self.assertEqual(503, answer.status_code)
        self.assertEqual([], self.client.stats()['made'])
        self.assertEqual({}, self.client.stats()['calls'])

    def test_error_body(self) -> None:
        error = self.burst(statuses=[503]).json()['error']
        self.assertEqual('Base.1.0.ServiceUnavailable', error['code'])
        self.assertIn('Message', error['@Message.ExtendedInfo'][0])

    def test_any_error_status(self) -> None:
        self.assertEqual(499, self.burst(statuses=[499]).status_code)

    def test_usual_statuses(self) -> None:
        seen = {self.burst().status_code for _ in range(40)}
        self.assertEqual({500, 502, 503, 429}, seen)

    def test_retry_after_seconds(self) -> None:
        self.assertEqual('7', self.burst(retry_after=7).headers['Retry-After'])

    def test_retry_after_date(self) -> None:
        value = self.burst(retry_after='date').headers['Retry-After']
        date = email.utils.parsedate_to_datetime(value).timestamp()
        self.assertLess(abs(date - time.time() - 1.5), 1)

    def test_no_retry_after(self) -> None:
        self.assertNotIn('Retry-After', self.burst(retry_after=None).headers)

    def test_sessions_are_spared(self) -> None:
        self.client.modes(burst={})
        self.assertEqual(201, self.client.login().status_code)
        self.client.get(running.SESSIONS)

    def statuses(self, seed: int) -> list[int]:
        modes = {'burst': {'share': 0.5}}
        run = self.useFixture(running.Running(seed=seed, modes=modes))
        get = run.client.call
        return [get('GET', running.ROOT).status_code for _ in range(20)]

    def test_share_by_chance_that_repeats(self) -> None:
        first = self.statuses(1)
        self.assertIn(first.count(200), range(1, 20))
        self.assertEqual(first, self.statuses(1))
        self.assertNotEqual(first, self.statuses(2))


class DeadTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.running = self.useFixture(running.Running(pods=2, systems=2))
        self.pod = self.running.pods[0]
        self.client, self.other = self.running.clients

    def assert_refused(self, client: running.Client) -> None:
        self.assertRaises(
            ConnectionRefusedError, client.send, 'GET', running.ROOT
        )

    def test_refuses_connections(self) -> None:
        self.pod.set_modes(dead=True)
        self.assert_refused(self.client)
        self.other.get(running.ROOT)

    def test_lives_again_on_the_same_port(self) -> None:
        for _ in range(5):
            self.pod.set_modes(dead=True)
            self.pod.set_modes(dead=None)
            self.client.get(running.ROOT)

    def test_open_connections_are_reset(self) -> None:
        self.pod.set_modes(hang=True)
        with self.client.send('GET', running.NODES) as sock:
            requests_seen = self.pod.requests
            running.eventually(lambda: requests_seen['GET'])
            self.pod.set_modes(dead=True)
            self.assertRaises(ConnectionResetError, sock.recv, 1)

    def test_nodes_survive(self) -> None:
        node = self.client.allocate()
        self.pod.set_modes(dead=True)
        self.pod.clear_modes()
        self.client.get(node)

    def test_work_goes_on(self) -> None:
        self.client.modes(act_ms=100)
        with self.client.send('POST', running.ALLOCATE):
            running.eventually(lambda: self.pod.running_most)
            self.pod.set_modes(dead=True)
            self.assertTrue(running.eventually(lambda: self.pod.made))

    def test_by_its_own_control_route(self) -> None:
        answer = self.client.modes(dead=True)
        self.assertIs(True, answer.json()['dead'])
        self.assertEqual('close', answer.headers['Connection'])
        self.assert_refused(self.client)

    def test_by_the_control_route_of_another(self) -> None:
        self.other.post('/simulator/modes?pod=0', {'dead': True})
        self.assert_refused(self.client)
        self.other.post('/simulator/modes?pod=0', {'dead': None})
        self.client.get(running.ROOT)

    def test_from_the_beginning(self) -> None:
        run = self.useFixture(running.Running(modes={'dead': True}))
        self.assert_refused(run.client)
        run.pods[0].set_modes(dead=False)
        run.client.get(running.ROOT)

    def test_set_before_the_start_and_after_the_end(self) -> None:
        self.running.simulator.stop()
        self.pod.set_modes(dead=True)
        self.pod.clear_modes()

    def test_with_tls(self) -> None:
        files = test_command.certificate(
            self.useFixture(fixtures.TempDir()).path
        )
        run = self.useFixture(running.Running(tls=files))
        run.client.session.verify = files[0]
        run.client.get(running.ROOT)
        run.pods[0].set_modes(dead=True)
        self.assertRaises(
            requests.ConnectionError, run.client.get, running.ROOT
        )
        run.pods[0].set_modes(dead=False)
        run.client.get(running.ROOT)
