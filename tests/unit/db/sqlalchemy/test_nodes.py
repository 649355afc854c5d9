import time

import testtools

from tests.fixtures import database, rows
from valence.common import exception
from valence.db.api import Query


class NodesTest(testtools.TestCase):
    backend = database.SQLITE

    def setUp(self):
        super().setUp()
        self.database = self.useFixture(
            database.Database(self.backend)
        ).database
        self.table = self.database.nodes

    def add(self, **values):
        return rows.add_node(self.database, **values)

    def get(self, node):
        return self.table.get(ident=node.uuid, project_id=None)

    def test_create(self):
        values = rows.node(requirements={'memory': {'capacity_mib': 1}})
        self.assertIsNone(self.table.create(values=values))
        node = self.table.get(ident=values['uuid'], project_id=None)
        for name, value in values.items():
            self.assertEqual(value, getattr(node, name), name)
        self.assertIsNone(node.resource_url)

    def place(self, podm_id, **values):
        made = rows.node(podm_id=podm_id, **values)
        self.table.create_placed(values=made)
        return made

    def test_create_placed(self):
        podm = rows.add_pod_manager(self.database, task_uuid=rows.new_uuid())
        requirements = {'memory': {'capacity_mib': 1}}
        values = self.place(podm.uuid, requirements=requirements)
        node = self.table.get(ident=values['uuid'], project_id=None)
        for name, value in values.items():
            self.assertEqual(value, getattr(node, name), name)
        self.assertEqual(node.created_at, node.updated_at)
        self.assertAlmostEqual(time.time(), node.created_at / 1e6, delta=60)

    def test_create_placed_where_the_pod_manager_is_deleted(self):
        podm = rows.add_pod_manager(self.database)
        task = rows.new_uuid()
        self.database.pod_managers.reserve_deletion(
            uuid=podm.uuid, task_uuid=task
        )
        error = self.assertRaises(exception.Busy, self.place, podm.uuid)
        self.assertEqual(task, error.kwargs['task'])
        self.assertEqual([], self.table.list(query=Query()))

    def test_create_placed_where_there_is_no_pod_manager(self):
        podm_id = rows.new_uuid()
        error = self.assertRaises(
            exception.PodManagerNotFound, self.place, podm_id
        )
        self.assertIn(podm_id, error.detail)
        self.assertEqual([], self.table.list(query=Query()))

    def test_create_placed_where_the_name_is_taken(self):
        podm = rows.add_pod_manager(self.database)
        self.add(name='web')
        self.assertRaises(
            exception.NodeNameTaken, self.place, podm.uuid, name='web'
        )

    def test_name_taken(self):
        self.add(name='web')
        error = self.assertRaises(
            exception.NodeNameTaken,
            self.table.create,
            values=rows.node(name='web'),
        )
        self.assertIn('web', error.detail)

    def test_name_is_free_in_another_project(self):
        self.add(name='web')
        self.assertEqual('web', self.add(name='web', project_id='red').name)

    def test_name_is_taken_without_projects(self):
        self.add(name='web', project_id='')
        self.assertRaises(
            exception.NodeNameTaken, self.add, name='web', project_id=''
        )

    def test_get_within_a_project(self):
        node = self.add(name='web')
        for ident in (node.uuid, 'web'):
            self.assertEqual(
                node, self.table.get(ident=ident, project_id='blue')
            )
            self.assertRaises(
                exception.NodeNotFound,
                self.table.get,
                ident=ident,
                project_id='red',
            )

    def test_get_by_name_of_own_project(self):
        node = self.add(name='web')
        self.add(name='web', project_id='red')
        self.assertEqual(node, self.table.get(ident='web', project_id='blue'))

    def test_get_by_name_of_two_projects(self):
        self.add(name='web')
        self.add(name='web', project_id='red')
        error = self.assertRaises(
            exception.NameNotUnique,
            self.table.get,
            ident='web',
            project_id=None,
        )
        self.assertIn('web', error.detail)

    def test_get_unknown(self):
        error = self.assertRaises(
            exception.NodeNotFound,
            self.table.get,
            ident='nobody',
            project_id=None,
        )
        self.assertIn('nobody', error.detail)

    def test_resource_url_is_that_of_the_resource(self):
        podm_id = rows.new_uuid()
        uuid = self.database.resources.ensure(
            podm_id=podm_id, url='/n/1', resource_type='ComposedNode'
        )
        node = self.add(podm_id=podm_id, resource_uuid=uuid)
        self.assertEqual('/n/1', node.resource_url)
        listed = self.table.list(query=Query())
        self.assertEqual([node], listed)

    def test_list_of_any_of_several(self):
        one, two = self.add(state='composing'), self.add(state='error')
        self.add()
        query = Query(filters={'state': ['composing', 'error']})
        self.assertEqual([one, two], self.table.list(query=query))

    def test_by_system(self):
        one, two, other = (rows.new_uuid() for _ in range(3))
        self.add(podm_id=one)
        self.add(podm_id=other, system_url='/s/1')
        a = self.add(podm_id=one, system_url='/s/1')
        b = self.add(podm_id=one, system_url='/s/2')
        c = self.add(podm_id=two, system_url='/s/1')
        self.assertEqual(
            {
                (one, '/s/1'): a.uuid,
                (one, '/s/2'): b.uuid,
                (two, '/s/1'): c.uuid,
            },
            self.table.by_system(podm_ids=[one, two]),
        )
        self.assertEqual({}, self.table.by_system(podm_ids=[]))

    def test_count_by_pod_manager(self):
        one, two = rows.new_uuid(), rows.new_uuid()
        self.add()
        self.assertEqual({}, self.table.count_by_pod_manager())
        for podm_id in (one, two, one):
            self.add(podm_id=podm_id)
        self.assertEqual({one: 2, two: 1}, self.table.count_by_pod_manager())

    def test_update(self):
        node, other = self.add(), self.add()
        self.table.update(uuid=node.uuid, values={'state': 'error'})
        self.assertEqual('error', self.get(node).state)
        self.assertEqual(other, self.get(other))

    def test_rename_to_a_name_that_is_taken(self):
        one, two = self.add(), self.add()
        error = self.assertRaises(
            exception.NodeNameTaken,
            self.table.update,
            uuid=two.uuid,
            values={'name': one.name},
        )
        self.assertIn(one.name, error.detail)
        self.assertEqual(two, self.get(two))

    def test_update_of_an_idle_node(self):
        node = self.add()
        self.assertIs(
            True,
            self.table.update_idle(
                uuid=node.uuid,
                values={'state': 'missing', 'state_reason': 'gone'},
            ),
        )
        found = self.get(node)
        self.assertEqual(
            ('missing', 'gone'), (found.state, found.state_reason)
        )

    def test_update_of_a_node_that_a_task_is_changing(self):
        node = self.add(task_uuid=rows.new_uuid())
        self.assertIs(
            False,
            self.table.update_idle(
                uuid=node.uuid, values={'state': 'missing'}
            ),
        )
        self.assertEqual(node, self.get(node))

    def test_update_of_a_node_that_is_gone(self):
        other = self.add()
        self.assertIs(
            False,
            self.table.update_idle(
                uuid=rows.new_uuid(), values={'state': 'missing'}
            ),
        )
        self.assertEqual(other, self.get(other))

    def pointer(self, url='/n/1'):
        return self.database.resources.ensure(
            podm_id=rows.new_uuid(), url=url, resource_type='ComposedNode'
        )

    def test_adopt(self):
        node, pointer = self.add(state='adopting'), self.pointer()
        for _ in range(2):
            self.table.adopt(
                uuid=node.uuid,
                resource_uuid=pointer,
                values={'index': '1', 'tag_uuid': pointer},
            )
        found = self.get(node)
        self.assertEqual(
            ('/n/1', '1', 'adopting'),
            (found.resource_url, found.index, found.state),
        )
        self.assertEqual(pointer, found.tagged_as)

    def test_adopt_what_another_node_points_to(self):
        pointer = self.pointer()
        self.add(resource_uuid=pointer)
        node = self.add(state='adopting')
        error = self.assertRaises(
            exception.NodeManaged,
            self.table.adopt,
            uuid=node.uuid,
            resource_uuid=pointer,
            values={'index': '1'},
        )
        self.assertEqual(
            "Node '/n/1' already managed by Valence", error.detail
        )
        self.assertEqual(node, self.get(node))

    def test_adopt_by_a_name_that_is_taken(self):
        self.add(name='web')
        node = self.add(state='adopting')
        self.assertRaises(
            exception.NodeNameTaken,
            self.table.adopt,
            uuid=node.uuid,
            resource_uuid=self.pointer(),
            values={'name': 'web'},
        )
        self.assertEqual(node, self.get(node))

    def test_adopt_by_a_node_that_is_gone(self):
        self.table.adopt(
            uuid=rows.new_uuid(), resource_uuid=self.pointer(), values={}
        )
        self.assertEqual([], self.table.list(query=Query()))

    def test_reserve(self):
        node = self.add()
        task = rows.new_uuid()
        self.table.reserve(uuid=node.uuid, task_uuid=task)
        found = self.get(node)
        self.assertEqual((task, 'composed'), (found.task_uuid, found.state))

    def test_reserve_with_a_new_state(self):
        node = self.add()
        self.table.reserve(
            uuid=node.uuid, task_uuid=rows.new_uuid(), state='deleting'
        )
        self.assertEqual('deleting', self.get(node).state)

    def test_reserve_busy_names_the_task(self):
        task = rows.new_uuid()
        node = self.add(task_uuid=task)
        error = self.assertRaises(
            exception.Busy,
            self.table.reserve,
            uuid=node.uuid,
            task_uuid=rows.new_uuid(),
            state='deleting',
        )
        self.assertIn(task, error.detail)
        self.assertIn(node.name, error.detail)
        self.assertEqual(node, self.get(node))

    def test_reserve_unknown(self):
        self.assertRaises(
            exception.NodeNotFound,
            self.table.reserve,
            uuid=rows.new_uuid(),
            task_uuid=rows.new_uuid(),
        )

    def test_delete(self):
        node, other = self.add(), self.add()
        self.table.delete(uuid=node.uuid)
        self.table.delete(uuid=node.uuid)
        self.assertEqual([other], self.table.list(query=Query()))
