import testtools

from tests.fixtures import rows
from tests.unit.compute import living
from valence.objects.node import node_tag


class ReconcileTest(testtools.TestCase):
    """The last part of a sync: nodes as we know them, and as they are."""

    def setUp(self):
        super().setUp()
        self.living = self.useFixture(living.Living())
        self.pod = self.living.pod

    def findings(self):
        """Sync; give kind, node and whether it was repaired, of each."""
        task = self.living.sync()
        self.assertEqual('completed', task.state, task)
        found = self.living.record(self.living.podm).findings
        return [
            (each['kind'], each['node_uuid'], each['repaired'])
            for each in found
        ]

    def test_all_is_well(self):
        node = self.living.composed()
        self.assertEqual([], self.findings())
        self.assertEqual(self.living.tags(node.uuid), self.living.made())

    def test_orphan_of_ours_is_deleted(self):
        node = self.living.composed()
        self.living.database.nodes.delete(uuid=node.uuid)
        self.assertEqual([('orphan', node.uuid, True)], self.findings())
        self.assertEqual([], self.living.made())
        self.assertEqual([], self.findings())

    def test_orphan_of_somebody_is_only_told(self):
        uuid = rows.new_uuid()
        self.pod.appear(node_tag(uuid))
        self.assertEqual([('orphan', uuid, False)], self.findings())
        self.assertEqual([node_tag(uuid)], self.living.made())

    def test_node_without_a_tag_is_none_of_ours(self):
        self.pod.appear('of somebody')
        self.assertEqual([], self.findings())
        self.assertEqual(['of somebody'], self.living.made())

    def test_missing_and_back_again(self):
        node = self.living.composed()
        self.pod.forget(node.index)
        self.assertEqual([('missing', node.uuid, False)], self.findings())
        found = self.living.node(node.uuid)
        self.assertEqual('missing', found.state)
        self.assertIn('does not have it', found.state_reason)
        self.pod.appear(node_tag(node.uuid))
        self.assertEqual([('moved', node.uuid, True)], self.findings())
        found = self.living.node(node.uuid)
        self.assertEqual(('composed', None), (found.state, found.state_reason))
        self.assertNotEqual(node.resource_url, found.resource_url)
        self.assertEqual([], self.findings())

    def test_made_twice_leaves_the_one_that_is_pointed_to(self):
        node = self.living.composed()
        self.pod.appear(node_tag(node.uuid))
        self.assertEqual([('orphan', node.uuid, True)], self.findings())
        self.assertEqual([node.index], list(self.pod.nodes))

    def test_node_that_a_task_is_changing_is_left_alone(self):
        node = self.living.composed()
        self.living.database.nodes.reserve(
            uuid=node.uuid, task_uuid=rows.new_uuid()
        )
        self.pod.forget(node.index)
        self.assertEqual([], self.findings())
        self.assertEqual('composed', self.living.node(node.uuid).state)
