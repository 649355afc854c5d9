import time

import testtools

from tests.unit.podm import connected, scripted
from tests.unit.podm.connected import NODES, SYSTEMS
from tests.unit.podm.redfish.allocations import NODE, TAG, allocate, wants
from tests.unit.podm.redfish.tasks import MONITOR
from valence.common import exception
from valence.objects import hardware

SYSTEM = f'{SYSTEMS}/1'
PXE = hardware.BootOverride('Once', 'Pxe')


class SimulatedRsdTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.pod = self.useFixture(connected.Simulated(systems=4))
        self.compute = self.pod.connection.compute

    def wait(self, url):
        for _ in range(200):
            state = self.compute.get_node(url).state
            if state != 'Assembling':
                return state
            time.sleep(0.01)
        return 'Assembling'

    def test_life_of_a_node(self):
        wanted = wants(
            processor={'total_cores': 8, 'instruction_set': 'x86-64'},
            memory={'capacity_mib': 8192, 'type': 'DDR4'},
            local_drive={'capacity_gib': 100, 'type': 'SSD'},
            network={'speed_mbps': 10000},
        )
        url = allocate(self.compute, wanted)
        node = self.compute.get_node(url)
        self.assertEqual(
            ('n1', f'of a test {TAG}', 'Allocated'),
            (node.name, node.description, node.state),
        )
        self.compute.assemble_node(url)
        self.assertEqual('Assembled', self.wait(url))
        self.compute.reset_node(url, 'ForceOff')
        self.assertEqual('Off', self.compute.get_node(url).power_state)
        self.compute.set_node_boot(url, PXE)
        boot = self.compute.get_node(url).boot
        self.assertEqual('Pxe', boot['BootSourceOverrideTarget'])
        self.compute.delete_node(url)
        self.assertRaises(
            exception.PodManagerResourceMissing, self.compute.get_node, url
        )
        self.compute.delete_node(url)

    def test_detail(self):
        url = allocate(self.compute)
        self.compute.assemble_node(url)
        self.wait(url)
        node = self.compute.get_node_detail(url)
        system = self.compute.get_system(node.system_url)
        self.assertEqual(
            system.cores, sum(each['total_core'] for each in node.processors)
        )
        self.assertEqual(
            system.ram_gib * 1024,
            sum(each['total_memory_mb'] for each in node.memory),
        )
        self.assertEqual(system.interfaces, len(node.interfaces))
        self.assertEqual(
            {'mac', 'speed_mbps', 'status', 'ipv4', 'vlans'},
            set(node.interfaces[0]),
        )

    def test_found_by_its_tag(self):
        urls = [allocate(self.compute, tag=f'{TAG}-{n}') for n in range(3)]
        self.assertEqual(urls[1], self.compute.find_node(f'{TAG}-1'))
        self.assertIsNone(self.compute.find_node(TAG))
        self.assertIsNone(self.compute.find_node('alence-0c9e-1'))

    def test_no_matching_system(self):
        wanted = wants(processor={'total_cores': 4096})
        error = self.assertRaises(
            exception.NoMatchingSystem, allocate, self.compute, wanted
        )
        self.assertIn('Conflict during allocation', str(error))
        self.assertIn('no computer systems available', error.reasons[0])
        self.assertIn('processors: 0', error.reasons[1])

    def test_refused(self):
        wanted = wants(local_drive={'type': 'Tape'})
        error = self.assertRaises(
            exception.PodManagerRefused, allocate, self.compute, wanted
        )
        self.assertIn('HDD, SSD', error.reasons[0])

    def test_conflict_of_state_is_no_lack_of_systems(self):
        url = allocate(self.compute)
        self.assertRaises(
            exception.PodManagerRefused, self.compute.reset_node, url, 'On'
        )

    def test_not_allowed(self):
        url = allocate(self.compute)
        self.assertRaises(
            exception.UnsupportedValue, self.compute.reset_node, url, 'Melt'
        )
        self.assertRaises(
            exception.UnsupportedValue,
            self.compute.set_node_boot,
            url,
            hardware.BootOverride('Once', 'Floppy'),
        )

    def test_failed_assembly(self):
        self.pod.pod.set_modes(assembly='fail')
        url = allocate(self.compute)
        self.compute.assemble_node(url)
        self.assertEqual('Failed', self.wait(url))


class RsdTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.server = self.useFixture(connected.ScriptedPod())
        self.compute = self.server.connection.compute

    def test_search_needs_every_node(self):
        self.server.get(NODES, connected.collection(f'{NODES}/0', NODE))
        self.server.get(NODE, {'Name': TAG})
        self.assertEqual(NODE, self.compute.find_node(TAG))
        self.server.script['GET', f'{NODES}/0'] = scripted.Reply(500)
        self.assertRaises(
            exception.PodManagerRefused, self.compute.find_node, TAG
        )

    def test_node_as_some_send_it(self):
        self.server.get(
            NODE,
            {
                'Id': 1,
                'Links': {'ComputerSystem': connected.link(f'{SYSTEMS}/1')},
                'Actions': {
                    '#ComposedNode.Reset': {
                        'ResetType@DMTF.AllowableValues': ['On']
                    }
                },
            },
        )
        node = self.compute.get_node(NODE)
        self.assertEqual('1', node.id)
        self.assertEqual(f'{SYSTEMS}/1', node.system_url)
        self.assertEqual(['On'], node.reset_types)
        self.assertIsNone(node.state)

    def test_detail_without_links_of_no_use(self):
        evil, alive = connected.link('//evil/redfish/v1'), f'{SYSTEMS}/1/a'
        info = f'{NODE}/info'
        detach = {'target': f'{NODE}/detach', '@Redfish.ActionInfo': info}
        self.server.get(
            NODE,
            {
                'Links': {
                    'Processors': [evil],
                    'EthernetInterfaces': [evil, connected.link(alive)],
                },
                'Actions': {'#ComposedNode.DetachResource': detach},
            },
        )
        self.server.get(alive, {'MACAddress': 'aa:bb', 'VLANs': evil})
        values = [evil, connected.link(f'{NODE}/d'), '//evil', f'{NODE}/e']
        told = {'Name': 'Resource', 'AllowableValues': values}
        self.server.get(info, {'Parameters': [told]})
        node = self.compute.get_node_detail(NODE)
        self.assertEqual(['aa:bb'], [each['mac'] for each in node.interfaces])
        self.assertEqual([], node.interfaces[0]['vlans'])
        self.assertEqual([f'{NODE}/d', f'{NODE}/e'], node.attached)
        detach['@Redfish.ActionInfo'] = '//evil/redfish/v1'
        self.assertEqual([], self.compute.get_node_detail(NODE).attached)

    def test_detail_without_dead_links(self):
        alive, dead, vlans = f'{SYSTEMS}/1/a', f'{SYSTEMS}/1/b', f'{NODE}/v'
        both = [connected.link(alive), connected.link(dead)]
        self.server.get(NODE, {'Links': {'EthernetInterfaces': both}})
        self.server.get(
            alive,
            {
                'MACAddress': 'aa:bb',
                'IPv4Addresses': [{'Address': '10.0.0.1'}],
                'VLANs': connected.link(vlans),
            },
        )
        self.server.get(vlans, connected.collection(f'{vlans}/1'))
        self.server.get(f'{vlans}/1', {'VLANId': 99})
        (interface,) = self.compute.get_node_detail(NODE).interfaces
        self.assertEqual('aa:bb', interface['mac'])
        self.assertEqual('10.0.0.1', interface['ipv4'][0]['address'])
        self.assertEqual([{'vlanid': 99, 'status': None}], interface['vlans'])

    def test_boot_of_the_system_where_the_node_has_none(self):
        system = f'{SYSTEMS}/1'
        links = {'ComputerSystem': connected.link(system)}
        self.server.get(NODE, {'Links': links})
        self.server.get(system, {})
        self.server.script['PATCH', NODE] = scripted.Reply(405)
        self.server.script['PATCH', system] = scripted.Reply(204, b'')
        self.compute.set_node_boot(NODE, PXE)
        self.assertEqual([NODE, system], self.server.asked('PATCH'))

    def test_boot_that_is_refused(self):
        system = {'Links': {'ComputerSystem': connected.link(SYSTEMS)}}
        for status, node in ((400, system), (405, {})):
            self.server.get(NODE, node)
            self.server.script['PATCH', NODE] = scripted.Reply(status)
            self.assertRaises(
                exception.PodManagerRefused,
                self.compute.set_node_boot,
                NODE,
                PXE,
            )
        self.assertEqual([NODE] * 2, self.server.asked('PATCH'))

    def test_delete(self):
        for reply in (
            scripted.Reply(204, b''),
            scripted.Reply(200, b'"deleted"'),
            scripted.Reply(404),
            scripted.Reply(410),
            # Some answer so for what they do not have.
            scripted.Reply(500),
        ):
            self.server.script['DELETE', NODE] = reply
            self.compute.delete_node(NODE)

    def test_forced_delete_where_that_is_not_offered(self):
        for node in (scripted.Reply(body={}), scripted.Reply(404)):
            self.server.script['GET', NODE] = node
            self.server.script['DELETE', NODE] = scripted.Reply(204, b'')
            self.compute.force_delete_node(NODE)
        self.assertEqual([NODE] * 2, self.server.asked('DELETE'))

    def test_forced_delete(self):
        target = f'{NODE}/Actions/Force'
        action = {'#ComposedNode.ForceDelete': {'target': target}}
        self.server.get(NODE, {'Actions': action})
        self.server.script['POST', target] = scripted.Reply(204, b'')
        self.compute.force_delete_node(NODE)
        self.assertEqual([target], self.server.asked('POST'))
        self.assertEqual([], self.server.asked('DELETE'))

    def test_delete_that_fails(self):
        self.server.get(NODES, connected.collection(NODE))
        self.server.script['DELETE', NODE] = scripted.Reply(500)
        self.assertRaises(
            exception.PodManagerRefused, self.compute.delete_node, NODE
        )


