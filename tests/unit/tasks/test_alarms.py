import time

import testtools

from valence.tasks.alarms import Alarms


class AlarmsTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.alarms = Alarms()

    def test_none(self):
        self.assertEqual(float('inf'), self.alarms.seconds_to_next())

    def test_earliest_comes_first(self):
        for delay in (300, 100, 200):
            self.alarms.set(delay)
        self.assertTrue(90 < self.alarms.seconds_to_next() <= 100)

    def test_past_is_forgotten(self):
        self.alarms.set(0)
        self.alarms.set(100)
        time.sleep(0.01)
        self.alarms.forget_past()
        self.assertTrue(90 < self.alarms.seconds_to_next() <= 100)

    def test_what_goes_off_during_a_look_is_kept(self):
        self.alarms.set(0.01)
        self.alarms.forget_past()
        time.sleep(0.02)
        self.assertEqual(0, self.alarms.seconds_to_next())
        self.assertEqual(0, self.alarms.seconds_to_next())
