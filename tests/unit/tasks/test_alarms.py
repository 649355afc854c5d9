import time

import testtools

from valence.tasks.alarms import Alarms


class AlarmsTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.alarms = Alarms()

    def test_none_is_set(self):
        self.assertEqual(float('inf'), self.alarms.seconds_to_next())

    def test_earliest_comes_first(self):
        for delay in (50, 20, 90):
            self.alarms.set(delay)
        self.assertTrue(19 < self.alarms.seconds_to_next() <= 20)

    def test_one_that_is_over_does_not_hide_the_next(self):
        self.alarms.set(0)
        self.alarms.set(20)
        time.sleep(0.01)
        self.assertEqual(0, self.alarms.seconds_to_next())
        self.alarms.forget_past()
        self.assertTrue(19 < self.alarms.seconds_to_next() <= 20)
