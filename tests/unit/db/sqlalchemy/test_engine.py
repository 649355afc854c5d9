import sqlite3
import threading

import fixtures
import sqlalchemy as sa
import testtools

from tests.fixtures import database, programs, rows
from valence.common import exception
from valence.db.api import Query
from valence.db.sqlalchemy import engine
from valence.db.sqlalchemy.database import SqlDatabase


class SqliteTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.logger = self.useFixture(fixtures.FakeLogger())
        self.patch(engine, '_SQLITE_TIMEOUT', 0.2)
        self.fixture = self.useFixture(database.Database())
        self.database = self.fixture.database
        path = self.fixture.url.removeprefix('sqlite:///')
        self.locker = sqlite3.connect(path, isolation_level=None)
        self.addCleanup(self.locker.close)

    def test_file_that_cannot_be(self):
        nowhere = SqlDatabase('sqlite:////nowhere/at/all.sqlite')
        self.assertRaises(exception.DatabaseUnavailable, nowhere.ping)

    def test_mode(self):
        with self.database.engine.connect() as connection:
            mode = connection.exec_driver_sql('PRAGMA journal_mode').scalar()
        self.assertEqual('wal', mode)

    def test_locked_for_too_long(self):
        self.locker.execute('BEGIN IMMEDIATE')
        self.assertRaises(
            exception.DatabaseUnavailable, rows.add_node, self.database
        )
        self.assertIn('database is locked', self.logger.output)

    def test_locked_for_a_while(self):
        self.patch(engine, '_SQLITE_TIMEOUT', 10)
        patient = self.fixture.another()
        self.locker.execute('BEGIN IMMEDIATE')
        writer = threading.Thread(target=rows.add_node, args=(patient,))
        writer.start()
        writer.join(0.3)
        self.assertTrue(writer.is_alive())
        self.locker.execute('ROLLBACK')
        writer.join(10)
        self.assertEqual(1, len(patient.nodes.list(query=Query())))

    def test_reads_go_on_beside_a_writer(self):
        node = rows.add_node(self.database)
        self.locker.execute('BEGIN IMMEDIATE')
        self.assertEqual([node], self.database.nodes.list(query=Query()))


class SqliteProcessesTest(testtools.TestCase):
    def test_processes_and_threads_write_at_once(self):
        made = self.useFixture(database.Database())
        writers = [
            self.useFixture(
                programs.Program('tests.unit.db.writer', made.url, 8, 15)
            )
            for _ in range(2)
        ]
        for writer in writers:
            self.assertEqual('ready', writer.hear())
        for writer in writers:
            writer.say('go')
        self.assertEqual([[], []], [writer.rest() for writer in writers])
        self.assertEqual(
            2 * 8 * 15, len(made.database.nodes.list(query=Query()))
        )


class DialectTest(testtools.TestCase):
    """The database's clock is asked for in words that each one knows."""

    def test_times_are_not_of_our_own_clock(self):
        made = self.useFixture(database.Database())
        seen = []

        @sa.event.listens_for(made.database.engine, 'before_cursor_execute')
        def _note(connection, cursor, statement, parameters, *_rest):
            seen.append((statement, parameters))

        rows.add_node(made.database)
        (statement, parameters), *_ = (
            each for each in seen if each[0].startswith('INSERT')
        )
        self.assertEqual(2, statement.count("julianday('now')"))
        self.assertEqual(
            [], [value for value in parameters if isinstance(value, int)]
        )
