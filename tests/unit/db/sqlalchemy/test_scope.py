import fixtures
import sqlalchemy as sa
import testtools
from oslo_db import exception as db_exception

from tests.fixtures import database, rows
from valence.common import exception
from valence.db.api import Query


class LostConnectionTest(testtools.TestCase):
    """A connection that is found dead: by an event, as it happens."""

    def setUp(self):
        super().setUp()
        self.logger = self.useFixture(fixtures.FakeLogger())
        self.database = self.useFixture(database.Database()).database
        self.calls = []

    def break_connections(self, times, event='before_cursor_execute'):
        """Lose the connection at so many inserts, or commits."""
        left = [times]

        @sa.event.listens_for(self.database.engine, event)
        def _lose(connection, *rest):
            insert = not rest or rest[1].startswith('INSERT')
            if insert and left[0]:
                left[0] -= 1
                raise db_exception.DBConnectionError

    def write(self):
        def work(tables):
            self.calls.append(1)
            tables.nodes.create(values=rows.node())

        self.database.write(work)

    def count(self):
        return len(self.database.nodes.list(query=Query()))

    def test_before_the_commit_it_is_tried_again(self):
        self.break_connections(1)
        self.write()
        self.assertEqual((2, 1), (len(self.calls), self.count()))

    def test_tried_again_once_only(self):
        self.break_connections(2)
        self.assertRaises(exception.DatabaseUnavailable, self.write)
        self.assertEqual((2, 0), (len(self.calls), self.count()))

    def test_at_the_commit_it_is_not_tried_again(self):
        self.break_connections(1, 'commit')
        self.assertRaises(exception.DatabaseUnavailable, self.write)
        self.assertEqual(1, len(self.calls))

    def test_reason_is_in_the_log(self):
        self.break_connections(2)
        self.assertRaises(exception.DatabaseUnavailable, self.write)
        self.assertIn('does not answer', self.logger.output)
