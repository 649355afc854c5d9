import testtools

from tests.fixtures import rows
from tests.unit.compute import living
from valence.db.api import Query


class DecomposeTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.living = self.useFixture(living.Living())

    def delete(self, node):
        return self.living.act('delete_node', node, was=node.state)

    def assert_as_before(self, node):
        self.assertEqual(
            (node.state, None),
            (
                self.living.node(node.uuid).state,
                self.living.node(node.uuid).task_uuid,
            ),
        )

    def test_taken_apart_and_forgotten(self):
        node, other = self.living.composed(), self.living.composed(name='db')
        task = self.delete(node)
        self.assertEqual('completed', task.state, task)
        self.assertEqual([other], self.living.nodes())
        self.assertEqual(self.living.tags(other.uuid), self.living.made())
        left = self.living.database.resources.list(query=Query())
        self.assertEqual([other.resource_uuid], [row.uuid for row in left])

    def test_gone_already_at_the_pod_manager(self):
        node = self.living.composed()
        (made,) = self.living.pod.nodes.values()
        self.living.pod.delete(made)
        self.assertEqual('completed', self.delete(node).state)
        self.assertEqual([], self.living.nodes())

    def test_gone_already_here(self):
        uuid = self.living.submit(
            'delete_node',
            rows.TOPIC,
            resource_uuid=rows.new_uuid(),
            request={'was': 'composed'},
        )
        task = self.living.finish(uuid)
        self.assertEqual(
            ('completed', 'The node is gone'), (task.state, task.message)
        )

    def test_never_placed(self):
        node = rows.add_node(self.living.database, state='error')
        self.assertEqual('completed', self.delete(node).state)
        self.assertEqual([], self.living.nodes())

    def test_found_by_its_tag_where_its_url_is_not_known(self):
        node = self.living.composed()
        self.living.database.nodes.update(
            uuid=node.uuid, values={'resource_uuid': None, 'state': 'error'}
        )
        self.delete(self.living.node(node.uuid))
        self.assertEqual([], self.living.nodes())
        self.assertEqual([], self.living.made())

    def test_not_at_the_pod_manager_at_all(self):
        node = rows.add_node(
            self.living.database, podm_id=self.living.podm.uuid, state='error'
        )
        self.assertEqual('completed', self.delete(node).state)
        self.assertEqual([], self.living.nodes())

    def test_away(self):
        node = self.living.composed()
        self.living.pod.set_modes(away=True)
        task = self.delete(node)
        self.assertEqual('failed', task.state)
        self.assertEqual('Pod manager unreachable', task.error['title'])
        self.assert_as_before(node)

    def test_refused(self):
        node = self.living.composed()
        self.living.pod.set_modes(status=500)
        task = self.delete(node)
        self.assertEqual('failed', task.state)
        self.assert_as_before(node)
        self.assertEqual(1, len(self.living.made()))

    def test_failed_twice_is_still_what_it_was(self):
        node = rows.add_node(
            self.living.database, podm_id=self.living.podm.uuid, state='error'
        )
        self.living.pod.set_modes(away=True)
        self.delete(node)
        self.delete(node)
        self.assert_as_before(node)

    def test_takeover(self):
        node = self.living.composed()
        task_uuid = self.living.submit(
            'delete_node',
            rows.TOPIC,
            resource_uuid=node.uuid,
            request={'was': 'composed'},
        )
        self.living.die()
        (made,) = self.living.pod.nodes.values()
        self.living.pod.delete(made)
        self.assertEqual('completed', self.living.finish(task_uuid).state)
        self.assertEqual([], self.living.nodes())
