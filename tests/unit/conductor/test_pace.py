import heapq
import random

import testtools

from valence.common import periodic
from valence.conductor import pace

INTERVAL = 300
PODMS = 1000
#: Share by which the database varies what it is told.
_JITTER = 0.2


class PaceTest(testtools.TestCase):
    def next_in(self, lateness):
        return {pace.next_in(lateness, INTERVAL) for _ in range(100)}

    def test_on_time(self):
        for lateness in (0, 2, INTERVAL / 10):
            self.assertEqual({INTERVAL}, self.next_in(lateness))

    def test_not_on_time(self):
        for lateness in (None, -1, INTERVAL, 10**9):
            found = self.next_in(lateness)
            self.assertGreater(len(found), 90)
            self.assertGreaterEqual(min(found), INTERVAL / 2)
            self.assertLessEqual(max(found), INTERVAL * 1.5)


class SpreadTest(testtools.TestCase):
    """A thousand pod managers that all come due in the same moment."""

    def setUp(self):
        super().setUp()
        # The same each time.
        self.patch(periodic, 'random', random.Random(1))

    def begin(self, seconds):
        """Give when syncs come, the first ones aside, until a moment.

        :returns: times, of all pod managers.
        """
        # Workers have done the first ones after 20 s, as a start is.
        due = [(20 * number / PODMS, None) for number in range(PODMS)]
        heapq.heapify(due)
        times = []
        while due[0][0] < seconds:
            moment, was_due = heapq.heappop(due)
            lateness = None if was_due is None else 0
            if was_due is not None:
                times.append(moment)
            pause = pace.next_in(lateness, INTERVAL)
            later = moment + periodic.vary(pause, _JITTER)
            heapq.heappush(due, (later, later))
        return times

    def test_load_is_spread_after_the_first_round(self):
        times = self.begin(4 * INTERVAL)
        most = self.most(times, 10)
        # 33 on the average.
        self.assertLess(most, 2 * PODMS * 10 / INTERVAL)

    def test_and_stays_so(self):
        times = self.begin(40 * INTERVAL)
        late = [moment for moment in times if moment > 20 * INTERVAL]
        self.assertLess(self.most(late, 10), 2 * PODMS * 10 / INTERVAL)
        self.assertGreater(len(late), 0.9 * 20 * PODMS)

    def most(self, times, width):
        """Give how many come within so many seconds at the most."""
        counts = {}
        for moment in times:
            slot = int(moment // width)
            counts[slot] = counts.get(slot, 0) + 1
        return max(counts.values())
