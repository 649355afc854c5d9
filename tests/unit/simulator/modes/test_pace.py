"""Pod managers that take their time."""

import time

import requests
import testtools

from tests.unit.simulator import running

FOR_EVER = 10**6


class ActTimeTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.running = self.useFixture(running.Running(systems=3))
        self.client = self.running.client

    def begin(self) -> None:
        """Send what changes something, and is not done for long."""
        sock = self.client.send('POST', running.ALLOCATE)
        self.addCleanup(sock.close)

    def test_waits_before_it_acts(self) -> None:
        self.client.modes(act_ms=FOR_EVER)
        self.begin()
        running.eventually(lambda: self.client.stats()['running_most'])
        self.assertEqual([], self.client.stats()['made'])

    def test_answers_after_that_time(self) -> None:
        self.client.modes(act_ms=[150, 200])
        start = time.monotonic()
        self.client.allocate()
        self.assertGreaterEqual(time.monotonic() - start, 0.15)

    def test_acts_though_the_client_has_gone(self) -> None:
        self.client.modes(act_ms=200)
        self.assertRaises(
            requests.ReadTimeout,
            self.client.call,
            'POST',
            running.ALLOCATE,
            json={'Description': 'tag'},
            timeout=0.05,
        )
        made = running.eventually(lambda: self.client.stats()['made'])
        self.assertEqual('tag', made[0]['description'])
        self.assertEqual(1, self.client.stats()['answers']['201'])

    def test_reads_and_logins_do_not_wait(self) -> None:
        self.client.modes(act_ms=FOR_EVER)
        self.client.get(running.NODES)
        login = self.client.login()
        self.assertEqual(201, login.status_code)
        logout = self.client.delete(login.headers['Location'])
        self.assertEqual(204, logout.status_code)

    def test_most_at_one_time(self) -> None:
        self.client.modes(act_ms=FOR_EVER)
        for _ in range(3):
            self.begin()
        self.client.get(running.NODES)
        pod = self.running.pods[0]
        running.eventually(lambda: pod.running_most == 3)
        self.assertEqual(3, self.client.stats()['running_most'])

    def test_most_counts_one_after_another_as_one(self) -> None:
        self.client.delete(self.client.allocate())
        self.assertEqual(1, self.client.stats()['running_most'])

    def test_stop_in_the_middle(self) -> None:
        self.client.modes(act_ms=FOR_EVER)
        self.begin()
        running.eventually(lambda: self.client.stats()['running_most'])
        start = time.monotonic()
        self.running.simulator.stop()
        self.assertLess(time.monotonic() - start, 5)
        self.assertEqual([], self.running.pods[0].made)


class DripTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.running = self.useFixture(running.Running(systems=2))
        self.client = self.running.client

    def test_headers_at_once_and_the_body_slowly(self) -> None:
        self.client.modes(drip=50)
        answer = self.client.call('GET', '/redfish', stream=True)
        start = time.monotonic()
        self.assertEqual({'v1': '/redfish/v1/'}, answer.json())
        # 21 bytes, the first of them at once.
        self.assertGreaterEqual(time.monotonic() - start, 0.2)

    def test_all_of_a_body_arrives(self) -> None:
        system = self.client.get(running.SYSTEM)
        self.client.modes(drip=50_000)
        self.assertEqual(system, self.client.get(running.SYSTEM))

    def test_answers_without_a_body(self) -> None:
        node = self.client.allocate()
        self.client.modes(drip=1)
        self.assertEqual(204, self.client.delete(node).status_code)
        head = self.client.call('HEAD', running.SYSTEM)
        self.assertEqual((200, b''), (head.status_code, head.content))

    def test_stop_in_the_middle(self) -> None:
        self.client.modes(drip=1)
        answer = self.client.call('GET', running.SYSTEM, stream=True)
        self.addCleanup(answer.close)
        start = time.monotonic()
        self.running.simulator.stop()
        self.assertLess(time.monotonic() - start, 5)
