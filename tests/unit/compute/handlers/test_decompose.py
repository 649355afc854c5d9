import testtools

from tests.fixtures import rows
from tests.unit.compute import living, meddling
from tests.unit.compute.handlers.test_compose_expether import LivingEem
from valence.db.api import Query
from valence.objects.node import node_tag
from valence.objects.requirements import Requirements


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

    def test_next_node_at_its_url_is_left_alone(self):
        node, other = self.living.composed(), self.living.composed(name='db')
        nodes = self.living.pod.nodes
        # As after a restore from backup: each is where the other one was.
        nodes[node.index].description, nodes[other.index].description = (
            nodes[other.index].description,
            nodes[node.index].description,
        )
        self.assertEqual('completed', self.delete(node).state)
        self.assertEqual(self.living.tags(other.uuid), self.living.made())
        self.assertEqual([node.index], [*nodes])

    def test_next_node_at_its_url_while_it_is_nowhere(self):
        node = self.living.composed()
        (made,) = self.living.pod.nodes.values()
        made.description = node_tag(rows.new_uuid())
        self.assertEqual('completed', self.delete(node).state)
        self.assertEqual([made], [*self.living.pod.nodes.values()])

    def test_url_that_cannot_be_read_is_believed(self):
        node = self.living.composed()
        meddling.break_reads(self.living.pod, node.resource_url)
        self.assertEqual('completed', self.delete(node).state)
        self.assertEqual([], self.living.made())

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


class ForceTest(testtools.TestCase):
    """Nodes of pod managers that say nothing, given up."""

    def setUp(self):
        super().setUp()
        self.living = self.useFixture(living.Living(failures=1))

    def force(self, node, **more):
        return self.living.act('delete_node', node, force=True, **more)

    def assert_given_up(self, task):
        self.assertEqual('completed', task.state, task)
        self.assertIn('Given up: ', task.message)
        self.assertEqual([], self.living.nodes())

    def test_away(self):
        node = self.living.composed()
        self.living.pod.set_modes(away=True)
        self.assert_given_up(self.force(node, deadline=600))
        self.assertEqual(1, len(self.living.made()))

    def test_left_alone_by_the_breaker(self):
        node = self.living.composed()
        self.living.pod.set_modes(away=True)
        self.living.act('reset_node', node, reset_type='On')
        self.assertTrue(self.living.record(self.living.podm).broken)
        self.assert_given_up(self.force(node))

    def test_does_not_know_us(self):
        node = self.living.composed()
        self.living.with_wrong_password()
        self.living.restart()
        self.assert_given_up(self.force(node))

    def test_has_no_nodes_any_more(self):
        node = self.living.composed()
        meddling.without_nodes(self.living.pod)
        self.living.restart()
        self.assert_given_up(self.force(node))

    def test_has_no_record_any_more(self):
        node = rows.add_node(self.living.database, podm_id=rows.new_uuid())
        self.assert_given_up(self.force(node))

    def test_nobody_can_tell_whether_it_is_there(self):
        self.living = self.useFixture(LivingEem())
        node = rows.add_node(
            self.living.database, podm_id=self.living.podm.uuid, state='error'
        )
        eem = self.living.compute()
        place = eem.allocate_node(
            name='', description='', tag=node.tag, requirements=Requirements()
        )
        eem.assemble_node(place.monitor)
        self.assert_given_up(self.force(node))

    def test_fails_at_everything(self):
        node = self.living.composed()
        self.living.pod.set_modes(status=503)
        self.assert_given_up(self.force(node))

    def test_refused(self):
        node = self.living.composed()
        self.living.pod.set_modes(status=409)
        task = self.force(node)
        self.assertEqual('failed', task.state)
        self.assertEqual('composed', self.living.node(node.uuid).state)

    def test_not_without_force(self):
        node = self.living.composed()
        self.living.with_wrong_password()
        self.living.restart()
        task = self.living.act('delete_node', node)
        self.assertEqual('failed', task.state)
        self.assertEqual('composed', self.living.node(node.uuid).state)

    def test_is_cleared_up_when_the_pod_manager_is_back(self):
        node = self.living.composed()
        self.living.pod.set_modes(away=True)
        self.assert_given_up(self.force(node))
        self.living.pod.clear_modes()
        self.living.database.pod_managers.answered(uuid=self.living.podm.uuid)
        self.living.sync()
        self.assertEqual([], self.living.made())
        (found,) = self.living.record(self.living.podm).findings
        self.assertEqual(('orphan', True), (found['kind'], found['repaired']))
