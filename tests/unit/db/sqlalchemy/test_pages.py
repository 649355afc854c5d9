import testtools

from tests.fixtures import database, rows
from valence.common import exception
from valence.db.api import Query
from valence.db.sqlalchemy import models

KINDS = ('Chassis/Drawer', 'Chassis/Rack', 'Chassis/Sled')


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


class ResourcePageTest(testtools.TestCase):
    """Lists of resources: by type and pod manager, whatever is filtered."""

    backend = database.SQLITE

    def setUp(self):
        super().setUp()
        self.database = self.useFixture(
            database.Database(self.backend)
        ).database
        self.podms = sorted(rows.new_uuid() for _ in range(3))
        found = [
            (f'/{kind}/{number}', kind)
            for number in range(5)
            for kind in ('Memory', *KINDS, 'ComputerSystem')
        ]
        for podm in self.podms:
            self.database.resources.add(podm_id=podm, found=found)

    def listed(self, **query):
        found = self.database.resources.list(query=Query(**query))
        return [
            (each.resource_type, each.podm_id, each.resource_url)
            for each in found
        ]

    def paged(self, limit, **query):
        marker, found = None, []
        while True:
            page = self.database.resources.list(
                query=Query(limit=limit, marker=marker, **query)
            )
            found += [
                (each.resource_type, each.podm_id, each.resource_url)
                for each in page
            ]
            if len(page) < limit:
                return found
            marker = page[-1].uuid
            self.assertLessEqual(len(found), 75)

    def test_order(self):
        urls = [f'/Memory/{number}' for number in range(5)]
        self.assertEqual(
            [('Memory', podm, url) for podm in self.podms for url in urls],
            self.listed(filters={'resource_type': 'Memory'}),
        )
        kinds = [kind for kind, _podm, _url in self.listed()]
        self.assertEqual(
            sorted([*KINDS, 'ComputerSystem', 'Memory'] * 15), kinds
        )

    def test_pages_of_each_filter(self):
        one, other = self.podms[1], 'ComputerSystem'
        for filters, number in (
            ({}, 75),
            ({'resource_type': 'Memory'}, 15),
            ({'resource_type': ['Memory']}, 15),
            ({'resource_type': list(KINDS)}, 45),
            ({'resource_type': [*KINDS, other]}, 60),
            ({'podm_id': one}, 25),
            ({'podm_id': [one, self.podms[2]]}, 50),
            ({'podm_id': one, 'resource_type': 'Memory'}, 5),
            ({'podm_id': one, 'resource_type': list(KINDS)}, 15),
        ):
            forth = self.listed(filters=filters)
            self.assertEqual(number, len(set(forth)), filters)
            for limit in (4, 15, 75):
                self.assertEqual(forth, self.paged(limit, filters=filters))
                self.assertEqual(
                    forth[::-1],
                    self.paged(limit, filters=filters, sort_dir='desc'),
                )

    def test_marker_outside_of_the_filter(self):
        (_first, second, *_rest) = self.database.resources.list(
            query=Query(filters={'resource_type': 'Memory'})
        )
        query = {'filters': {'resource_type': list(KINDS)}}
        self.assertEqual([], self.listed(marker=second.uuid, **query))
        self.assertEqual(
            self.listed(**query)[::-1],
            self.listed(marker=second.uuid, sort_dir='desc', **query),
        )
