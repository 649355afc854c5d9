"""What several who write the table of resources do to each other.

On SQLite there is only one writer at a time, so none of this can happen.
"""

import concurrent.futures
import threading

import fixtures
import testtools

from tests.fixtures import database, rows
from tests.unit.db import queue
from valence.common import exception
from valence.db.api import LeaseLost, Query
from valence.db.sqlalchemy import pointers

SYSTEM = 'ComputerSystem'
FEW = [(f'/s/{number}', SYSTEM) for number in range(3)]
MANY = [(f'/s/{number}', SYSTEM) for number in range(1200)]
#: How often several add the same at once.
_ROUNDS = 10
#: So many go, while others write.
_GOING = 20_000

#: Seconds after which one transaction is waiting for another.
_PATIENCE = 10
#: Seconds in which one that is not kept waiting would have ended.
_MOMENT = 0.2


class InventoryRaces:
    """Tests that need a database with locks on rows."""

    backend: str

    def setUp(self):
        super().setUp()
        # Who is the victim of a deadlock says so, and begins again.
        self.useFixture(fixtures.FakeLogger())
        self.queue = self.useFixture(queue.Queue(self.backend))
        self.database = self.queue.database
        self.other = self.queue.made.another()
        self.podm = self.queue.add_pod_manager()
        self.pool = concurrent.futures.ThreadPoolExecutor(4)
        self.addCleanup(self.pool.shutdown)

    def add(self, tables, found, podm=None, **more):
        podm_id = (podm or self.podm).uuid
        return tables.resources.add(podm_id=podm_id, found=found, **more)

    def known(self, podm=None):
        return self.other.resources.known(podm_id=(podm or self.podm).uuid)

    def uuids(self, podm=None):
        return {url: each.uuid for url, each in self.known(podm).items()}

    def meanwhile(self, act, look):
        """Look at another connection while a transaction has acted."""

        def work(tables):
            act(tables)
            return self.pool.submit(look, self.other).result(_PATIENCE)

        return self.database.write(work)

    def kept_waiting(self, act, follow):
        """Begin to follow once a transaction has acted; end both."""

        def work(tables):
            act(tables)
            future = self.pool.submit(follow, self.other)
            concurrent.futures.wait([future], _MOMENT)
            self.assertFalse(future.done())
            return future

        return self.database.write(work).result(_PATIENCE)

    # Uuids

    def test_same_is_added_by_several_at_once(self):
        start = threading.Barrier(4)
        opened = [self.queue.made.another() for _ in range(4)]

        def add(tables, found, podm):
            start.wait(_PATIENCE)
            self.add(tables, found, podm)

        def ensure(tables, podm):
            start.wait(_PATIENCE)
            for url, kind in MANY[::100]:
                tables.resources.ensure(
                    podm_id=podm.uuid, url=url, resource_type=kind
                )

        # Who deadlocks, and when, is another each time.
        for _ in range(_ROUNDS):
            podm = self.queue.add_pod_manager()
            orders = (MANY, MANY[::-1], MANY[600:] + MANY[:600])
            futures = [
                self.pool.submit(add, tables, found, podm)
                for tables, found in zip(opened[1:], orders, strict=True)
            ]
            futures.append(self.pool.submit(ensure, opened[0], podm))
            for future in futures:
                future.result()
            wanted = {url: pointers.derive(podm.url, url) for url, _ in MANY}
            self.assertEqual(wanted, self.uuids(podm))

    def test_same_is_just_being_added(self):
        added = self.kept_waiting(
            lambda tables: self.add(tables, FEW),
            lambda other: self.add(other, MANY),
        )
        self.assertGreaterEqual(added, len(MANY) - len(FEW))
        self.assertEqual(dict(MANY).keys(), self.known().keys())

    def test_uuids_are_just_being_taken_by_another_pod_manager(self):
        def act(tables):
            self.add(tables, FEW)
            # It was moved meanwhile, and another one is where it was.
            self.other.pod_managers.update(
                uuid=self.podm.uuid, values={'url': 'http://elsewhere'}
            )

        def follow(other):
            podm = rows.add_pod_manager(other, url=self.podm.url)
            self.add(other, MANY, podm)
            return podm

        successor = self.kept_waiting(act, follow)
        ours, theirs = self.uuids(), self.uuids(successor)
        self.assertEqual(dict(FEW).keys(), ours.keys())
        self.assertEqual(dict(MANY).keys(), theirs.keys())
        for url, _kind in FEW:
            self.assertNotEqual(ours[url], theirs[url])

    # Stale syncs

    def test_nobody_takes_over_a_sync_while_it_deletes(self):
        self.add(self.database, FEW)
        gone = list(self.known().values())
        # Its lease is over already.
        _, lease = self.queue.claimed(lease=0)

        def act(tables):
            tables.resources.delete_gone(gone=gone[:1], lease=lease)

        given = self.meanwhile(act, rows.claim)
        self.assertEqual([], given)
        (task,) = rows.claim(self.other)
        self.assertEqual(lease.task_uuid, task.uuid)
        self.assertRaises(
            LeaseLost,
            self.database.resources.delete_gone,
            gone=gone,
            lease=lease,
        )
        self.assertEqual(2, len(self.known()))

    def test_lease_is_renewed_while_a_batch_is_being_written(self):
        task, lease = self.queue.claimed()

        def write(tables):
            self.add(tables, FEW)
            batch = self.pool.submit(self.add, self.other, MANY, lease=lease)
            # It waits for us; nobody waits for it.
            concurrent.futures.wait([batch], _MOMENT)
            self.assertFalse(batch.done())
            renewed = self.pool.submit(
                self.queue.made.another().tasks.renew,
                owner=lease.owner,
                uuids=[task.uuid],
                lease=30,
            )
            self.assertEqual({task.uuid}, renewed.result(_PATIENCE))
            return batch

        batch = self.database.write(write)
        self.assertGreater(batch.result(_PATIENCE), 0)

    def test_deletion_of_the_pod_manager_waits_for_what_is_being_added(self):
        _, lease = self.queue.claimed()

        def reserve(other):
            other.pod_managers.reserve_deletion(
                uuid=self.podm.uuid, task_uuid=rows.new_uuid()
            )

        self.kept_waiting(
            lambda tables: self.add(tables, FEW, lease=lease), reserve
        )
        self.assertRaises(
            exception.Busy, self.add, self.database, MANY, lease=lease
        )
        self.assertEqual(dict(FEW).keys(), self.known().keys())

    def test_row_that_is_just_being_found_again_is_not_deleted(self):
        self.add(self.database, FEW)
        gone = list(self.known().values())

        def act(tables):
            tables.resources.delete(uuids=[gone[0].uuid])
            self.add(tables, FEW)

        deleted = self.kept_waiting(
            act, lambda other: other.resources.delete_gone(gone=gone)
        )
        self.assertEqual(2, deleted)
        self.assertEqual({gone[0].uuid}, set(self.uuids().values()))

    # Many rows

    def test_deletion_of_many_rows_keeps_nobody_waiting(self):
        going = [(f'/s/{number}', SYSTEM) for number in range(_GOING)]
        self.add(self.database, going)
        podm, fresh = (self.queue.add_pod_manager() for _ in range(2))
        self.add(self.database, MANY[:600], podm)
        known = list(self.known(podm).values())

        def act(tables):
            # All in one transaction, which is more than it ever holds.
            tables.resources.delete_of_pod_manager(podm_id=self.podm.uuid)

        def look(other):
            self.add(other, MANY, podm)
            self.add(other, FEW, fresh)
            other.resources.ensure(
                podm_id=fresh.uuid, url='/n', resource_type='ComposedNode'
            )
            other.resources.delete_gone(gone=known[:300])
            other.resources.list(query=Query(limit=100))

        self.meanwhile(act, look)
        self.assertEqual({}, self.known())
        self.assertEqual(900, len(self.known(podm)))
        self.assertEqual(4, len(self.known(fresh)))


class MariadbInventoryRacesTest(InventoryRaces, testtools.TestCase):
    backend = database.MARIADB


class PostgresqlInventoryRacesTest(InventoryRaces, testtools.TestCase):
    backend = database.POSTGRESQL
