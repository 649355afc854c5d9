import concurrent.futures
import time

import fixtures
import testtools

from tests.fixtures import database, rows
from tests.unit.tasks import working
from valence.tasks.waiter import Waiter


class WaiterTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.FakeLogger())
        self.database = self.useFixture(database.Database()).database
        self.pool = concurrent.futures.ThreadPoolExecutor(8)
        self.addCleanup(self.pool.shutdown)

    def start(self, most=8):
        waiter = Waiter(self.database, most)
        waiter.start()
        self.addCleanup(waiter.stop)
        return waiter

    def end(self, uuid):
        (task,) = rows.claim(self.database)
        self.assertEqual(uuid, task.uuid)
        self.database.tasks.finish(
            lease=rows.lease_of(task), state='completed', message=''
        )

    def test_wakes(self):
        waiter = self.start()
        uuid = rows.add_task(self.database)
        waiting = self.pool.submit(waiter.wait, uuid, working.PATIENCE)
        time.sleep(0.1)
        self.assertFalse(waiting.done())
        self.end(uuid)
        self.assertIs(True, waiting.result())

    def test_wakes_all_who_wait_for_it(self):
        waiter = self.start()
        uuid, other = (rows.add_task(self.database) for _ in range(2))
        waiting = [
            self.pool.submit(waiter.wait, uuid, working.PATIENCE)
            for _ in range(3)
        ]
        not_yet = self.pool.submit(waiter.wait, other, 0.3)
        (task, _) = rows.claim(self.database)
        self.database.tasks.finish(
            lease=rows.lease_of(task), state='failed', message=''
        )
        self.assertEqual([True] * 3, [each.result() for each in waiting])
        self.assertIs(False, not_yet.result())

    def test_has_ended_already(self):
        waiter = self.start()
        uuid = rows.add_task(self.database)
        self.end(uuid)
        self.assertIs(True, waiter.wait(uuid, working.PATIENCE))

    def test_gone_counts_as_ended(self):
        self.assertIs(
            True, self.start().wait(rows.new_uuid(), working.PATIENCE)
        )

    def test_times_out(self):
        uuid = rows.add_task(self.database)
        started = time.monotonic()
        self.assertIs(False, self.start().wait(uuid, 0.2))
        self.assertGreaterEqual(time.monotonic() - started, 0.2)

    def test_no_time_to_wait(self):
        self.assertIs(False, self.start().wait(rows.new_uuid(), 0))

    def test_no_more_than_so_many_wait(self):
        waiter = self.start(most=2)
        uuid = rows.add_task(self.database)
        waiting = [self.pool.submit(waiter.wait, uuid, 1) for _ in range(2)]
        time.sleep(0.2)
        started = time.monotonic()
        self.assertIs(False, waiter.wait(uuid, working.PATIENCE))
        self.assertLess(time.monotonic() - started, working.PATIENCE / 2)
        self.assertEqual([False] * 2, [each.result() for each in waiting])

    def test_place_is_free_again(self):
        waiter = self.start(most=1)
        self.assertIs(True, waiter.wait(rows.new_uuid(), working.PATIENCE))
        self.assertIs(True, waiter.wait(rows.new_uuid(), working.PATIENCE))

    def test_outage_is_waited_out(self):
        uuid = rows.add_task(self.database)
        waiter = self.start()
        real = self.database.tasks.ended
        failures = [RuntimeError('away')] * 3

        def ended(**arguments):
            if failures:
                raise failures.pop()
            return real(**arguments)

        self.patch(self.database.tasks, 'ended', ended)
        waiting = self.pool.submit(waiter.wait, uuid, working.PATIENCE)
        working.wait_until(lambda: not failures)
        self.end(uuid)
        self.assertIs(True, waiting.result())

    def test_nobody_waits_nobody_asks(self):
        asked = []
        self.patch(self.database.tasks, 'ended', asked.append)
        self.start()
        time.sleep(0.2)
        self.assertEqual([], asked)
