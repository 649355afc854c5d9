import alembic.autogenerate
import alembic.migration
import sqlalchemy as sa
import testtools

from tests.fixtures import database
from valence.db.sqlalchemy import migration, models
from valence.db.sqlalchemy.database import SqlDatabase


def other_default(context, found_column, column, found, wanted, rendered):
    """Compare defaults; None leaves it to alembic."""
    # MariaDB's booleans are numbers.
    if found == '0' and rendered == 'false':
        return False
    return None


class MigrationTest(testtools.TestCase):
    backend = database.SQLITE

    def setUp(self):
        super().setUp()
        empty = self.useFixture(database.Empty(self.backend))
        opened = SqlDatabase(empty.url)
        self.addCleanup(opened.close)
        self.engine = opened.engine

    def difference(self):
        """Compare the database with the models."""
        with self.engine.connect() as connection:
            context = alembic.migration.MigrationContext.configure(
                connection,
                opts={
                    'compare_type': True,
                    'compare_server_default': other_default,
                },
            )
            return alembic.autogenerate.compare_metadata(
                context, models.metadata
            )

    def test_migrations_make_the_models(self):
        migration.upgrade(self.engine)
        self.assertEqual([], self.difference())

    def test_comparison_sees_a_difference(self):
        migration.upgrade(self.engine)
        with self.engine.begin() as connection:
            connection.execute(sa.text('ALTER TABLE nodes ADD extra INTEGER'))
        self.assertEqual(1, len(self.difference()))

    def test_uniques_and_indexes(self):
        migration.upgrade(self.engine)
        inspector = sa.inspect(self.engine)
        for table in models.metadata.sorted_tables:
            wanted = {
                (each.name, tuple(column.name for column in each.columns))
                for each in (*table.constraints, *table.indexes)
                if each.name is not None
            }
            found = {
                (each['name'], tuple(each['column_names']))
                for each in (
                    *inspector.get_unique_constraints(table.name),
                    *inspector.get_indexes(table.name),
                )
            }
            self.assertEqual(wanted, found, table.name)

    def test_nullability(self):
        migration.upgrade(self.engine)
        inspector = sa.inspect(self.engine)
        for table in models.metadata.sorted_tables:
            self.assertEqual(
                {column.name: column.nullable for column in table.columns},
                {
                    column['name']: column['nullable']
                    for column in inspector.get_columns(table.name)
                },
                table.name,
            )

    def test_version(self):
        self.assertIsNone(migration.current(self.engine))
        migration.upgrade(self.engine)
        self.assertEqual(migration.head(), migration.current(self.engine))

    def test_upgrade_twice(self):
        migration.upgrade(self.engine)
        before = sa.inspect(self.engine).get_table_names()
        migration.upgrade(self.engine)
        self.assertEqual(before, sa.inspect(self.engine).get_table_names())
        self.assertEqual(migration.head(), migration.current(self.engine))
