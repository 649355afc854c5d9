import fixtures
import testtools

from tests.fixtures import database, rows
from tests.unit.tasks import working
from valence.tasks.progress import Progress


class ProgressTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.FakeLogger())
        self.database = self.useFixture(database.Database()).database
        self.progress = Progress(self.database)

    def leases(self, count):
        for _ in range(count):
            rows.add_task(self.database)
        return [rows.lease_of(task) for task in rows.claim(self.database)]

    def percent(self, lease):
        return self.database.tasks.get(uuid=lease.task_uuid).percent

    def count_writes(self):
        calls = []
        real = self.database.tasks.record_many

        def record_many(*, records):
            calls.append(records)
            real(records=records)

        self.patch(self.database.tasks, 'record_many', record_many)
        return calls

    def test_latest_of_each_task_in_one_write(self):
        one, two = self.leases(2)
        calls = self.count_writes()
        for percent in (10, 20, 30):
            self.progress.put(one, {'percent': percent})
            self.progress.put(two, {'percent': percent + 1})
        self.progress.flush()
        self.assertEqual((30, 31), (self.percent(one), self.percent(two)))
        self.assertEqual([2], [len(records) for records in calls])

    def test_written_once(self):
        (lease,) = self.leases(1)
        calls = self.count_writes()
        self.progress.put(lease, {'percent': 10})
        self.progress.flush()
        self.progress.flush()
        self.assertEqual(1, len(calls))

    def test_dropped(self):
        (lease,) = self.leases(1)
        self.progress.put(lease, {'percent': 10})
        self.progress.drop(lease)
        self.progress.drop(lease)
        self.progress.flush()
        self.assertEqual(0, self.percent(lease))

    def test_written_by_itself(self):
        (lease,) = self.leases(1)
        self.progress.start()
        self.addCleanup(self.progress.stop)
        self.progress.put(lease, {'percent': 10})
        working.wait_until(lambda: self.percent(lease))
        self.assertEqual(10, self.percent(lease))
