import testtools

from tests.fixtures import database, rows
from valence.common import exception
from valence.db.api import Query


class PodManagersTest(testtools.TestCase):
    backend = database.SQLITE

    def setUp(self):
        super().setUp()
        self.fixture = self.useFixture(database.Database(self.backend))
        self.table = self.fixture.database.pod_managers

    def create(self, **values):
        return self.table.create(values=rows.pod_manager(**values))

    def test_create_gives_what_was_written(self):
        values = rows.pod_manager(
            location='hall 1', tls={'verify': False}, description='ünï ☃'
        )
        podm = self.table.create(values=values)
        del values['authentication']
        for name, value in values.items():
            self.assertEqual(value, getattr(podm, name), name)
        self.assertEqual(('admin', 'admin'), podm.credentials())
        self.assertIsNone(podm.synced_at)
        self.assertIsNone(podm.task_uuid)
        self.assertEqual(podm, self.table.get(ident=podm.uuid))

    def test_existing(self):
        one, other = self.create(name='a').uuid, self.create(name='b').uuid
        self.table.delete(uuid=other)
        self.assertEqual(
            {one}, self.table.existing(uuids={one, other, 'nobody'})
        )
        self.assertEqual(set(), self.table.existing(uuids=[]))

    def test_name_taken(self):
        self.create(name='one')
        self.assertRaises(
            exception.DuplicatePodManager, self.create, name='one'
        )

    def test_url_taken(self):
        self.create(url='http://podm')
        self.assertRaises(
            exception.DuplicatePodManager, self.create, url='http://podm'
        )

    def test_names_are_told_apart_by_their_case(self):
        self.create(name='one')
        self.assertEqual('ONE', self.create(name='ONE').name)

    def test_get_by_uuid_and_by_name(self):
        podm = self.create(name='one')
        self.create()
        self.assertEqual(podm, self.table.get(ident=podm.uuid))
        self.assertEqual(podm, self.table.get(ident='one'))

    def test_uuid_comes_before_name(self):
        podm = self.create()
        self.create(name=podm.uuid)
        self.assertEqual(podm, self.table.get(ident=podm.uuid))

    def test_get_unknown(self):
        error = self.assertRaises(
            exception.PodManagerNotFound, self.table.get, ident='nobody'
        )
        self.assertIn('nobody', error.detail)

    def test_list_filtered(self):
        one = self.create(status='Offline')
        self.create()
        query = Query(filters={'status': 'Offline'})
        self.assertEqual([one], self.table.list(query=query))

    def test_update(self):
        podm = self.create()
        other = self.create()
        found = self.table.update(
            uuid=podm.uuid, values={'status': 'Offline', 'usage': {'a': 1}}
        )
        self.assertEqual(('Offline', {'a': 1}), (found.status, found.usage))
        self.assertGreaterEqual(found.updated_at, podm.updated_at)
        self.assertEqual(podm.created_at, found.created_at)
        self.assertEqual(other, self.table.get(ident=other.uuid))

    def test_update_unknown(self):
        self.assertRaises(
            exception.PodManagerNotFound,
            self.table.update,
            uuid=rows.new_uuid(),
            values={'status': 'Offline'},
        )

    def test_update_to_what_is_taken(self):
        one, two = self.create(), self.create()
        self.assertRaises(
            exception.DuplicatePodManager,
            self.table.update,
            uuid=two.uuid,
            values={'url': one.url},
        )
        self.assertEqual(two, self.table.get(ident=two.uuid))

    def test_reserve(self):
        podm = self.create()
        task = rows.new_uuid()
        self.table.reserve(uuid=podm.uuid, task_uuid=task)
        self.assertEqual(task, self.table.get(ident=podm.uuid).task_uuid)

    def test_reserve_busy_names_the_task(self):
        task = rows.new_uuid()
        podm = self.create(task_uuid=task)
        error = self.assertRaises(
            exception.Busy,
            self.table.reserve,
            uuid=podm.uuid,
            task_uuid=rows.new_uuid(),
        )
        self.assertIn(task, error.detail)
        self.assertIn(podm.name, error.detail)
        self.assertEqual(task, self.table.get(ident=podm.uuid).task_uuid)

    def test_reserve_unknown(self):
        self.assertRaises(
            exception.PodManagerNotFound,
            self.table.reserve,
            uuid=rows.new_uuid(),
            task_uuid=rows.new_uuid(),
        )

    def test_reserve_deletion(self):
        podm, task = self.create(), rows.new_uuid()
        self.table.reserve_deletion(uuid=podm.uuid, task_uuid=task)
        found = self.table.get(ident=podm.uuid)
        self.assertEqual(('Deleting', task), (found.status, found.task_uuid))

    def test_reserve_deletion_goes_before_a_sync(self):
        podm, task = self.create(task_uuid=rows.new_uuid()), rows.new_uuid()
        self.table.reserve_deletion(uuid=podm.uuid, task_uuid=task)
        self.table.not_synced(uuid=podm.uuid, error='', next_in=60)
        self.table.synced(uuid=podm.uuid, usage={}, findings=[], next_in=60)
        self.table.renew_status(uuid=podm.uuid, status='Online', reason=None)
        self.table.unanswered(uuid=podm.uuid, reason='', most=1, pause=60)
        self.table.answered(uuid=podm.uuid)
        found = self.table.get(ident=podm.uuid)
        self.assertEqual(('Deleting', task), (found.status, found.task_uuid))

    def test_reserve_deletion_busy_names_the_task(self):
        podm, task = self.create(), rows.new_uuid()
        self.table.reserve_deletion(uuid=podm.uuid, task_uuid=task)
        for reserve in (self.table.reserve_deletion, self.table.reserve):
            error = self.assertRaises(
                exception.Busy,
                reserve,
                uuid=podm.uuid,
                task_uuid=rows.new_uuid(),
            )
            self.assertEqual(task, error.kwargs['task'])

    def test_reserve_deletion_unknown(self):
        self.assertRaises(
            exception.PodManagerNotFound,
            self.table.reserve_deletion,
            uuid=rows.new_uuid(),
            task_uuid=rows.new_uuid(),
        )

    def test_renew_status(self):
        podm = self.create()
        found = self.table.renew_status(
            uuid=podm.uuid, status='Offline', reason='it is off'
        )
        self.assertEqual(
            ('Offline', 'it is off'), (found.status, found.status_reason)
        )
        self.assertEqual(found, self.table.get(ident=podm.uuid))

    def test_renew_status_unknown(self):
        self.assertRaises(
            exception.PodManagerNotFound,
            self.table.renew_status,
            uuid=rows.new_uuid(),
            status='Online',
            reason=None,
        )

    def test_admit_node(self):
        podm = self.create(task_uuid=rows.new_uuid())
        self.assertIsNone(self.table.admit_node(uuid=podm.uuid))

    def test_admit_node_where_it_is_deleted(self):
        podm, task = self.create(), rows.new_uuid()
        self.table.reserve_deletion(uuid=podm.uuid, task_uuid=task)
        error = self.assertRaises(
            exception.Busy, self.table.admit_node, uuid=podm.uuid
        )
        self.assertEqual(task, error.kwargs['task'])

    def test_admit_node_unknown(self):
        self.assertRaises(
            exception.PodManagerNotFound,
            self.table.admit_node,
            uuid=rows.new_uuid(),
        )

    def test_delete(self):
        podm, other = self.create(), self.create()
        self.table.delete(uuid=podm.uuid)
        self.table.delete(uuid=podm.uuid)
        self.assertEqual([other], self.table.list(query=Query()))