class ChangesTest(testtools.TestCase):
    """Each change tells whether the pod manager goes on with it."""

    def setUp(self):
        super().setUp()
        self.server = self.useFixture(connected.ScriptedPod())
        self.compute = self.server.connection.compute
        for url, kind in ((NODE, 'ComposedNode'), (SYSTEM, 'ComputerSystem')):
            self.server.get(
                url,
                {
                    'Links': {'ComputerSystem': connected.link(SYSTEM)},
                    'Actions': {
                        f'#{kind}.{name}': {'target': f'{url}/{name}'}
                        for name in ('Assemble', 'Reset')
                    },
                },
            )

    def changes(self, reply):
        """Give what each change tells when it is answered like this."""
        compute = self.compute
        told = {}
        for method, path, call in (
            ('POST', f'{NODE}/Assemble', lambda: compute.assemble_node(NODE)),
            ('POST', f'{NODE}/Reset', lambda: compute.reset_node(NODE, 'On')),
            ('PATCH', NODE, lambda: compute.set_node_boot(NODE, PXE)),
            ('DELETE', NODE, lambda: compute.delete_node(NODE)),
            (
                'POST',
                f'{SYSTEM}/Reset',
                lambda: compute.reset_system(SYSTEM, 'On'),
            ),
            ('PATCH', SYSTEM, lambda: compute.set_system_boot(SYSTEM, PXE)),
        ):
            self.server.script[method, path] = reply
            told[method, path] = call()
        return told

    def test_accepted(self):
        told = self.changes(
            scripted.Reply(202, b'', {'Location': MONITOR, 'Retry-After': '7'})
        )
        self.assertEqual(6, len(told))
        for change, pending in told.items():
            self.assertEqual(hardware.Pending(MONITOR, 7), pending, change)

    def test_done(self):
        for reply in (
            scripted.Reply(204, b''),
            scripted.Reply(200, {'Name': 'n1'}),
            scripted.Reply(200, b'', {'Location': MONITOR}),
        ):
            for change, pending in self.changes(reply).items():
                self.assertIsNone(pending, change)

    def test_accepted_without_a_monitor(self):
        told = self.changes(scripted.Reply(202, b'accepted'))
        self.assertEqual({None}, set(told.values()))

    def test_boot_of_the_system_where_the_node_has_none(self):
        self.server.script['PATCH', NODE] = scripted.Reply(405)
        self.server.script['PATCH', SYSTEM] = scripted.Reply(
            202, b'', {'Location': MONITOR}
        )
        self.assertEqual(
            hardware.Pending(MONITOR), self.compute.set_node_boot(NODE, PXE)
        )
