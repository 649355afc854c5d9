import threading
import time

import fixtures
import testtools

from tests.unit.tasks import working
from valence.tasks.doorbell import Doorbell


class Stuck(working.Bells):
    """A bus that takes a bell only when it is let."""

    def __init__(self):
        super().__init__()
        self.entered = threading.Event()
        self.let = threading.Event()

    def ring(self, topic):
        super().ring(topic)
        self.entered.set()
        self.let.wait(working.PATIENCE)


class Broken(working.Bells):
    broken = True

    def ring(self, topic):
        super().ring(topic)
        if self.broken:
            raise OSError('no broker')


class DoorbellTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.logger = self.useFixture(fixtures.FakeLogger())

    def start(self, bells):
        doorbell = Doorbell(bells)
        doorbell.start()
        self.addCleanup(doorbell.stop)
        return doorbell

    def test_rings(self):
        bells = working.Bells()
        self.start(bells).ring('a')
        working.wait_until(lambda: bells.rung)
        self.assertEqual(['a'], bells.rung)

    def test_never_blocks(self):
        bells = Stuck()
        doorbell = self.start(bells)
        self.addCleanup(bells.let.set)
        doorbell.ring('a')
        bells.entered.wait(working.PATIENCE)
        started = time.monotonic()
        for _ in range(1000):
            doorbell.ring('a')
        self.assertLess(time.monotonic() - started, 5)
        self.assertEqual(['a'], bells.rung)

    def test_bells_coalesce(self):
        bells = Stuck()
        doorbell = self.start(bells)
        doorbell.ring('a')
        bells.entered.wait(working.PATIENCE)
        for _ in range(100):
            doorbell.ring('a')
            doorbell.ring('b')
        bells.let.set()
        working.wait_until(lambda: len(bells.rung) >= 3)
        time.sleep(0.05)
        self.assertEqual(['a', 'a', 'b'], sorted(bells.rung))

    def test_rings_again(self):
        bells = working.Bells()
        doorbell = self.start(bells)
        for count in (1, 2, 3):
            doorbell.ring('a')
            working.wait_until(lambda count=count: len(bells.rung) == count)
        self.assertEqual(['a'] * 3, bells.rung)

    def test_survives_a_bus_that_raises(self):
        bells = Broken()
        doorbell = self.start(bells)
        doorbell.ring('a')
        working.wait_until(lambda: bells.rung)
        bells.broken = False
        doorbell.ring('b')
        working.wait_until(lambda: len(bells.rung) == 2)
        self.assertEqual(['a', 'b'], bells.rung)

    def test_tells_once_that_the_bus_is_away_and_once_that_it_is_back(self):
        bells = Broken()
        doorbell = self.start(bells)
        for count in (1, 2, 3):
            doorbell.ring('a')
            working.wait_until(lambda count=count: len(bells.rung) == count)
        bells.broken = False
        doorbell.ring('a')
        working.wait_until(lambda: 'again' in self.logger.output)
        self.assertEqual(1, self.logger.output.count('no broker'))
        self.assertEqual(1, self.logger.output.count('doorbells again'))

    def test_stop_does_not_wait_for_a_bus_that_is_stuck(self):
        bells = Stuck()
        doorbell = Doorbell(bells)
        doorbell.start()
        self.addCleanup(bells.let.set)
        doorbell.ring('a')
        bells.entered.wait(working.PATIENCE)
        started = time.monotonic()
        doorbell.stop()
        self.assertLess(time.monotonic() - started, 10)
