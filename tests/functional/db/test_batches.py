"""How many statements reach the database when a sync writes many rows.

What we hand to a driver at once it may still send one by one.
"""

import sqlalchemy as sa
import testtools

from tests.fixtures import database, rows

_FOUND = [(f'/s/{number}', 'ComputerSystem') for number in range(1200)]
#: Of up to 500 rows each.
_BATCHES = 3


class MariadbBatchesTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.database = self.useFixture(
            database.Database(database.MARIADB)
        ).database

    def counted(self, name):
        with self.database.engine.connect() as connection:
            row = connection.exec_driver_sql(
                f"SHOW GLOBAL STATUS LIKE '{name}'"
            ).one()
        return int(row[1])

    def test_rows_of_a_batch_are_one_statement(self):
        podm = rows.add_pod_manager(self.database)
        before = self.counted('Com_insert')
        self.database.resources.add(podm_id=podm.uuid, found=_FOUND)
        self.assertEqual(_BATCHES, self.counted('Com_insert') - before)
        before = self.counted('Com_update')
        changed = [(url, 'Manager') for url, _kind in _FOUND]
        self.database.resources.add(podm_id=podm.uuid, found=changed)
        self.assertEqual(_BATCHES, self.counted('Com_update') - before)


class PostgresqlBatchesTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.database = self.useFixture(
            database.Database(database.POSTGRESQL)
        ).database

    def test_rows_of_a_batch_are_one_statement(self):
        podm = rows.add_pod_manager(self.database)
        inserts = []

        @sa.event.listens_for(self.database.engine, 'before_cursor_execute')
        def _note(connection, cursor, statement, values, context, many):
            if statement.startswith('INSERT'):
                inserts.append(many)

        self.database.resources.add(podm_id=podm.uuid, found=_FOUND)
        # Of many the driver would send each by itself.
        self.assertEqual([False] * _BATCHES, inserts)
