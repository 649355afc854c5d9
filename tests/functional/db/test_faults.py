"""Deadlocks, and databases that go away and come back."""

import threading

import fixtures
import testtools

from tests.fixtures import database, mariadb, postgresql, rows
from tests.unit.tasks import working
from valence.common import exception
from valence.db.api import Query
from valence.db.sqlalchemy import migration
from valence.db.sqlalchemy.database import SqlDatabase


class Deadlocks:
    """Two transactions that take the same two locks in opposite order."""

    backend: str

    def setUp(self):
        super().setUp()
        self.database = self.useFixture(
            database.Database(self.backend)
        ).database
        self.calls = []
        self.meet = threading.Barrier(2)

    def change(self, first, second, name):
        """Write the name to both nodes; each column in another order."""

        def work(tables):
            self.calls.append(name)
            tables.nodes.update(uuid=first.uuid, values={'host': name})
            if len(self.calls) <= 2:
                self.meet.wait(10)
            tables.nodes.update(uuid=second.uuid, values={'index': name})

        self.database.write(work)

    def test_both_are_done(self):
        one, two = (rows.add_node(self.database) for _ in range(2))
        threads = [
            threading.Thread(target=self.change, args=arguments)
            for arguments in ((one, two, 'a'), (two, one, 'b'))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        found = self.database.nodes.list(query=Query())
        self.assertEqual(
            [('a', 'b'), ('b', 'a')],
            [(node.host, node.index) for node in found],
        )
        # The victim of the deadlock began again.
        self.assertGreater(len(self.calls), 2)


class MariadbDeadlockTest(Deadlocks, testtools.TestCase):
    backend = database.MARIADB


class PostgresqlDeadlockTest(Deadlocks, testtools.TestCase):
    backend = database.POSTGRESQL


class Away:
    """A server that is killed, stopped and started again."""

    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.FakeLogger())
        self.server = self.useFixture(self.make_server())
        self.url = self.server.new_database()
        self.database = SqlDatabase(self.url)
        self.addCleanup(self.database.close)
        migration.upgrade(self.database.engine)
        rows.add_node(self.database, name='one')

    def names(self):
        return [node.name for node in self.database.nodes.list(query=Query())]

    def assert_unavailable(self, function, *args):
        self.assertRaises(exception.DatabaseUnavailable, function, *args)

    def test_killed(self):
        self.server.kill()
        self.assert_unavailable(self.names)
        self.assert_unavailable(rows.add_node, self.database)
        self.assert_unavailable(self.database.ping)
        self.server.start()
        self.assertEqual(['one'], self.names())
        rows.add_node(self.database, name='two')
        self.assertEqual(['one', 'two'], self.names())

    def test_takes_no_writes(self):
        other = SqlDatabase(self.unprivileged())
        self.addCleanup(other.close)
        self.assertTrue(self.takes(other))
        for read_only in (True, False):
            self.server.make_read_only(read_only)
            # It may not have read its configuration again so far.
            working.wait_until(
                lambda: self.takes(other) is not read_only  # noqa: B023
            )
            self.assertIn('one', self.names())

    def takes(self, other):
        """Tell whether it takes a write, or else is unavailable."""
        try:
            rows.add_node(other)
        except exception.DatabaseUnavailable:
            return False
        return True

    def unprivileged(self):
        """Give the url for who is bound by what the server is told."""
        return self.url

    def test_killed_within_a_transaction(self):
        def work(tables):
            tables.nodes.create(values=rows.node(name='two'))
            self.server.kill()
            tables.nodes.create(values=rows.node(name='three'))

        self.assert_unavailable(self.database.write, work)
        self.server.start()
        self.assertEqual(['one'], self.names())

    def test_killed_before_the_commit(self):
        def work(tables):
            tables.nodes.create(values=rows.node(name='two'))
            self.server.kill()

        self.assert_unavailable(self.database.write, work)
        self.server.start()
        self.assertEqual(['one'], self.names())

    def test_restarted_between_two_calls(self):
        self.server.stop()
        self.server.start()
        rows.add_node(self.database, name='two')
        self.assertEqual(['one', 'two'], self.names())


class MariadbAwayTest(Away, testtools.TestCase):
    def make_server(self):
        return mariadb.MariaDB(fast=True)

    def unprivileged(self):
        return self.server.unprivileged(self.url)


class PostgresqlAwayTest(Away, testtools.TestCase):
    def make_server(self):
        return postgresql.PostgreSQL(fast=True)
