import threading

import fixtures
import sqlalchemy as sa
import testtools
from oslo_db import api as oslo_db_api
from oslo_db import exception as db_exception

from tests.fixtures import database, rows
from valence.common import exception
from valence.db.api import LeaseLost, Query
from valence.db.sqlalchemy import types


class Stop(Exception):
    """What a test raises in the middle of a transaction."""


class DatabaseTest(testtools.TestCase):
    backend = database.SQLITE

    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.FakeLogger())
        self.fixture = self.useFixture(database.Database(self.backend))
        self.database = self.fixture.database

    def names(self):
        return [node.name for node in self.database.nodes.list(query=Query())]

    # write()

    def test_write_joins_mutations(self):
        values, task = rows.node(name='web'), rows.new_task()

        def work(tables):
            tables.nodes.create(values=values)
            tables.tasks.create(task=task)
            return 'answer'

        self.assertEqual('answer', self.database.write(work))
        self.assertEqual(['web'], self.names())
        self.assertEqual(
            task.uuid, self.database.tasks.get(uuid=task.uuid).uuid
        )

    def test_write_is_all_or_nothing(self):
        task = rows.new_task()

        def work(tables):
            tables.nodes.create(values=rows.node())
            tables.tasks.create(task=task)
            raise Stop

        self.assertRaises(Stop, self.database.write, work)
        self.assertEqual([], self.names())
        self.assertRaises(
            exception.TaskNotFound, self.database.tasks.get, uuid=task.uuid
        )

    def test_write_undoes_what_came_before_an_error_of_a_table(self):
        rows.add_node(self.database, name='web')

        def work(tables):
            tables.nodes.create(values=rows.node(name='other'))
            tables.nodes.create(values=rows.node(name='web'))

        self.assertRaises(exception.NodeNameTaken, self.database.write, work)
        self.assertEqual(['web'], self.names())

    def test_write_undoes_what_came_before_a_lost_lease(self):
        rows.add_task(self.database)
        (task,) = rows.claim(self.database, lease=0)
        rows.claim(self.database, owner='there:boot')

        def work(tables):
            tables.nodes.create(values=rows.node())
            tables.tasks.finish(
                lease=rows.lease_of(task), state='completed', message=''
            )

        self.assertRaises(LeaseLost, self.database.write, work)
        self.assertEqual([], self.names())

    def test_write_sees_what_it_has_written(self):
        def work(tables):
            tables.nodes.create(values=rows.node(name='web'))
            return tables.nodes.get(ident='web', project_id=None).name

        self.assertEqual('web', self.database.write(work))

    def test_others_see_nothing_before_the_end(self):
        other = self.fixture.another()
        seen = []

        def work(tables):
            tables.nodes.create(values=rows.node())
            seen.extend(other.nodes.list(query=Query()))

        self.database.write(work)
        self.assertEqual([], seen)
        self.assertEqual(1, len(other.nodes.list(query=Query())))

    # Deadlocks

    def deadlocks(self, times):
        """Make the next inserts fail as the victims of deadlocks."""
        left = [times]

        @sa.event.listens_for(self.database.engine, 'before_cursor_execute')
        def _fail(connection, cursor, statement, *_rest):
            if statement.startswith('INSERT') and left[0]:
                left[0] -= 1
                raise db_exception.DBDeadlock

        return left

    def test_deadlock_is_retried(self):
        left = self.deadlocks(2)
        rows.add_node(self.database, name='web')
        self.assertEqual([0], left)
        self.assertEqual(['web'], self.names())

    def test_retry_begins_anew(self):
        calls = []

        def work(tables):
            calls.append(1)
            tables.nodes.update(uuid=node.uuid, values={'index': '1'})
            tables.nodes.create(values=rows.node(name='other'))

        node = rows.add_node(self.database, name='web')
        self.deadlocks(1)
        self.database.write(work)
        self.assertEqual(2, len(calls))
        self.assertEqual(['web', 'other'], self.names())

    def test_deadlock_without_end(self):
        self.patch(oslo_db_api.time, 'sleep', lambda seconds: None)
        left = self.deadlocks(10**6)
        self.assertRaises(
            exception.DatabaseUnavailable,
            self.database.nodes.create,
            values=rows.node(),
        )
        self.assertEqual(10**6 - 11, left[0])

    # Others

    def test_clock_has_more_than_seconds(self):
        def now(connection):
            return connection.execute(types.now()).scalar_one()

        with self.database.engine.connect() as connection:
            times = {now(connection) % 1000_000 for _ in range(5)}
        self.assertNotEqual({0}, times)

    def test_ping(self):
        self.assertIsNone(self.database.ping())

    def test_usable_after_close(self):
        self.database.close()
        self.database.close()
        self.database.ping()

    def test_many_threads_write(self):
        errors = []

        def work(number):
            try:
                for each in range(10):
                    name = f'{number}-{each}'
                    rows.add_node(self.database, name=name)
            except Exception as error:
                errors.append(error)

        threads = [
            threading.Thread(target=work, args=(number,))
            for number in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([], errors)
        self.assertEqual(80, len(self.names()))
