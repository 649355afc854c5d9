import fixtures
import orjson
import sqlalchemy as sa
import testtools

from tests.fixtures import database, rows
from valence.common import exception, sealing
from valence.common.sealing import KeyRing
from valence.db.api import Query
from valence.db.sqlalchemy import credentials, models
from valence.db.sqlalchemy.database import SqlDatabase

TEXT = 'canary-5ecr3t'
_table = models.pod_managers
_stored = sa.type_coerce(_table.c.authentication, sa.Text)


class CredentialsTest(testtools.TestCase):
    """The column of the credentials, as the database keeps it."""

    backend = database.SQLITE

    def setUp(self):
        super().setUp()
        self.made = self.useFixture(database.Database(self.backend))
        self.old, self.new = sealing.new_key(), sealing.new_key()
        self.keys = [self.old]
        self.database = self.opened(self.ring)
        self.table = self.database.pod_managers

    def opened(self, keys):
        opened = SqlDatabase(self.made.url, keys)
        self.addCleanup(opened.close)
        return opened

    def ring(self):
        return KeyRing(self.keys, '/the/keys')

    def create(self, password=TEXT, **values):
        return rows.add_pod_manager(
            self.database,
            authentication=rows.basic('admin', password),
            **values,
        )

    def stored(self, uuid):
        """Give the text that is in the database."""
        with self.database.engine.connect() as connection:
            return connection.execute(
                sa.select(_stored).where(_table.c.uuid == uuid)
            ).scalar_one()

    def in_clear(self, password=TEXT, **values):
        self.useFixture(fixtures.FakeLogger())
        podm = self.create(**values)
        database.store(self.database, podm.uuid, rows.basic('admin', password))
        return podm

    def keys_of(self, uuid):
        (found,) = [
            use for use in self.table.key_uses(limit=100) if use.uuid == uuid
        ]
        return found.keys

    def credentials(self, uuid):
        return self.table.get(ident=uuid).credentials()

    def test_password_is_not_in_the_database(self):
        podm = self.create()
        self.assertEqual(('admin', TEXT), podm.credentials())
        self.assertEqual(('admin', TEXT), self.credentials(podm.uuid))
        for podm in self.table.list(query=Query()):
            self.assertEqual(('admin', TEXT), podm.credentials())
        self.assertNotIn(TEXT, self.stored(podm.uuid))

    def test_changed_password_is_not_in_the_database(self):
        podm = self.create('before')
        values = {'authentication': rows.basic('root', TEXT)}
        changed = self.table.update(uuid=podm.uuid, values=values)
        self.assertEqual(('root', TEXT), changed.credentials())
        self.assertNotIn(TEXT, self.stored(podm.uuid))

    def test_other_changes_leave_it(self):
        podm = self.create()
        before = self.stored(podm.uuid)
        self.table.update(uuid=podm.uuid, values={'location': 'hall 1'})
        self.assertEqual(before, self.stored(podm.uuid))

    def test_joint_transaction_encrypts_too(self):
        values = rows.pod_manager(authentication=rows.basic('admin', TEXT))
        self.database.write(
            lambda tables: tables.pod_managers.create(values=values)
        )
        self.assertNotIn(TEXT, self.stored(values['uuid']))
        self.assertEqual(('admin', TEXT), self.credentials(values['uuid']))

    def test_version_before_finds_what_it_lists(self):
        """It shows the type and the user name, and connects by both items."""
        (entry,) = orjson.loads(self.stored(self.create().uuid))
        self.assertEqual('basic', entry['type'])
        self.assertEqual({'username': 'admin'}, entry['auth_items'])

    def test_row_of_the_version_before_is_read(self):
        podm = self.in_clear()
        self.assertEqual(('admin', TEXT), self.credentials(podm.uuid))
        self.assertEqual({None}, self.keys_of(podm.uuid))

    def test_clear_is_warned_of_once(self):
        podm = self.in_clear()
        credentials._warn_of_clear.cache_clear()
        with self.assertLogs(credentials.LOG) as logged:
            self.table.get(ident=podm.uuid)
            self.table.get(ident=podm.uuid)
        (line,) = logged.output
        self.assertIn('valence-manage credentials rotate', line)
        self.assertNotIn(TEXT, line)

    def test_none_is_none(self):
        podm = rows.add_pod_manager(self.database, authentication=[])
        self.assertEqual(frozenset(), self.keys_of(podm.uuid))
        self.assertFalse(self.table.reseal(uuid=podm.uuid))
        self.assertEqual([], list(podm.authentication))

    def test_without_a_key_nothing_is_written(self):
        for keys in ([], ['hello']):
            self.keys = keys
            self.assertRaises(exception.CredentialsKeyError, self.create)
        self.assertEqual([], list(self.table.list(query=Query())))

    def test_without_its_key_all_but_the_password_is_there(self):
        podm = self.create(name='rack-7')
        self.keys = [self.new]
        found = self.table.get(ident='rack-7')
        self.assertEqual(podm.as_dict(), found.as_dict())
        self.assertEqual([found], list(self.table.list(query=Query())))
        error = self.assertRaises(
            exception.CredentialsUnreadable, found.credentials
        )
        self.assertIn('rack-7', error.detail)
        self.table.update(uuid=podm.uuid, values={'location': 'hall 1'})
        self.keys.append(self.old)
        self.assertEqual(('admin', TEXT), found.credentials())

    def test_key_uses_in_pages(self):
        made = {self.create().uuid for _ in range(3)}
        first = self.table.key_uses(limit=2)
        second = self.table.key_uses(after=first[-1].uuid, limit=2)
        self.assertEqual((2, 1), (len(first), len(second)))
        self.assertEqual(made, {use.uuid for use in (*first, *second)})
        self.assertEqual(
            {frozenset([sealing.key_id(self.old)])},
            {use.keys for use in (*first, *second)},
        )

    def test_reseal_with_a_new_first_key(self):
        podm = self.create()
        self.keys.insert(0, self.new)
        self.assertTrue(self.table.reseal(uuid=podm.uuid))
        self.assertEqual({sealing.key_id(self.new)}, self.keys_of(podm.uuid))
        self.keys = [self.new]
        self.assertEqual(('admin', TEXT), self.credentials(podm.uuid))

    def test_reseal_what_is_in_clear(self):
        podm = self.in_clear()
        self.assertTrue(self.table.reseal(uuid=podm.uuid))
        self.assertNotIn(TEXT, self.stored(podm.uuid))
        self.assertEqual(('admin', TEXT), self.credentials(podm.uuid))

    def test_reseal_twice(self):
        podm = self.in_clear()
        self.table.reseal(uuid=podm.uuid)
        before = self.stored(podm.uuid)
        self.assertFalse(self.table.reseal(uuid=podm.uuid))
        self.assertEqual(before, self.stored(podm.uuid))

    def test_reseal_is_no_change_of_the_record(self):
        podm = self.create()
        self.keys.insert(0, self.new)
        self.table.reseal(uuid=podm.uuid)
        self.assertEqual(podm, self.table.get(ident=podm.uuid))

    def test_reseal_what_is_gone(self):
        self.assertFalse(self.table.reseal(uuid=rows.new_uuid()))

    def test_reseal_without_the_old_key_leaves_it(self):
        podm = self.create()
        before = self.stored(podm.uuid)
        self.keys = [self.new]
        self.assertRaises(
            exception.CredentialsKeyError, self.table.reseal, uuid=podm.uuid
        )
        self.assertEqual(before, self.stored(podm.uuid))
