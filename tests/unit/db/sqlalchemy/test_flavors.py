import testtools

from tests.fixtures import database, rows
from valence.common import exception
from valence.db.api import Query


class FlavorsTest(testtools.TestCase):
    backend = database.SQLITE

    def setUp(self):
        super().setUp()
        self.table = self.useFixture(
            database.Database(self.backend)
        ).database.flavors

    def create(self, **values):
        return self.table.create(values=rows.flavor(**values))

    def test_create_gives_what_was_written(self):
        values = rows.flavor(project_id='blue')
        flavor = self.table.create(values=values)
        for name, value in values.items():
            self.assertEqual(value, getattr(flavor, name), name)

    def test_name_taken(self):
        self.create(name='big')
        error = self.assertRaises(
            exception.FlavorNameTaken,
            self.create,
            name='big',
            project_id='red',
        )
        self.assertIn('big', error.detail)

    def test_get_by_uuid_and_by_name(self):
        flavor = self.create(name='big')
        for ident in (flavor.uuid, 'big'):
            self.assertEqual(
                flavor, self.table.get(ident=ident, project_id=None)
            )

    def test_public_is_seen_by_all(self):
        flavor = self.create()
        self.assertEqual(
            flavor, self.table.get(ident=flavor.uuid, project_id='red')
        )

    def test_that_of_another_project_is_not_found(self):
        flavor = self.create(project_id='blue')
        error = self.assertRaises(
            exception.FlavorNotFound,
            self.table.get,
            ident=flavor.name,
            project_id='red',
        )
        self.assertIn(flavor.name, error.detail)

    def test_list_of_what_a_project_sees(self):
        public = self.create()
        blue = self.create(project_id='blue')
        red = self.create(project_id='red')

        def seen(project_id):
            return self.table.list(query=Query(), project_id=project_id)

        self.assertEqual([public, blue], seen('blue'))
        self.assertEqual([public, blue, red], seen(None))

    def test_update(self):
        flavor, other = self.create(), self.create()
        found = self.table.update(uuid=flavor.uuid, values={'name': 'new'})
        self.assertEqual('new', found.name)
        self.assertEqual(
            other, self.table.get(ident=other.uuid, project_id=None)
        )

    def test_update_unknown(self):
        self.assertRaises(
            exception.FlavorNotFound,
            self.table.update,
            uuid=rows.new_uuid(),
            values={'name': 'new'},
        )

    def test_rename_to_a_name_that_is_taken(self):
        one, two = self.create(), self.create()
        self.assertRaises(
            exception.FlavorNameTaken,
            self.table.update,
            uuid=two.uuid,
            values={'name': one.name},
        )

    def test_delete(self):
        flavor, other = self.create(), self.create()
        self.table.delete(uuid=flavor.uuid)
        self.table.delete(uuid=flavor.uuid)
        self.assertEqual(
            [other], self.table.list(query=Query(), project_id=None)
        )
