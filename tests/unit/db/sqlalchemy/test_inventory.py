import time

import sqlalchemy as sa
import testtools

from tests.fixtures import database, rows
from tests.unit.db import queue
from valence.common import exception
from valence.db.api import LeaseLost, Query
from valence.db.sqlalchemy import bulk

SYSTEM = 'ComputerSystem'
MANY = [(f'/s/{number}', SYSTEM) for number in range(2100)]
FEW = MANY[:3]


class InventoryTest(testtools.TestCase):
    """The table of resources, as a sync writes it."""

    backend = database.SQLITE

    def setUp(self):
        super().setUp()
        self.queue = self.useFixture(queue.Queue(self.backend))
        self.database = self.queue.database
        self.table = self.database.resources
        self.podm = self.queue.add_pod_manager()

    def add(self, found, **more):
        return self.table.add(podm_id=self.podm.uuid, found=found, **more)

    def known(self):
        return self.table.known(podm_id=self.podm.uuid)

    def types(self):
        return {url: each.resource_type for url, each in self.known().items()}

    def note_statements(self):
        """Note which statements are sent from now on."""
        sent = []

        @sa.event.listens_for(self.database.engine, 'before_cursor_execute')
        def _note(connection, cursor, statement, *_rest):
            if not statement.startswith('BEGIN'):
                sent.append(statement.split()[0])

        return sent

    def note_rows(self):
        """Note how many rows each transaction begins with, from now on."""
        left = []
        other = self.queue.made.another()

        @sa.event.listens_for(self.database.engine, 'begin')
        def _note(connection):
            left.append(len(other.resources.known(podm_id=self.podm.uuid)))

        return left

    @staticmethod
    def pass_time():
        """Let the clock go on; SQLite's has whole milliseconds."""
        time.sleep(0.01)

    # known()

    def test_known(self):
        self.add(FEW)
        self.table.add(podm_id=rows.new_uuid(), found=[('/s/9', SYSTEM)])
        query = Query(filters={'podm_id': self.podm.uuid})
        listed = self.table.list(query=query)
        self.assertEqual(
            {
                row.resource_url: (
                    row.uuid,
                    row.resource_type,
                    row.created_at,
                )
                for row in listed
            },
            {
                url: (each.uuid, each.resource_type, each.created_at)
                for url, each in self.known().items()
            },
        )
        self.assertEqual(3, len(listed))

    def test_known_none(self):
        self.assertEqual({}, self.known())

    def test_known_are_all_of_many(self):
        self.add(MANY)
        self.assertEqual(dict(MANY), self.types())

    # add()

    def test_what_is_new_is_added_and_what_differs_is_corrected(self):
        self.add(FEW)
        before = self.known()
        found = [('/s/0', SYSTEM), ('/s/1', 'Chassis/Rack'), ('/n', 'Manager')]
        self.assertEqual(1, self.add(found))
        self.assertEqual(
            {**dict(FEW), **dict(found)},
            self.types(),
        )
        after = self.known()
        self.assertEqual(before['/s/1'].uuid, after['/s/1'].uuid)
        self.assertEqual(before['/s/1'].created_at, after['/s/1'].created_at)
        self.assertEqual(before['/s/0'], after['/s/0'])

    def test_corrected_row_is_told_to_be_updated(self):
        self.add([('/s/0', SYSTEM)])
        (before,) = self.table.list(query=Query())
        self.pass_time()
        self.add([('/s/0', 'Manager')])
        (after,) = self.table.list(query=Query())
        self.assertGreater(after.updated_at, before.updated_at)

    def test_types_of_other_pod_managers_are_left_alone(self):
        other = self.queue.add_pod_manager()
        self.table.add(podm_id=other.uuid, found=FEW)
        self.add(FEW)
        self.add([('/s/0', 'Manager')])
        theirs = self.table.known(podm_id=other.uuid)
        self.assertEqual(SYSTEM, theirs['/s/0'].resource_type)

    def test_nothing_is_written_where_nothing_has_changed(self):
        self.add(MANY)
        sent = self.note_statements()
        self.assertEqual(0, self.add(MANY))
        self.assertEqual({'SELECT'}, set(sent))
        self.assertEqual(5, len(sent))

    def test_few_statements_write_many_rows(self):
        sent = self.note_statements()
        self.add(MANY)
        # MariaDB does not tell how many it has inserted, and is asked.
        most = 20 if self.backend == database.MARIADB else 15
        self.assertEqual((5, most), (sent.count('INSERT'), len(sent)))
        sent.clear()
        self.add([(url, 'Manager') for url, _ in MANY])
        self.assertEqual((5, 10), (sent.count('UPDATE'), len(sent)))

    def test_each_batch_is_a_transaction(self):
        left = self.note_rows()
        self.add(MANY)
        size = bulk.BATCH
        self.assertLessEqual({0, size, 2 * size, 3 * size}, set(left))

    def test_same_url_twice(self):
        found = [('/s/0', SYSTEM), ('/s/0', 'Manager')]
        self.assertEqual(1, self.add(found))
        self.assertEqual({'/s/0': 'Manager'}, self.types())

    def test_urls_that_differ_in_blanks_only(self):
        found = [('/s/0 ', 'Manager'), ('/s/0', SYSTEM)]
        for _ in range(2):
            self.add(found)
            # MariaDB takes them for the same.
            self.assertLessEqual(self.types().items(), set(found))
            self.assertNotEqual({}, self.types())

    # delete_gone()

    def gone(self, *urls):
        known = self.known()
        return [known[url] for url in urls]

    def test_what_is_gone_is_deleted(self):
        self.add(FEW)
        gone = self.gone('/s/0', '/s/2')
        self.assertEqual(2, self.table.delete_gone(gone=gone))
        self.assertEqual({'/s/1'}, self.known().keys())
        self.assertEqual(0, self.table.delete_gone(gone=gone))

    def test_nothing_gone(self):
        self.assertEqual(0, self.table.delete_gone(gone=[]))

    def test_what_was_found_again_is_not_deleted(self):
        self.add(FEW)
        gone = self.gone('/s/0', '/s/1')
        self.table.delete(uuids=[gone[0].uuid])
        self.pass_time()
        self.add(FEW)
        self.assertEqual(gone[0].uuid, self.known()['/s/0'].uuid)
        self.assertEqual(1, self.table.delete_gone(gone=gone))
        self.assertEqual({'/s/0', '/s/2'}, self.known().keys())

    def test_many_are_deleted_in_batches(self):
        self.add(MANY)
        left = self.note_rows()
        gone = self.gone(*(url for url, _ in MANY[1:]))
        self.assertEqual(2099, self.table.delete_gone(gone=gone))
        self.assertEqual({'/s/0'}, self.known().keys())
        self.assertLessEqual({2100, 1600, 1100, 600, 100}, set(left))

    # The lease of the sync

    def test_lease_that_is_held(self):
        _, lease = self.queue.claimed()
        self.assertEqual(3, self.add(FEW, lease=lease))
        gone = self.gone('/s/0')
        self.assertEqual(1, self.table.delete_gone(gone=gone, lease=lease))

    def test_lease_that_was_taken_over(self):
        self.add(FEW)
        before = self.known()
        _, lost = self.queue.taken_over()
        self.assertRaises(LeaseLost, self.add, MANY, lease=lost)
        retyped = [('/s/0', 'Manager')]
        self.assertRaises(LeaseLost, self.add, retyped, lease=lost)
        gone = self.gone('/s/0')
        self.assertRaises(
            LeaseLost, self.table.delete_gone, gone=gone, lease=lost
        )
        self.assertEqual(before, self.known())

    def test_lease_of_a_task_that_has_ended(self):
        task, lease = self.queue.claimed()
        self.queue.table.finish(lease=lease, state='completed', message='')
        self.assertRaises(LeaseLost, self.add, FEW, lease=lease)

    def test_pod_manager_that_is_being_deleted(self):
        _, lease = self.queue.claimed()
        self.database.pod_managers.reserve_deletion(
            uuid=self.podm.uuid, task_uuid=rows.new_uuid()
        )
        self.assertRaises(exception.Busy, self.add, FEW, lease=lease)
        self.assertEqual({}, self.known())

    def test_pod_manager_that_is_gone(self):
        _, lease = self.queue.claimed()
        self.database.pod_managers.delete(uuid=self.podm.uuid)
        self.assertRaises(
            exception.PodManagerNotFound, self.add, FEW, lease=lease
        )
        self.assertEqual({}, self.known())

    # delete_of_pod_manager()

    def test_all_of_a_pod_manager_go_in_batches(self):
        self.add(MANY)
        left = self.note_rows()
        self.table.delete_of_pod_manager(podm_id=self.podm.uuid)
        self.assertEqual({}, self.known())
        self.assertLessEqual({2100, 1600, 1100, 600, 100}, set(left))
