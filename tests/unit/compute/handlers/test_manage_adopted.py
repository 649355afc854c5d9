"""What becomes of nodes that were adopted."""

import testtools

from tests.fixtures import rows
from tests.unit.compute import living
from tests.unit.compute.adopting import Adopting
from tests.unit.compute.handlers.test_compose_expether import LivingEem
from valence.objects.node import node_tag
from valence.objects.requirements import PciDevice, Requirements


class AdoptedTest(Adopting, testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.living = self.useFixture(living.Living(systems=4))
        self.pod = self.living.pod

    def test_all_is_well(self):
        node = self.adopted(node_index=self.pod.appear(''))
        self.assertEqual([], self.findings())
        self.assertEqual(node, self.living.node(node.uuid))

    def test_tag_of_another_valence_is_no_orphan(self):
        stranger = rows.new_uuid()
        index = self.pod.appear(node_tag(stranger))
        self.assertEqual([('orphan', stranger, False)], self.findings())
        node = self.adopted(node_index=index)
        self.assertEqual(node_tag(stranger), node.tag)
        self.assertEqual([], self.findings())
        # Nor while a task is at it.
        self.living.database.nodes.reserve(
            uuid=node.uuid, task_uuid=rows.new_uuid()
        )
        self.assertEqual([], self.findings())
        self.assertEqual([index], [*self.pod.nodes])

    def test_missing_and_back_again(self):
        index = self.pod.appear('')
        node = self.adopted(node_index=index)
        lost = self.pod.nodes[index]
        self.pod.forget(index)
        self.assertEqual([('missing', node.uuid, False)], self.findings())
        self.assertEqual('missing', self.living.node(node.uuid).state)
        self.pod.nodes[index] = lost
        self.assertEqual([], self.findings())
        self.assertEqual(
            node.resource_url, self.living.nodes()[0].resource_url
        )
        self.assertEqual('composed', self.living.node(node.uuid).state)

    def test_moved_with_the_tag_that_it_came_with(self):
        stranger = rows.new_uuid()
        index = self.pod.appear(node_tag(stranger))
        node = self.adopted(node_index=index)
        self.pod.forget(index)
        moved = self.pod.appear(node_tag(stranger))
        self.assertEqual([('moved', node.uuid, True)], self.findings())
        self.assertEqual(
            f'/redfish/v1/Nodes/{moved}',
            self.living.node(node.uuid).resource_url,
        )

    def test_two_with_the_same_tag_stay_two(self):
        stranger = rows.new_uuid()
        nodes = [
            self.adopted(
                node_index=self.pod.appear(node_tag(stranger)), name=name
            )
            for name in ('one', 'two')
        ]
        self.assertEqual([], self.findings())
        self.pod.forget(nodes[0].index)
        self.assertEqual([('missing', nodes[0].uuid, False)], self.findings())
        self.assertEqual([nodes[1].index], [*self.pod.nodes])

    def test_taken_apart(self):
        stranger = rows.new_uuid()
        for tag in ('', node_tag(stranger)):
            node = self.adopted(node_index=self.pod.appear(tag))
            task = self.living.act('delete_node', node)
            self.assertEqual('completed', task.state, task)
            self.assertEqual([], self.living.nodes())
            self.assertEqual({}, self.pod.nodes)

    def test_next_node_at_its_url_is_not_taken_for_it(self):
        index = self.pod.appear('')
        node = self.adopted(node_index=index, name='old')
        other = self.living.composed(name='new')
        self.pod.nodes[index] = self.pod.nodes.pop(other.index)
        self.pod.nodes[index].id = index
        self.assertEqual(
            {('missing', node.uuid, False), ('moved', other.uuid, True)},
            {*self.findings()},
        )
        task = self.living.act('delete_node', self.living.node(node.uuid))
        self.assertEqual('completed', task.state, task)
        self.assertEqual([index], [*self.pod.nodes])
        self.assertEqual([], self.findings())


class CompositionTest(Adopting, testtools.TestCase):
    """Systems that are made of blocks."""

    def test_adopted_and_taken_apart(self):
        self.living = self.useFixture(living.Living(mode='composition'))
        index = self.living.pod.appear('', 'db-7')
        node = self.adopted(node_index=index)
        self.assertEqual('db-7', node.name)
        self.assertEqual(node.resource_url, node.system_url)
        self.assertEqual([], self.findings())
        task = self.living.act('delete_node', node)
        self.assertEqual('completed', task.state, task)
        left = self.living.make_pool().get(self.living.podm).compute
        self.assertEqual([], left.list_nodes())


class ExpEtherTest(Adopting, testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.living = self.useFixture(LivingEem())

    def make(self, tag):
        """Have a node there that somebody made; give it."""
        made = self.living.compute()
        place = made.allocate_node(
            name='',
            description='',
            tag=tag,
            requirements=Requirements(pci_device=PciDevice(['NIC'])),
        )
        made.assemble_node(place.monitor)
        (node,) = made.list_nodes()
        return node

    def test_adopted_and_taken_apart(self):
        live = self.make('somebody')
        node = self.adopted(node_index=live.id)
        self.assertEqual(live.url, node.resource_url)
        self.assertEqual(live.id, node.name)
        self.assertEqual([], self.findings())
        task = self.living.act('delete_node', node)
        self.assertEqual('completed', task.state, task)
        self.assertEqual((3, 12), self.living.free)

    def test_being_composed(self):
        uuid, _task = self.living.begin_node(podm=self.living.podm)
        live = self.make(node_tag(uuid))
        detail = self.refused_beside(live)
        self.assertIn('already managed', detail)

    def refused_beside(self, live):
        """Refuse it, whatever becomes of the composition meanwhile."""
        uuid, task_uuid = self.begin(resource_url=live.url)
        (composing, adopting) = rows.claim(self.living.database)
        _run, thread = self.living.turn_on(adopting)
        thread.join()
        task = self.living.get(task_uuid)
        self.assertEqual('failed', task.state, task)
        self.assertEqual(
            [composing.resource_uuid],
            [node.uuid for node in self.living.nodes()],
        )
        return task.error['detail']
