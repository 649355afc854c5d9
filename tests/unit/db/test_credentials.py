import pathlib

import fixtures
import testtools

from tests.fixtures import database, rows
from valence.common import exception
from valence.common.key_file import KeyFile
from valence.db import credentials
from valence.db.sqlalchemy.database import SqlDatabase


class CredentialsCase(testtools.TestCase):
    def setUp(self):
        super().setUp()
        directory = self.useFixture(fixtures.TempDir()).path
        self.path = pathlib.Path(directory) / 'keys'
        self.keys = KeyFile(str(self.path))
        self.database = SqlDatabase(
            self.useFixture(database.Database()).url, self.keys.ring
        )
        self.addCleanup(self.database.close)

    def add(self, **values):
        return rows.add_pod_manager(self.database, **values)

    def in_use(self):
        """Give the ids of all keys that are needed."""
        found = credentials.uses(self.database)
        return {key for use in found for key in use.keys}


class SetUpTest(CredentialsCase):
    def set_up(self):
        return credentials.set_up(self.database, self.keys)

    def test_makes_the_first_key_once(self):
        self.assertTrue(self.set_up())
        before = self.keys.ring().ids
        self.assertFalse(self.set_up())
        self.assertEqual(before, self.keys.ring().ids)

    def test_lost_key_is_not_replaced(self):
        self.set_up()
        self.add(name='rack-1')
        (lost,) = self.keys.ring().ids
        self.path.unlink()
        error = self.assertRaises(exception.CredentialsKeyError, self.set_up)
        for word in (str(self.path), lost, 'rack-1', 'backup'):
            self.assertIn(word, error.detail)
        self.assertFalse(self.path.exists())

    def test_file_that_does_not_serve_is_told(self):
        self.path.touch(mode=0o644)
        self.assertRaises(exception.CredentialsKeyError, self.set_up)

    def test_what_is_in_clear_is_no_reason_against_a_key(self):
        self.set_up()
        podm = self.add()
        database.store(self.database, podm.uuid, rows.basic())
        self.path.unlink()
        self.assertTrue(self.set_up())
        self.assertTrue(credentials.in_clear(self.database))


class RotateTest(CredentialsCase):
    def setUp(self):
        super().setUp()
        self.keys.make()

    def rotate(self):
        return credentials.rotate(self.database)

    def test_all_get_the_first_key(self):
        self.useFixture(
            fixtures.MonkeyPatch('valence.db.credentials._PAGE', 2)
        )
        for _ in range(5):
            self.add()
        added = self.keys.add()
        self.add()
        self.assertEqual(credentials.Rotation(5, 1), self.rotate())
        self.assertEqual({added}, self.in_use())
        self.assertEqual(credentials.Rotation(0, 6), self.rotate())

    def test_one_that_cannot_be_read_does_not_stop_the_others(self):
        self.add(name='rack-1')
        (lost,) = self.keys.ring().ids
        self.path.unlink()
        self.keys.make()
        self.add(name='rack-2')
        self.keys.add()
        done = self.rotate()
        self.assertEqual((1, 0), (done.changed, done.left))
        self.assertEqual(['rack-1'], list(done.failed))
        self.assertIn(lost, done.failed['rack-1'])

    def test_what_is_in_clear(self):
        podm = self.add()
        self.assertFalse(credentials.in_clear(self.database))
        database.store(self.database, podm.uuid, rows.basic())
        self.assertTrue(credentials.in_clear(self.database))
        self.assertEqual(credentials.Rotation(1), self.rotate())
        self.assertFalse(credentials.in_clear(self.database))

    def test_none(self):
        self.assertEqual(credentials.Rotation(), self.rotate())
