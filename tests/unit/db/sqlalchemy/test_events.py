"""Events of a pod manager: at most so many take effect, and none is lost."""

import threading

import sqlalchemy as sa
import testtools

from tests.fixtures import database, rows
from valence.db.api import Query
from valence.db.sqlalchemy import models

_LONG = 1000


class EventsTest(testtools.TestCase):
    backend = database.SQLITE

    def setUp(self):
        super().setUp()
        self.fixture = self.useFixture(database.Database(self.backend))
        self.database = self.fixture.database
        self.podms = self.database.pod_managers
        self.uuid = rows.add_pod_manager(self.database).uuid

    @property
    def podm(self):
        return self.podms.get(ident=self.uuid)

    def note(self, syncs=True, interval=_LONG):
        return self.podms.note_event(
            uuid=self.uuid, syncs=syncs, interval=interval
        )

    def pass_time(self):
        """Have what was noted lie the interval back."""
        table = models.pod_managers
        with self.fixture.database.engine.begin() as connection:
            back = {
                name: table.c[name] - _LONG * 1_000_000
                for name in ('event_at', 'event_due_at', 'sync_wanted_at')
            }
            if self.podm.next_sync_at is not None:
                back['next_sync_at'] = table.c.next_sync_at - _LONG * 1_000_000
            connection.execute(table.update().values(back))

    def due(self):
        taken = self.podms.take_due_events(limit=10)
        return list(taken), list(self.podms.due_syncs(limit=10))

    def begin_sync(self):
        task = rows.add_task(self.database)
        self.podms.reserve(uuid=self.uuid, task_uuid=task)

    def end_sync(self):
        self.podms.synced(uuid=self.uuid, usage={}, findings=[], next_in=9000)

    def test_first_takes_effect_at_once(self):
        self.assertEqual(0.0, self.note())
        self.assertEqual(1, self.podm.changes)
        self.assertEqual(([], [self.uuid]), self.due())

    def test_change_of_values_wants_no_sync(self):
        self.note(syncs=False)
        self.assertEqual(1, self.podm.changes)
        self.assertEqual(([], []), self.due())

    def test_those_that_come_too_soon_take_effect_together_later(self):
        self.note(syncs=False)
        for _event in range(3):
            left = self.note(syncs=False)
        self.assertTrue(0 < left <= _LONG, left)
        self.assertEqual(1, self.podm.changes)
        self.assertEqual(([], []), self.due())
        self.pass_time()
        self.assertEqual(([self.uuid], []), self.due())
        self.assertEqual(2, self.podm.changes)
        self.assertEqual(([], []), self.due())

    def test_sync_that_is_wanted_too_soon_is_due_later(self):
        self.note(syncs=False)
        self.note(syncs=False)
        self.note(syncs=True)
        self.assertEqual(([], []), self.due())
        self.pass_time()
        self.assertEqual(([self.uuid], [self.uuid]), self.due())

    def test_next_interval_begins_with_what_was_late(self):
        self.note()
        self.note()
        self.pass_time()
        self.due()
        self.assertGreater(self.note(), 0)
        self.assertEqual(2, self.podm.changes)

    def test_sync_waits_for_the_event_that_it_is_for(self):
        self.note()
        self.note()
        self.pass_time()
        # Else the next event would be the first of another interval.
        self.assertEqual([], list(self.podms.due_syncs(limit=10)))
        self.assertEqual(([self.uuid], [self.uuid]), self.due())

    def test_sync_that_begins_just_when_it_is_due_is_enough(self):
        self.note()
        self.note()
        columns = models.pod_managers.c
        select = sa.select(columns.sync_wanted_at, columns.event_due_at)
        with self.fixture.database.engine.connect() as connection:
            wanted, due = connection.execute(select).one()
        self.assertLess(wanted, due)

    def test_sync_that_is_due_earlier_stays_so(self):
        self.note(syncs=False)
        self.podms.not_synced(uuid=self.uuid, error='', next_in=0)
        self.note(syncs=True)
        self.assertEqual(([], [self.uuid]), self.due())

    def test_event_during_a_sync_is_followed_by_another(self):
        self.begin_sync()
        self.note()
        self.end_sync()
        self.assertEqual(([], [self.uuid]), self.due())
        self.begin_sync()
        self.end_sync()
        self.assertEqual(([], []), self.due())

    def test_event_during_a_sync_that_fails(self):
        self.begin_sync()
        self.note()
        self.podms.not_synced(uuid=self.uuid, error='', next_in=9000)
        self.assertEqual(([], [self.uuid]), self.due())

    def test_event_before_a_sync_is_not(self):
        self.note()
        self.pass_time()
        self.begin_sync()
        self.end_sync()
        self.assertEqual(([], []), self.due())

    def test_second_event_during_a_sync_is_due_later(self):
        """Although the time of the sync itself had come already."""
        self.podms.not_synced(uuid=self.uuid, error='', next_in=0)
        self.note(syncs=False)
        self.begin_sync()
        self.note()
        self.end_sync()
        self.assertEqual(([], []), self.due())
        self.pass_time()
        self.assertEqual(([self.uuid], [self.uuid]), self.due())

    def test_sync_for_an_event_is_not_repeated_until_the_next_is_due(self):
        self.note()
        self.begin_sync()
        self.note()
        self.end_sync()
        self.assertEqual(([], []), self.due())
        self.pass_time()
        self.assertEqual(([self.uuid], [self.uuid]), self.due())

    def test_both_that_came_during_a_sync(self):
        self.begin_sync()
        self.note()
        self.note()
        self.end_sync()
        self.assertEqual(([], [self.uuid]), self.due())
        self.begin_sync()
        self.end_sync()
        self.assertEqual(([], []), self.due())
        self.pass_time()
        self.assertEqual(([self.uuid], [self.uuid]), self.due())

    def test_change_of_values_during_a_sync(self):
        self.begin_sync()
        self.note(syncs=False)
        self.end_sync()
        self.assertEqual(([], []), self.due())

    def test_one_of_many_at_once_takes_effect(self):
        def note():
            for _event in range(5):
                self.note()

        threads = [threading.Thread(target=note) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(1, self.podm.changes)

    def test_events_of_another(self):
        other = rows.add_pod_manager(self.database).uuid
        self.note()
        self.podms.note_event(uuid=other, syncs=False, interval=_LONG)
        changes = [podm.changes for podm in self.podms.list(query=Query())]
        self.assertEqual([1, 1], changes)

    def test_pod_manager_that_is_gone(self):
        self.podms.delete(uuid=self.uuid)
        self.assertEqual(0.0, self.note())
        self.assertEqual(([], []), self.due())
