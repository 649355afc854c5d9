import sqlalchemy as sa
import testtools

from tests.fixtures import database, rows
from valence.db.api import Query

PODM = rows.new_uuid()
OTHER = rows.new_uuid()
MANY = [(f'/s/{number}', 'ComputerSystem') for number in range(1200)]


class ResourcesTest(testtools.TestCase):
    backend = database.SQLITE

    def setUp(self):
        super().setUp()
        self.made = self.useFixture(database.Database(self.backend))
        self.table = self.made.database.resources

    def ensure(self, url='/s/1', podm_id=PODM):
        return self.table.ensure(
            podm_id=podm_id, url=url, resource_type='ComputerSystem'
        )

    def urls(self, **filters):
        found = self.table.list(query=Query(filters=filters))
        return [each.resource_url for each in found]

    def test_ensure_inserts(self):
        uuid = self.ensure()
        found = self.table.get(uuid=uuid)
        self.assertEqual(
            (uuid, PODM, '/s/1', 'ComputerSystem'),
            (
                found.uuid,
                found.podm_id,
                found.resource_url,
                found.resource_type,
            ),
        )

    def test_ensure_keeps_the_uuid(self):
        self.assertEqual(self.ensure(), self.ensure())
        self.assertEqual(['/s/1'], self.urls())

    def test_few_statements_ensure_one(self):
        sent = []

        @sa.event.listens_for(
            self.made.database.engine, 'before_cursor_execute'
        )
        def _note(connection, cursor, statement, *_rest):
            sent.append(statement.split()[0])

        self.ensure()
        self.ensure()
        wanted = ['SELECT', 'INSERT', 'SELECT']
        if self.backend == database.MARIADB:
            # It does not tell whether it has inserted anything.
            wanted.insert(2, 'SELECT')
        self.assertEqual(wanted, [each for each in sent if each != 'BEGIN'])

    def test_get_one_of_some_types(self):
        uuid = self.ensure()
        for types, found in (
            (['ComputerSystem'], True),
            (('Drive', 'ComputerSystem'), True),
            (['Drive'], False),
            ([], False),
        ):
            row = self.table.get(uuid=uuid, types=types)
            self.assertEqual(found, row is not None, types)

    def test_urls_are_of_one_pod_manager(self):
        self.assertNotEqual(self.ensure(), self.ensure(podm_id=OTHER))

    def test_add_counts_what_is_new(self):
        uuid = self.ensure()
        added = self.table.add(
            podm_id=PODM,
            found=[('/s/1', 'ComputerSystem'), ('/n/1', 'ComposedNode')],
        )
        self.assertEqual(1, added)
        self.assertEqual(['/n/1', '/s/1'], self.urls())
        self.assertEqual('/s/1', self.table.get(uuid=uuid).resource_url)

    def test_add_nothing(self):
        self.assertEqual(0, self.table.add(podm_id=PODM, found=[]))

    def test_many_at_once(self):
        self.assertEqual(1200, self.table.add(podm_id=PODM, found=MANY))
        self.assertEqual([url for url, _ in MANY], self.urls())

    def test_get_unknown(self):
        self.assertIsNone(self.table.get(uuid=rows.new_uuid()))

    def test_delete(self):
        kept = self.ensure('/s/1')
        gone = self.ensure('/s/2')
        self.table.delete(uuids=[gone, rows.new_uuid()])
        self.table.delete(uuids=[gone])
        self.assertIsNone(self.table.get(uuid=gone))
        self.assertIsNotNone(self.table.get(uuid=kept))

    def test_delete_many(self):
        self.table.add(podm_id=PODM, found=MANY)
        found = self.table.list(query=Query())
        self.table.delete(uuids=[each.uuid for each in found[1:]])
        self.assertEqual(['/s/0'], self.urls())

    def test_delete_all_of_a_pod_manager(self):
        self.table.add(podm_id=PODM, found=MANY)
        self.ensure('/s/9', podm_id=OTHER)
        self.table.delete_of_pod_manager(podm_id=PODM)
        self.table.delete_of_pod_manager(podm_id=PODM)
        self.assertEqual(['/s/9'], self.urls())
