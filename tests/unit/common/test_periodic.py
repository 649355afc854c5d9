import threading
import time

import fixtures
import testtools

from valence.common import periodic


class PeriodicTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.logger = self.useFixture(fixtures.FakeLogger())
        self.calls = 0
        self.enough = threading.Event()

    def count(self):
        self.calls += 1
        if self.calls >= 3:
            self.enough.set()

    def start(self, function, interval):
        made = periodic.Periodic(function, interval=interval, name='counter')
        made.start()
        self.addCleanup(made.stop)
        return made

    def test_calls_again_and_again(self):
        self.start(self.count, 0.01)
        self.assertTrue(self.enough.wait(30))

    def test_first_call_is_made_at_once(self):
        called = threading.Event()
        self.start(called.set, 600)
        self.assertTrue(called.wait(30))

    def test_goes_on_after_a_failure(self):
        def fail():
            self.count()
            raise RuntimeError('broken')

        self.start(fail, 0.01)
        self.assertTrue(self.enough.wait(30))
        self.assertIn('counter failed', self.logger.output)

    def test_no_call_after_stop(self):
        made = self.start(self.count, 0.01)
        self.enough.wait(30)
        made.stop()
        calls = self.calls
        time.sleep(0.05)
        self.assertEqual(calls, self.calls)

    def test_stop_does_not_wait_for_the_interval(self):
        made = self.start(self.count, 600)
        started = time.monotonic()
        made.stop()
        self.assertLess(time.monotonic() - started, 30)

    def test_stop_lets_the_call_in_hand_end(self):
        entered, ended = threading.Event(), threading.Event()

        def work():
            entered.set()
            time.sleep(0.1)
            ended.set()

        made = self.start(work, 600)
        entered.wait(30)
        made.stop()
        self.assertTrue(ended.is_set())


class VaryTest(testtools.TestCase):
    def test_within_its_share(self):
        found = [periodic.vary(10, 0.2) for _ in range(200)]
        self.assertTrue(all(8 <= each <= 12 for each in found))
        self.assertGreater(max(found) - min(found), 1)

    def test_without_a_share(self):
        self.assertEqual(10, periodic.vary(10, 0))
