"""What two transactions at the same time do to each other's rows.

On SQLite there is only one writer at a time, so none of this can happen.
"""

import concurrent.futures

import sqlalchemy as sa
import testtools

from tests.fixtures import database, rows
from tests.unit.db import queue
from valence.common import exception
from valence.db.api import Query
from valence.db.sqlalchemy.database import SqlDatabase

#: Seconds after which one transaction is waiting for another.
_PATIENCE = 10


class Races:
    """Tests that need a database with locks on rows."""

    backend: str

    def setUp(self):
        super().setUp()
        self.queue = self.useFixture(queue.Queue(self.backend))
        self.other = self.queue.made.another()
        self.pool = concurrent.futures.ThreadPoolExecutor(1)
        self.addCleanup(self.pool.shutdown)

    def before_each_update(self, function):
        """Call a function before each UPDATE of the queue's database."""

        @sa.event.listens_for(
            self.queue.database.engine, 'before_cursor_execute'
        )
        def _call(connection, cursor, statement, *_rest):
            if statement.startswith('UPDATE'):
                function()

    def test_cancel_of_a_task_that_is_just_claimed_or_put_to_wait(self):
        task, _ = self.queue.claimed()

        def change_its_state():
            now = self.other.tasks.get(uuid=task.uuid)
            if now.state == 'running':
                self.other.tasks.wait(
                    lease=rows.lease_of(now), delay=0, values={}
                )
            else:
                rows.claim(self.other)

        self.before_each_update(change_its_state)
        self.queue.table.cancel(uuid=task.uuid)
        self.assertTrue(self.other.tasks.get(uuid=task.uuid).cancel_requested)

    def meanwhile(self, act, look):
        """Look at another connection while a transaction has acted."""

        def work(tables):
            act(tables)
            # Not in this thread: it must not wait for our own transaction.
            return self.pool.submit(look, self.other).result(_PATIENCE)

        return self.queue.database.write(work)

    def test_claim_passes_by_what_another_one_is_claiming(self):
        for _ in range(3):
            self.queue.add()
        given = []

        def act(tables):
            given.extend(self.claim(tables, limit=2))

        given += self.meanwhile(act, lambda other: self.claim(other, limit=2))
        self.assertEqual(self.queue.all(), set(given))
        self.assertEqual(3, len(given))

    @staticmethod
    def claim(tables, limit):
        return [task.uuid for task in rows.claim(tables, limit=limit)]

    def test_probe_that_another_one_is_taking_is_left_out(self):
        uuids = {self.broken() for _ in range(3)}
        given = []

        def take(tables: SqlDatabase, limit: int) -> list[str]:
            return list(
                tables.pod_managers.take_due_probes(pause=60, limit=limit)
            )

        given += self.meanwhile(
            lambda tables: given.extend(take(tables, 2)),
            lambda other: take(other, 2),
        )
        self.assertEqual((3, uuids), (len(given), set(given)))

    def broken(self) -> str:
        """Add a pod manager that is to be probed."""
        podm = self.queue.add_pod_manager()
        self.queue.database.pod_managers.unanswered(
            uuid=podm.uuid, reason='away', most=1, pause=-1
        )
        return podm.uuid

    def test_sync_that_another_one_is_reserving_is_left_out(self):
        podms = [self.queue.add_pod_manager() for _ in range(2)]
        for podm in podms:
            self.queue.database.pod_managers.not_synced(
                uuid=podm.uuid, error='', next_in=-1
            )

        def act(tables):
            tables.pod_managers.reserve(
                uuid=podms[0].uuid, task_uuid=rows.new_uuid()
            )

        due = self.meanwhile(
            act, lambda other: other.pod_managers.due_syncs(limit=10)
        )
        self.assertEqual([podms[1].uuid], list(due))

    def test_task_that_is_held_is_not_taken_over(self):
        self.queue.add()
        (task,) = rows.claim(self.queue.database, lease=0)

        def act(tables):
            tables.tasks.hold(lease=rows.lease_of(task))

        self.assertEqual([], self.meanwhile(act, rows.claim))
        self.assertEqual(1, len(rows.claim(self.other)))

    def test_of_two_that_adopt_the_same_node_one_gets_it(self):
        nodes = [rows.add_node(self.queue.database) for _ in range(2)]
        pointer = self.queue.database.resources.ensure(
            podm_id=rows.new_uuid(), url='/n/1', resource_type='ComposedNode'
        )

        def adopt(tables, node):
            tables.nodes.adopt(
                uuid=node.uuid, resource_uuid=pointer, values={}
            )

        def first(tables):
            adopt(tables, nodes[0])
            return self.asked_for(lambda: adopt(self.other, nodes[1]))

        second = self.queue.database.write(first)
        self.assertIsInstance(
            second.exception(_PATIENCE), exception.NodeManaged
        )
        found = self.other.nodes.list(query=Query())
        self.assertEqual(
            [pointer, None], [node.resource_uuid for node in found]
        )

    def test_deletion_sees_the_node_that_just_comes(self):
        podm = self.queue.add_pod_manager()

        def come(tables):
            tables.nodes.create_placed(values=rows.node(podm_id=podm.uuid))
            return self.asked_for(delete)

        def delete():
            def work(tables):
                tables.pod_managers.reserve_deletion(
                    uuid=podm.uuid, task_uuid=rows.new_uuid()
                )
                return tables.nodes.list(query=Query())

            return self.other.write(work)

        deletion = self.queue.database.write(come)
        self.assertEqual(1, len(deletion.result(_PATIENCE)))

    def test_node_does_not_come_where_a_deletion_just_begins(self):
        other = self.other
        for come in (
            lambda podm: other.pod_managers.admit_node(uuid=podm.uuid),
            lambda podm: other.nodes.create_placed(
                values=rows.node(podm_id=podm.uuid)
            ),
        ):
            podm = self.queue.add_pod_manager()
            coming = self.queue.database.write(self.deleting(podm, come))
            self.assertIsInstance(coming.exception(_PATIENCE), exception.Busy)
        self.assertEqual([], other.nodes.list(query=Query()))

    def test_node_comes_where_a_deletion_is_given_up(self):
        podm = self.queue.add_pod_manager()
        coming = []

        def delete_in_vain(tables):
            coming.append(self.deleting(podm, come)(tables))
            raise RuntimeError

        def come(podm):
            self.other.nodes.create_placed(values=rows.node(podm_id=podm.uuid))

        self.assertRaises(
            RuntimeError, self.queue.database.write, delete_in_vain
        )
        self.assertIsNone(coming[0].exception(_PATIENCE))
        self.assertEqual(1, len(self.other.nodes.list(query=Query())))

    def deleting(self, podm, come):
        """Give work that deletes a pod manager while a node comes there."""

        def delete(tables):
            tables.pod_managers.reserve_deletion(
                uuid=podm.uuid, task_uuid=rows.new_uuid()
            )
            return self.asked_for(lambda: come(podm))

        return delete

    def asked_for(self, what):
        """Begin what has to wait until our own transaction ends."""
        begun = self.pool.submit(what)
        # Either it waits by then, or it comes later, which is fine too.
        concurrent.futures.wait([begun], timeout=0.2)
        self.assertFalse(begun.done())
        return begun

    def test_credentials_that_are_changed_while_they_are_rotated(self):
        podm = self.queue.add_pod_manager()
        database.store(self.queue.database, podm.uuid, rows.basic())
        changes = [rows.basic('admin', 'newer'), rows.basic('admin', 'newest')]

        def change():
            """Once as this version writes it, then as the one before."""
            if len(changes) == 2:
                self.other.pod_managers.update(
                    uuid=podm.uuid, values={'authentication': changes.pop(0)}
                )
            elif changes:
                database.store(self.other, podm.uuid, changes.pop())

        self.before_each_update(change)
        table = self.queue.database.pod_managers
        self.assertFalse(table.reseal(uuid=podm.uuid))
        self.assertEqual(
            ('admin', 'newer'), table.get(ident=podm.uuid).credentials()
        )
        database.store(self.other, podm.uuid, rows.basic())
        self.assertTrue(table.reseal(uuid=podm.uuid))
        self.assertEqual(
            ('admin', 'newest'), table.get(ident=podm.uuid).credentials()
        )


class MariadbRacesTest(Races, testtools.TestCase):
    backend = database.MARIADB


class PostgresqlRacesTest(Races, testtools.TestCase):
    backend = database.POSTGRESQL

    def test_node_that_comes_keeps_nobody_from_the_tasks_there(self):
        podm = self.queue.add_pod_manager()
        self.queue.add(podm_id=podm.uuid)

        def come(tables):
            tables.nodes.create_placed(values=rows.node(podm_id=podm.uuid))
            claim = self.pool.submit(rows.claim, self.other)
            return len(claim.result(_PATIENCE))

        self.assertEqual(1, self.queue.database.write(come))
