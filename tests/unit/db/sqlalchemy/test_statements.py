import testtools

from tests.fixtures import database, rows
from valence.common import exception
from valence.db.api import Query
from valence.db.sqlalchemy import models


class PageTest(testtools.TestCase):
    """Lists in pages: all of it once, in order, whatever the keys."""

    backend = database.SQLITE
    names = ('d', 'b', 'f', 'a', 'e', 'c', 'g')

    def setUp(self):
        super().setUp()
        self.database = self.useFixture(
            database.Database(self.backend)
        ).database

    def pages(self, **query):
        """Give the names on each page, and go on until one is empty."""
        marker, pages = None, []
        while True:
            found = self.database.nodes.list(
                query=Query(marker=marker, **query)
            )
            if not found:
                return pages
            pages.append([node.name for node in found])
            marker = found[-1].uuid
            self.assertLessEqual(len(pages), len(self.names))

    def add_nodes(self):
        for number, name in enumerate(self.names):
            state = 'composed' if number % 2 else 'error'
            rows.add_node(self.database, name=name, state=state)

    def test_ascending(self):
        self.add_nodes()
        self.assertEqual(
            [['a', 'b', 'c'], ['d', 'e', 'f'], ['g']],
            self.pages(sort_key='name', limit=3),
        )

    def test_descending(self):
        self.add_nodes()
        self.assertEqual(
            [['g', 'f', 'e'], ['d', 'c', 'b'], ['a']],
            self.pages(sort_key='name', sort_dir='desc', limit=3),
        )

    def test_equal_keys_come_in_order_of_creation(self):
        self.add_nodes()
        self.assertEqual(
            [['b', 'a'], ['c', 'd'], ['f', 'e'], ['g']],
            self.pages(sort_key='state', limit=2),
        )

    def test_equal_keys_backwards(self):
        self.add_nodes()
        self.assertEqual(
            [['g', 'e'], ['f', 'd'], ['c', 'a'], ['b']],
            self.pages(sort_key='state', sort_dir='desc', limit=2),
        )

    def test_by_creation_unless_told_otherwise(self):
        self.add_nodes()
        with self.database.engine.begin() as connection:
            # All at once, so that nothing but the id tells them apart.
            connection.execute(models.nodes.update().values(created_at=1))
        names = list(self.names)
        self.assertEqual(
            [names[:4], names[4:]],
            self.pages(limit=4),
        )

    def test_filter_holds_on_each_page(self):
        self.add_nodes()
        self.assertEqual(
            [['d', 'f'], ['e', 'g']],
            self.pages(filters={'state': 'error'}, limit=2),
        )

    def test_marker_outside_of_the_filter(self):
        self.add_nodes()
        marker = self.database.nodes.get(ident='b', project_id=None).uuid
        found = self.database.nodes.list(
            query=Query(filters={'state': 'error'}, marker=marker)
        )
        self.assertEqual(['f', 'e', 'g'], [node.name for node in found])

    def test_none_of_an_empty_list(self):
        self.add_nodes()
        self.assertEqual([], self.pages(filters={'state': []}))

    def test_row_inserted_between_pages_shifts_nothing(self):
        self.add_nodes()
        first = self.database.nodes.list(query=Query(sort_key='name', limit=3))
        rows.add_node(self.database, name='aa')
        second = self.database.nodes.list(
            query=Query(sort_key='name', limit=3, marker=first[-1].uuid)
        )
        self.assertEqual(['d', 'e', 'f'], [node.name for node in second])

    def test_marker_unknown(self):
        marker = rows.new_uuid()
        error = self.assertRaises(
            exception.BadRequest,
            self.database.nodes.list,
            query=Query(marker=marker),
        )
        self.assertIn(marker, error.detail)

    def test_marker_unknown_to_each_table(self):
        query = Query(marker=rows.new_uuid())
        opened = self.database
        for listing in (
            lambda: opened.pod_managers.list(query=query),
            lambda: opened.resources.list(query=query),
            lambda: opened.flavors.list(query=query, project_id=None),
            lambda: opened.tasks.list(query=query),
            lambda: opened.services.list(query=query, down_time=60),
        ):
            self.assertRaises(exception.BadRequest, listing)
