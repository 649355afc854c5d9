import fixtures
import testtools

from tests.unit.podm import scripted
from tests.unit.podm.connected import SYSTEMS, collection, link
from tests.unit.podm.redfish.allocations import TAG
from tests.unit.podm.redfish.composition import composing
from tests.unit.podm.redfish.composition.composing import NODE, path_of
from tests.unit.podm.redfish.tasks import MONITOR
from valence.common import exception
from valence.objects import hardware

PHYSICAL = f'{SYSTEMS}/physical'
PXE = hardware.BootOverride('Once', 'Pxe')


class NodesTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.pod = self.useFixture(composing.ComposingPod())
        self.system(NODE, 'Composed', Description=f'of a test {TAG}')
        self.system(PHYSICAL, 'Physical', Description=f'of a test {TAG}')
        self.pod.get(SYSTEMS, collection(PHYSICAL, NODE))

    def system(self, path, kind, **properties):
        self.pod.get(path, {'SystemType': kind, **properties})

    def assertNoNode(self, url):
        compute = self.pod.compute
        for call in (compute.get_node, compute.get_node_detail):
            error = self.assertRaises(
                exception.PodManagerResourceMissing, call, url
            )
            self.assertIn('not a composed node', str(error))
        self.assertFalse(compute.has_node(url))
        self.assertNotIn(url, [each.url for each in compute.list_nodes()])


class KindTest(NodesTest):
    def test_physical_system_is_no_node(self):
        self.assertNoNode(PHYSICAL)
        self.assertEqual(NODE, self.pod.compute.find_node(TAG))

    def test_kinds(self):
        blocks = {'Links': {'ResourceBlocks': [link(path_of('cpu'))]}}
        for kind, properties in (
            ('Virtual', {}),
            ('Physical', blocks),
            (None, {}),
            (7, {'Links': None}),
            (None, {'Links': {'ResourceBlocks': []}}),
            (None, {'Links': {'ResourceBlocks': None}}),
        ):
            self.system(NODE, kind, **properties)
            self.assertNoNode(NODE)

    def test_made_of_blocks_without_a_kind(self):
        blocks = {'Links': {'ResourceBlocks': [link(path_of('cpu'))]}}
        for kind in (None, 7, ['Composed']):
            self.system(NODE, kind, **blocks)
            self.assertTrue(self.pod.compute.has_node(NODE))

    def test_physical_system_is_never_deleted(self):
        for properties in (
            {'SystemType': 'Physical'},
            {'Links': {'ResourceBlocks': None}},
            {},
        ):
            self.pod.get(PHYSICAL, properties)
            self.assertIsNone(self.pod.compute.delete_node(PHYSICAL))
        self.assertEqual([], self.pod.asked('DELETE'))
        self.assertEqual([], self.pod.asked('POST'))

    def test_physical_system_keeps_its_blocks(self):
        for call in (
            self.pod.compute.attach_resource,
            self.pod.compute.detach_resource,
        ):
            self.assertRaises(
                exception.PodManagerResourceMissing,
                call,
                PHYSICAL,
                path_of('cpu'),
            )
        self.assertEqual({'GET'}, {e.method for e in self.pod.requests})


class ReadTest(NodesTest):
    def node(self, **properties):
        self.system(NODE, 'Composed', **properties)
        return self.pod.compute.get_node(NODE)

    def test_as_it_is_sent(self):
        node = self.node(
            Id=7,
            Name='n1',
            PowerState='On',
            Status={'State': 'Enabled', 'Health': 'OK'},
            Links={'ResourceBlocks': [link(path_of('cpu'))]},
            Boot={'BootSourceOverrideTarget': 'Pxe'},
        )
        self.assertEqual(
            (NODE, '7', 'n1', 'On', 'OK', 'Assembled', NODE),
            (
                *(node.url, node.id, node.name, node.power_state),
                *(node.health, node.state, node.system_url),
            ),
        )
        self.assertEqual((path_of('cpu'),), node.attached)
        self.assertEqual('Pxe', node.boot['BootSourceOverrideTarget'])

    def test_states(self):
        for state, expected in (
            ('Starting', 'Assembling'),
            ('Updating', 'Assembling'),
            ('Absent', 'Failed'),
            ('UnavailableOffline', 'Failed'),
            *((each, 'Assembled') for each in ('Enabled', 'x', None, 7, [])),
        ):
            self.assertEqual(
                expected, self.node(Status={'State': state}).state
            )
        for status in (None, [], 'Enabled'):
            self.assertEqual('Assembled', self.node(Status=status).state)

    def test_detail(self):
        for name, part in (
            ('Processors', {'TotalCores': 8, 'Model': 'M'}),
            ('Memory', {'CapacityMiB': 1024}),
            ('EthernetInterfaces', {'MACAddress': 'aa:bb'}),
        ):
            parts = f'{NODE}/{name}'
            self.pod.get(parts, collection(f'{parts}/1', f'{parts}/dead'))
            self.pod.get(f'{parts}/1', part)
        links = {
            name: link(f'{NODE}/{name}')
            for name in ('Processors', 'Memory', 'EthernetInterfaces')
        }
        self.system(NODE, 'Composed', **links)
        node = self.pod.compute.get_node_detail(NODE)
        self.assertEqual(8, node.processors[0]['total_core'])
        self.assertEqual(1024, node.memory[0]['total_memory_mb'])
        self.assertEqual('aa:bb', node.interfaces[0]['mac'])
        counts = [len(node.processors), len(node.memory), len(node.interfaces)]
        self.assertEqual([1, 1, 1], counts)

    def test_detail_without_parts(self):
        for wrong in (None, {}, [], 'x', link(f'{NODE}/dead')):
            self.system(NODE, 'Composed', Processors=wrong, Memory=wrong)
            node = self.pod.compute.get_node_detail(NODE)
            self.assertEqual([], [*node.processors, *node.memory])

    def test_list(self):
        self.pod.get(SYSTEMS, collection(NODE, f'{SYSTEMS}/gone', PHYSICAL))
        (node,) = self.pod.compute.list_nodes()
        self.assertEqual(NODE, node.url)

    def test_list_that_is_not_whole(self):
        self.pod.script['GET', PHYSICAL] = scripted.Reply(500)
        for call in (
            self.pod.compute.list_nodes,
            lambda: self.pod.compute.find_node('x'),
        ):
            self.assertRaises(exception.PodManagerRefused, call)


