import concurrent.futures
import threading
import time

import testtools

from tests.fixtures import database, rows
from valence.db.sqlalchemy import models, types

SECOND = 1_000_000
#: Share by which times may be off: they vary, and the test takes a moment.
SLACK = 0.3


class PodManagerHealthTest(testtools.TestCase):
    """The breaker's state, the probes, and when the next sync is due."""

    backend = database.SQLITE

    def setUp(self):
        super().setUp()
        self.fixture = self.useFixture(database.Database(self.backend))
        self.table = self.fixture.database.pod_managers

    def create(self, **values):
        return self.table.create(values=rows.pod_manager(**values))

    def get(self, podm):
        return self.table.get(ident=podm.uuid)

    def unanswered(self, podm, *, times=1, most=3, pause=30, reason='away'):
        """Count calls; give what was told of each."""
        return [
            self.table.unanswered(
                uuid=podm.uuid, reason=reason, most=most, pause=pause
            )
            for _ in range(times)
        ]

    def open(self, podm, pause=30):
        self.assertEqual([True], self.unanswered(podm, most=1, pause=pause))

    def assert_in(self, seconds, moment):
        """Check that a time is some seconds from now."""
        with self.fixture.database.engine.connect() as connection:
            now = connection.execute(types.now()).scalar_one()
        left = (moment - now) / SECOND
        self.assertTrue(abs(left - seconds) <= seconds * SLACK, left)

    # unanswered

    def test_created_healthy(self):
        podm = self.create()
        self.assertEqual((0, None), (podm.failures, podm.retry_at))
        self.assertFalse(podm.broken)

    def test_unanswered_is_counted(self):
        podm = self.create()
        self.assertEqual([False] * 2, self.unanswered(podm, times=2))
        found = self.get(podm)
        self.assertEqual(
            (2, None, 'Online', None),
            (
                found.failures,
                found.retry_at,
                found.status,
                found.status_reason,
            ),
        )

    def test_opened_by_so_many_in_a_row(self):
        podm = self.create()
        told = self.unanswered(podm, times=3, reason='no route')
        self.assertEqual([False, False, True], told)
        found = self.get(podm)
        self.assertEqual(
            (3, True, 'Offline', 'no route'),
            (
                found.failures,
                found.broken,
                found.status,
                found.status_reason,
            ),
        )
        self.assert_in(30, found.retry_at)

    def test_open_stays_open_and_waits_anew(self):
        podm = self.create()
        self.open(podm, pause=30)
        self.assertEqual(
            [False], self.unanswered(podm, most=1, pause=300, reason='still')
        )
        found = self.get(podm)
        self.assertEqual((2, 'still'), (found.failures, found.status_reason))
        self.assert_in(300, found.retry_at)

    def test_one_that_is_being_deleted_stays_so(self):
        podm = self.create(status='Deleting')
        self.open(podm)
        self.assertEqual('Deleting', self.get(podm).status)
        self.table.answered(uuid=podm.uuid)
        self.assertEqual('Deleting', self.get(podm).status)

    def test_unanswered_by_one_is_nothing_to_others(self):
        podm, other = self.create(), self.create()
        self.open(podm)
        self.assertEqual(other, self.get(other))

    def test_unanswered_by_one_that_is_gone(self):
        gone = rows.new_uuid()
        self.assertFalse(
            self.table.unanswered(uuid=gone, reason='', most=1, pause=1)
        )

    def test_all_are_counted_that_come_at_once(self):
        podm = self.create()
        barrier = threading.Barrier(4)

        def work(_number):
            barrier.wait()
            return self.unanswered(podm, times=5, most=20)

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            told = [each for got in pool.map(work, range(4)) for each in got]
        self.assertEqual(20, self.get(podm).failures)
        self.assertEqual(1, told.count(True))

    # answered

    def test_answer_begins_to_count_anew(self):
        podm = self.create()
        self.unanswered(podm, times=2)
        self.assertFalse(self.table.answered(uuid=podm.uuid))
        self.assertEqual(0, self.get(podm).failures)
        self.assertEqual([False] * 2, self.unanswered(podm, times=2))

    def test_answer_closes(self):
        podm = self.create()
        self.open(podm)
        self.assertTrue(self.table.answered(uuid=podm.uuid))
        found = self.get(podm)
        self.assertEqual(
            (0, None, 'Online', None),
            (
                found.failures,
                found.retry_at,
                found.status,
                found.status_reason,
            ),
        )

    def test_closed_one_is_synced_at_once(self):
        podm = self.create()
        self.table.synced(uuid=podm.uuid, usage={}, findings=[], next_in=600)
        self.open(podm)
        self.table.answered(uuid=podm.uuid)
        self.assertEqual([podm.uuid], self.due_syncs())

    def test_answer_without_failures_changes_nothing(self):
        podm = self.create(status='Unauthorized', status_reason='wrong')
        self.assertFalse(self.table.answered(uuid=podm.uuid))
        found = self.get(podm)
        self.assertEqual(
            ('Unauthorized', 'wrong', None),
            (found.status, found.status_reason, found.next_sync_at),
        )

    def test_answer_of_one_that_is_gone(self):
        self.assertFalse(self.table.answered(uuid=rows.new_uuid()))

    # take_due_probes

    def take(self, limit=10):
        return list(self.table.take_due_probes(pause=60, limit=limit))

    def test_probe_after_the_pause(self):
        podm, other = self.create(), self.create()
        self.open(podm, pause=0.05)
        self.open(other, pause=60)
        time.sleep(0.1)
        self.assertEqual([podm.uuid], self.take())

    def test_probe_is_put_off_for_others(self):
        podm = self.create()
        self.open(podm, pause=0)
        self.assertEqual([podm.uuid], self.take())
        self.assertEqual([], self.take())
        found = self.get(podm)
        self.assertTrue(found.broken)
        self.assert_in(60, found.retry_at)

    def test_no_probe_of_what_answers(self):
        self.unanswered(self.create())
        answered = self.create()
        self.open(answered, pause=0)
        self.table.answered(uuid=answered.uuid)
        self.assertEqual([], self.take())

    def test_no_more_probes_than_asked_for_the_longest_due_first(self):
        podms = [self.create() for _ in range(3)]
        for podm, pause in zip(podms, (-200, -300, -100), strict=True):
            self.open(podm, pause=pause)
        self.assertEqual([podms[1].uuid, podms[0].uuid], self.take(2))
        self.assertEqual([podms[2].uuid], self.take(2))

    def test_each_probe_comes_to_one(self):
        uuids = []
        for _ in range(12):
            podm = self.create()
            self.open(podm, pause=0)
            uuids.append(podm.uuid)
        barrier = threading.Barrier(4)

        def work(_number):
            barrier.wait()
            return [uuid for _ in range(6) for uuid in self.take(2)]

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            taken = [uuid for got in pool.map(work, range(4)) for uuid in got]
        self.assertEqual(sorted(uuids), sorted(taken))

    # syncs

    def due_syncs(self, limit=10):
        return list(self.table.due_syncs(limit=limit))

    def create_due(self, ago=60, **values):
        """Add one whose sync is due, for some seconds."""
        podm = self.create(**values)
        with self.fixture.database.engine.begin() as connection:
            connection.execute(
                models.pod_managers.update()
                .where(models.pod_managers.c.uuid == podm.uuid)
                .values(next_sync_at=types.now() - ago * SECOND)
            )
        return podm

    def test_due_syncs(self):
        podm = self.create_due()
        self.create_due(ago=-60)
        self.create()
        self.assertEqual([podm.uuid], self.due_syncs())

    def test_no_sync_of_what_a_task_is_changing(self):
        self.create_due(task_uuid=rows.new_uuid())
        self.assertEqual([], self.due_syncs())

    def test_no_sync_of_what_is_left_alone(self):
        podm = self.create_due()
        self.open(podm)
        self.assertEqual([], self.due_syncs())

    def test_no_more_syncs_than_asked_for_the_longest_due_first(self):
        podms = [self.create_due(ago=ago) for ago in (60, 90, 30)]
        self.assertEqual([podms[1].uuid, podms[0].uuid], self.due_syncs(2))

    def test_synced(self):
        podm = self.create(sync_error='away', task_uuid=rows.new_uuid())
        finding = {'kind': 'orphan', 'url': '/n/1'}
        self.table.synced(
            uuid=podm.uuid,
            usage={'systems': 3},
            findings=[finding],
            next_in=300,
        )
        found = self.get(podm)
        self.assertEqual(
            ({'systems': 3}, [finding], None, None),
            (found.usage, found.findings, found.sync_error, found.task_uuid),
        )
        self.assertGreaterEqual(found.synced_at, podm.created_at)
        self.assert_in(300, found.next_sync_at)

    def test_synced_but_for_some_parts(self):
        podm = self.create()
        self.table.synced(
            uuid=podm.uuid, usage={}, findings=[], next_in=300, error='2 parts'
        )
        found = self.get(podm)
        self.assertEqual('2 parts', found.sync_error)
        self.assertIsNotNone(found.synced_at)
        self.table.synced(uuid=podm.uuid, usage={}, findings=[], next_in=300)
        self.assertIsNone(self.get(podm).sync_error)

    def test_not_synced(self):
        podm = self.create(task_uuid=rows.new_uuid(), usage={'systems': 3})
        self.table.not_synced(uuid=podm.uuid, error='away', next_in=60)
        found = self.get(podm)
        self.assertEqual(
            ('away', None, {'systems': 3}, None),
            (found.sync_error, found.task_uuid, found.usage, found.synced_at),
        )
        self.assert_in(60, found.next_sync_at)

    def test_syncs_of_many_drift_apart(self):
        podms = [self.create() for _ in range(8)]
        for podm in podms:
            self.table.synced(
                uuid=podm.uuid, usage={}, findings=[], next_in=1000
            )
        times = [self.get(podm).next_sync_at for podm in podms]
        self.assertGreater(max(times) - min(times), 10 * SECOND)
