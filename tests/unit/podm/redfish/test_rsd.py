import time

import testtools

from tests.unit.podm import connected, scripted
from tests.unit.podm.connected import NODES, SYSTEMS
from valence.common import exception
from valence.objects import hardware, requirements

TAG = 'valence-0c9e'
ANYTHING = requirements.Requirements()
NODE = f'{NODES}/1'
TARGET = f'{NODES}/Actions/Allocate'


def wants(**properties):
    return requirements.Requirements.from_properties(properties)


def allocate(compute, wanted=ANYTHING, tag=TAG):
    return compute.allocate_node(
        name='n1', description='of a test', tag=tag, requirements=wanted
    )


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
        self.compute.set_node_boot(url, hardware.BootOverride('Once', 'Pxe'))
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
        self.offer('#ComposedNodeCollection.Allocate')

    def offer(self, action, *nodes):
        self.server.get(
            NODES,
            {
                **connected.collection(*nodes),
                'Actions': {action: {'target': TARGET}},
            },
        )

    def answer(self, status=201, location=NODE, body=b''):
        headers = {'Location': location} if location else {}
        self.server.script['POST', TARGET] = scripted.Reply(
            status, body, headers
        )

    def test_body(self):
        self.answer()
        allocate(
            self.compute,
            wants(
                processor={'total_cores': 8, 'model': 'M', 'speed_mhz': 2000},
                memory={'capacity_mib': 1024, 'type': 'DDR4'},
                local_drive={'capacity_gib': 100},
                network={'speed_mbps': 1000},
            ),
        )
        (request,) = [
            each for each in self.server.requests if each.method == 'POST'
        ]
        self.assertEqual(
            {
                'Name': 'n1',
                'Description': f'of a test {TAG}',
                'Processors': [
                    {
                        'TotalCores': 8,
                        'Model': 'M',
                        'AchievableSpeedMHz': 2000,
                    }
                ],
                'Memory': [{'CapacityMiB': 1024, 'MemoryDeviceType': 'DDR4'}],
                'LocalDrives': [{'CapacityGiB': 100}],
                'EthernetInterfaces': [{'SpeedMbps': 1000}],
            },
            request.document,
        )

    def test_body_asks_for_nothing_that_was_not_asked_for(self):
        self.answer()
        allocate(self.compute)
        allocate(
            self.compute,
            requirements.Requirements(
                memory=requirements.Memory(type='DRAM'),
                processor=requirements.Processor(),
            ),
        )
        bare, memory = [
            each.document
            for each in self.server.requests
            if each.method == 'POST'
        ]
        self.assertEqual({'Name', 'Description'}, set(bare))
        self.assertEqual({'Name', 'Description', 'Memory'}, set(memory))
        self.assertEqual([{'MemoryType': 'DRAM'}], memory['Memory'])

    def test_other_spelling_of_the_action(self):
        self.offer('#ComposedNodesCollection.Allocate')
        self.answer()
        self.assertEqual(NODE, allocate(self.compute))

    def test_no_action(self):
        self.offer('#ComposedNodeCollection.Other')
        error = self.assertRaises(
            exception.PodManagerMalformed, allocate, self.compute
        )
        self.assertIn('#ComposedNodeCollection.Allocate', str(error))

    def test_absolute_location(self):
        self.answer(location=f'{self.server.url}{NODE}')
        self.assertEqual(NODE, allocate(self.compute))

    def test_found_by_its_tag_without_a_location_of_use(self):
        self.offer('#ComposedNodeCollection.Allocate', f'{NODES}/0', NODE)
        self.server.get(f'{NODES}/0', {'Description': None})
        self.server.get(NODE, {'Description': f'of a test {TAG}'})
        for status, location in (
            (201, None),
            (201, f'http://inside{NODE}'),
            (200, None),
            (202, '/redfish/v1/TaskService/Tasks/1/Monitor'),
            (204, None),
        ):
            self.answer(status, location)
            self.assertEqual(NODE, allocate(self.compute))

    def test_no_new_node(self):
        self.answer(location=None)
        error = self.assertRaises(
            exception.PodManagerMalformed, allocate, self.compute
        )
        self.assertIn('no new node', str(error))

    def test_never_allocated_twice(self):
        for step, kind in (
            (scripted.drop, exception.PodManagerConnectionLost),
            (scripted.Reply(503), exception.PodManagerRefused),
        ):
            self.server.requests.clear()
            self.server.script['POST', TARGET] = step
            self.assertRaises(kind, allocate, self.compute)
            self.assertEqual([TARGET], self.server.asked('POST'))

    def test_other_conflicts_are_refusals(self):
        self.answer(409, None, {'error': {'code': 'Base.1.0.GeneralError'}})
        error = self.assertRaises(
            exception.PodManagerRefused, allocate, self.compute
        )
        self.assertIn('409', str(error))

    def test_search_needs_every_node(self):
        self.offer('#ComposedNodeCollection.Allocate', f'{NODES}/0', NODE)
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
        self.compute.set_node_boot(NODE, hardware.BootOverride('Once', 'Pxe'))
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
                hardware.BootOverride('Once', 'Pxe'),
            )
        self.assertEqual([NODE] * 2, self.server.asked('PATCH'))

    def test_delete(self):
        for reply in (
            scripted.Reply(204, b''),
            scripted.Reply(200, b'"deleted"'),
            scripted.Reply(404),
            scripted.Reply(410),
        ):
            self.server.script['DELETE', NODE] = reply
            self.compute.delete_node(NODE)
        self.server.script['DELETE', NODE] = scripted.Reply(500)
        self.assertRaises(
            exception.PodManagerRefused, self.compute.delete_node, NODE
        )