class CapacityTest(NodesTest):
    def test_blocks_that_begin_a_node(self):
        self.assertEqual(0, self.pod.compute.capacity())
        self.pod.computing('free')
        self.pod.computing('used')
        self.pod.status('used', CompositionState='Composed')
        self.pod.block('system', 'ComputerSystem', 'Storage')
        self.pod.block('cpu', 'Processor')
        self.pod.block('dimm', 'Memory')
        self.pod.storing('disk')
        self.assertEqual(4, self.pod.compute.capacity())

    def test_not_to_be_had(self):
        self.pod.script['GET', composing.BLOCKS] = scripted.Reply(500)
        self.assertRaises(
            exception.PodManagerRefused, self.pod.compute.capacity
        )


class ChangeTest(NodesTest):
    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.FakeLogger())
        self.accepted = scripted.Reply(202, b'', {'Location': MONITOR})
        target = {'target': f'{NODE}/Reset'}
        self.system(
            NODE, 'Composed', Actions={'#ComputerSystem.Reset': target}
        )

    def test_nothing_to_assemble(self):
        self.assertIsNone(self.pod.compute.assemble_node(NODE))
        self.assertEqual([], self.pod.asked('POST'))

    def test_power_and_boot(self):
        self.pod.script['POST', f'{NODE}/Reset'] = self.accepted
        self.pod.script['PATCH', NODE] = self.accepted
        compute = self.pod.compute
        for pending in (
            compute.reset_node(NODE, 'On'),
            compute.set_node_boot(NODE, PXE),
        ):
            self.assertEqual(hardware.Pending(MONITOR), pending)

    def test_delete(self):
        for reply, told in (
            (scripted.Reply(204, b''), None),
            (scripted.Reply(200, b'"gone"'), None),
            (scripted.Reply(404), None),
            (scripted.Reply(410), None),
            (self.accepted, hardware.Pending(MONITOR)),
        ):
            self.pod.script['DELETE', NODE] = reply
            self.assertEqual(told, self.pod.compute.delete_node(NODE))
        self.assertEqual(5, len(self.pod.asked('DELETE')))

    def test_delete_of_one_that_is_gone(self):
        del self.pod.script['GET', NODE]
        self.assertIsNone(self.pod.compute.delete_node(NODE))
        self.assertEqual([], self.pod.asked('DELETE'))

    def test_delete_that_is_refused(self):
        for status in (400, 405, 409, 500):
            self.pod.script['DELETE', NODE] = scripted.Reply(status)
            error = self.assertRaises(
                exception.PodManagerRefused, self.pod.compute.delete_node, NODE
            )
            self.assertIn(str(status), str(error))

    def test_delete_without_an_answer(self):
        self.pod.script['DELETE', NODE] = scripted.drop
        self.assertRaises(
            exception.PodManagerConnectionLost,
            self.pod.compute.delete_node,
            NODE,
        )
        self.assertEqual(1, len(self.pod.asked('DELETE')))

    def test_deleted_one_that_still_answers(self):
        self.assertTrue(self.pod.compute.has_node(NODE))
        self.pod.get(SYSTEMS, collection(PHYSICAL))
        self.assertFalse(self.pod.compute.has_node(NODE))
