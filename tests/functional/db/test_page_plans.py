"""Each page of each list is found by an index, however far it is.

What counts is not how a plan looks but what it reads: as much as the page has,
and neither what comes before it nor what is sorted away.
"""

import sqlalchemy as sa
import testtools

from tests.fixtures import database, rows
from valence.db.api import Query
from valence.db.sqlalchemy import bulk, models
from valence.objects.resource import CHASSIS_TYPES

#: Enough that what reads too much is seen, and that planners choose as they
#: do with many more.
_PODMS, _EACH = 12, 500
_LIMIT = 20
#: Rows, entries of indexes or blocks that a page may read. Of chassis each
#: kind is looked for, and there may be none.
_MOST = 6 * _LIMIT

_CHASSIS = list(CHASSIS_TYPES)
_KINDS = ('Chassis/Rack', 'ComputerSystem', 'Drive', 'Memory', 'Chassis/Sled')
_PROJECTS = ('blue', 'green', 'red')
_NODE_STATES = ('composed', 'error')


class PagePlans:
    """Lists of tables that grow, with each filter and order of the API."""

    backend: str
    analyze: str

    def setUp(self):
        super().setUp()
        self.database = self.useFixture(
            database.Database(self.backend)
        ).database
        self.podms = [rows.new_uuid() for _ in range(_PODMS)]

    def fill(self, table, template, **values):
        """Insert rows; each column is given by the number of a row."""
        numbers = range(_PODMS * _EACH)
        made = [
            {
                **template,
                'uuid': rows.new_uuid(),
                **{name: value(each) for name, value in values.items()},
                'created_at': each,
                'updated_at': each * 7919 % len(numbers),
            }
            for each in numbers
        ]
        with self.database.engine.begin() as connection:
            for batch in bulk.batches(made):
                bulk.insert_new(connection, table, batch)
        engine = self.database.engine.execution_options(
            isolation_level='AUTOCOMMIT'
        )
        with engine.connect() as connection:
            connection.exec_driver_sql(f'{self.analyze} {table.name}')

    def middle(self, table, filters, order):
        """Give the uuid of the row in the midst of a list in an order."""
        matching = [
            table.c[name].in_(value if isinstance(value, list) else [value])
            for name, value in filters.items()
        ]
        with self.database.engine.connect() as connection:
            uuids = connection.execute(
                sa.select(table.c.uuid)
                .where(*matching)
                .order_by(*(table.c[name] for name in order))
            )
            found = uuids.scalars().all()
        self.assertGreater(len(found), 2 * _LIMIT)
        return found[len(found) // 2]

    def assert_cheap(
        self, api, table, filters, sort_key='created_at', order=None
    ):
        """Assert that both ways from both places cost what a page has.

        :param order: columns of the list, where the key asked for is not
            what it is sorted by
        """
        middle = self.middle(table, filters, order or (sort_key, 'id'))
        for marker in (None, middle):
            for sort_dir in ('asc', 'desc'):
                query = Query(
                    filters=filters,
                    limit=_LIMIT,
                    marker=marker,
                    sort_key=sort_key,
                    sort_dir=sort_dir,
                )
                read = self.read(lambda query=query: api.list(query=query))
                self.assertLess(read, _MOST, query)
                self.assertGreater(read, 0)

    def test_resources(self):
        table = models.resources
        self.fill(
            table,
            {},
            # Side by side, as a sync writes them.
            podm_id=lambda each: self.podms[each // _EACH],
            resource_url=lambda each: f'/{each}',
            resource_type=lambda each: _KINDS[each % len(_KINDS)],
        )
        podm = {'podm_id': self.podms[3]}
        for filters in (
            {},
            {'resource_type': 'ComputerSystem'},
            {'resource_type': _CHASSIS},
            podm,
            {**podm, 'resource_type': 'Memory'},
            {**podm, 'resource_type': _CHASSIS},
        ):
            self.assert_cheap(
                self.database.resources,
                table,
                filters,
                order=('resource_type', 'podm_id', 'id'),
            )

    def test_tasks(self):
        table = models.tasks
        self.fill(
            table,
            {
                'action': 'sleep',
                'topic': rows.TOPIC,
                'percent': 0,
                'request': {},
                'memo': {},
                'attempt': 1,
            },
            podm_id=lambda each: self.podms[each % _PODMS],
            action=lambda each: f'act-{each % 5}',
            state=lambda each: 'failed' if each % 50 == 0 else 'completed',
            resource_uuid=lambda each: self.podms[each % 11],
            project_id=lambda each: _PROJECTS[each % 3],
        )
        for filters, sort_key in (
            ({}, 'created_at'),
            ({}, 'updated_at'),
            ({}, 'action'),
            ({'action': 'act-1'}, 'created_at'),
            ({'action': 'act-1'}, 'action'),
            ({'podm_id': self.podms[3]}, 'created_at'),
            ({'project_id': 'red'}, 'created_at'),
            ({'resource_uuid': self.podms[3]}, 'created_at'),
            ({'state': ['completed']}, 'created_at'),
        ):
            self.assert_cheap(self.database.tasks, table, filters, sort_key)

    def test_nodes(self):
        table = models.nodes
        self.fill(
            table,
            {'description': '', 'requirements': {}},
            name=lambda each: f'node-{each * 7 % 1000}-{each}',
            podm_id=lambda each: self.podms[each % _PODMS],
            project_id=lambda each: _PROJECTS[each % 3],
            managed_by=lambda each: 'ironic' if each % 2 else None,
            state=lambda each: _NODE_STATES[each % 2],
        )
        for filters, sort_key in (
            ({}, 'created_at'),
            ({}, 'updated_at'),
            ({}, 'name'),
            ({}, 'state'),
            ({'state': 'error'}, 'state'),
            ({'state': 'error'}, 'created_at'),
            ({'podm_id': self.podms[3]}, 'created_at'),
            ({'project_id': 'red'}, 'created_at'),
            ({'project_id': 'red'}, 'name'),
            ({'managed_by': 'ironic'}, 'created_at'),
        ):
            self.assert_cheap(self.database.nodes, table, filters, sort_key)


class MariadbPagePlans(PagePlans, testtools.TestCase):
    backend = database.MARIADB
    analyze = 'ANALYZE TABLE'

    def read(self, list_):
        """Give how many rows and entries of indexes a list reads."""
        read = []

        @sa.event.listens_for(self.database.engine, 'before_cursor_execute')
        def _before(connection, cursor, *_rest):
            cursor.execute('FLUSH STATUS')

        @sa.event.listens_for(self.database.engine, 'after_cursor_execute')
        def _after(connection, cursor, *_rest):
            with connection.connection.cursor() as other:
                other.execute(
                    'SHOW SESSION STATUS WHERE Variable_name LIKE '
                    "'Handler_read%' OR Variable_name = "
                    "'Handler_icp_attempts'"
                )
                read.extend(int(value) for _name, value in other.fetchall())

        try:
            self.assertEqual(_LIMIT, len(list_()))
        finally:
            sa.event.remove(
                self.database.engine, 'before_cursor_execute', _before
            )
            sa.event.remove(
                self.database.engine, 'after_cursor_execute', _after
            )
        return sum(read)


class PostgresqlPagePlans(PagePlans, testtools.TestCase):
    backend = database.POSTGRESQL
    analyze = 'VACUUM ANALYZE'

    def read(self, list_):
        """Give how many blocks a list reads."""
        read = []

        @sa.event.listens_for(self.database.engine, 'before_cursor_execute')
        def _explain(connection, cursor, statement, parameters, *_rest):
            cursor.execute(
                f'EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}',
                parameters,
            )
            (plan,) = cursor.fetchone()[0]
            blocks = plan['Plan']
            read.append(
                blocks['Shared Hit Blocks'] + blocks['Shared Read Blocks']
            )

        try:
            self.assertEqual(_LIMIT, len(list_()))
        finally:
            sa.event.remove(
                self.database.engine, 'before_cursor_execute', _explain
            )
        return sum(read)
