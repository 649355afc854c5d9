import testtools

from tests.unit.podm import connected
from tests.unit.podm.connected import SYSTEMS
from tests.unit.podm.walked import urls
from valence.common import exception
from valence.objects import hardware

URL = f'{SYSTEMS}/1'
GIB = 1024**3


class SimulatedSystemTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        pod = self.useFixture(connected.Simulated(mode='plain', systems=2))
        self.compute = pod.connection.compute
        self.url = urls(pod.connection.inventory, 'ComputerSystem')[0]

    def test_get(self):
        system = self.compute.get_system(self.url)
        self.assertEqual(self.url, system.url)
        self.assertEqual(self.url.rpartition('/')[2], system.id)
        self.assertEqual('OK', system.health)
        self.assertEqual('x86-64', system.architecture)
        self.assertEqual(
            (16, 64, 480, 2),
            (
                system.cores,
                system.ram_gib,
                system.storage_gib,
                system.interfaces,
            ),
        )
        kinds = [kind for kind, _name in system.location]
        self.assertEqual(['Sled', 'Drawer', 'Rack'], kinds)
        self.assertEqual(system.id, system.raw['Id'])

    def test_reset(self):
        self.compute.reset_system(self.url, 'On')
        self.assertEqual('On', self.compute.get_system(self.url).power_state)

    def test_boot(self):
        boot = hardware.BootOverride('Continuous', 'Pxe', 'Legacy')
        self.compute.set_system_boot(self.url, boot)
        self.assertEqual(
            {
                'BootSourceOverrideEnabled': 'Continuous',
                'BootSourceOverrideTarget': 'Pxe',
                'BootSourceOverrideMode': 'Legacy',
            },
            self.compute.get_system(self.url).boot,
        )

    def test_gone(self):
        for call in (
            lambda: self.compute.get_system(f'{self.url}0'),
            lambda: self.compute.reset_system(f'{self.url}0', 'On'),
        ):
            self.assertRaises(exception.PodManagerResourceMissing, call)

    def test_no_composition(self):
        self.assertFalse(self.compute.composes)
        error = self.assertRaises(
            exception.UnsupportedAction, self.compute.find_node, 'tag'
        )
        self.assertIn('not supported', str(error))


class SystemTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.server = self.useFixture(connected.ScriptedPod())
        self.compute = self.server.connection.compute

    def system(self, **raw):
        self.server.get(URL, raw)

    def read(self, **raw):
        self.system(**raw)
        return self.compute.get_system(URL)

    def collection(self, name, *members):
        """Script a collection of the system, and give the link to it."""
        path = f'{URL}/{name}'
        paths = [f'{path}/{number}' for number in range(len(members))]
        self.server.get(path, connected.collection(*paths))
        for each, member in zip(paths, members, strict=True):
            self.server.get(each, member)
        return {name: connected.link(path)}

    def test_nothing_told(self):
        system = self.read(Id=7, Name=None, ProcessorSummary='x', Boot=[])
        self.assertEqual('7', system.id)
        for name in (
            *('name', 'health', 'power_state', 'architecture', 'cores'),
            *('ram_gib', 'storage_gib', 'interfaces'),
        ):
            self.assertIsNone(getattr(system, name), name)
        self.assertEqual({}, system.boot)
        self.assertEqual([], system.location)

    def test_cores_of_the_processors(self):
        processors = self.collection(
            'Processors',
            {'ProcessorType': 'CPU', 'TotalCores': 8},
            {'TotalCores': 8, 'InstructionSet': 'ARM-A64', 'Model': 'M'},
            {'ProcessorType': 'FPGA', 'TotalCores': 100},
            {'ProcessorType': 'CPU', 'TotalCores': None},
        )
        system = self.read(ProcessorSummary={'Count': 4}, **processors)
        self.assertEqual(16, system.cores)
        self.assertEqual('ARM-A64', system.architecture)
        self.assertEqual('M', system.processor_model)

    def test_storage_of_simple_storage(self):
        simple = self.collection(
            'SimpleStorage',
            {'Devices': [{'CapacityBytes': GIB}, {'CapacityBytes': None}]},
            {'Devices': [{'CapacityBytes': 2 * GIB}]},
        )
        self.assertEqual(3, self.read(**simple).storage_gib)

    def test_storage_of_drives(self):
        drives = [f'/redfish/v1/Chassis/1/Drives/{n}' for n in range(3)]
        for path in drives[:2]:
            self.server.get(path, {'CapacityBytes': GIB})
        links = [connected.link(path) for path in drives]
        storage = self.collection(
            'Storage', {'Drives': links}, {'Drives': links[:1]}
        )
        self.assertEqual(2, self.read(**storage).storage_gib)

    def test_dead_links_are_done_without(self):
        dead = connected.link(f'{URL}/nothing')
        system = self.read(
            Id='1',
            Processors=dead,
            Storage=dead,
            EthernetInterfaces=dead,
            Links={'Chassis': [dead]},
        )
        self.assertIsNone(system.cores)
        self.assertIsNone(system.interfaces)
        self.assertEqual([], system.location)

    def test_location(self):
        chassis = '/redfish/v1/Chassis'
        place = {'Intel_RackScale': {'Location': {'Id': 'Drawer1'}}}
        for number, document in enumerate(
            (
                {'ChassisType': 'Sled', 'Id': 5},
                {'ChassisType': 'Drawer', 'Name': 'Drawer', 'Oem': place},
                {'Name': 'Rack 1'},
            )
        ):
            up = connected.link(f'{chassis}/{number + 1}')
            document['Links'] = {'ContainedBy': up}
            self.server.get(f'{chassis}/{number}', document)
        system = self.read(Links={'Chassis': connected.link(f'{chassis}/0')})
        self.assertEqual(
            [('Sled', '5'), ('Drawer', 'Drawer1'), ('Chassis', 'Rack 1')],
            system.location,
        )

    def test_location_in_a_ring(self):
        path = '/redfish/v1/Chassis/1'
        up = {'ContainedBy': connected.link(path)}
        self.server.get(path, {'ChassisType': 'Rack', 'Id': '1', 'Links': up})
        system = self.read(Links={'Chassis': [connected.link(path)]})
        self.assertEqual([('Rack', '1')], system.location)

    def test_reset_that_is_not_allowed_is_not_sent(self):
        reset = {
            'target': f'{URL}/reset',
            'ResetType@DMTF.AllowableValues': ['On'],
        }
        self.system(Actions={'#ComputerSystem.Reset': reset})
        error = self.assertRaises(
            exception.UnsupportedValue,
            self.compute.reset_system,
            URL,
            'ForceOff',
        )
        self.assertIn('ResetType ForceOff', str(error))
        self.assertEqual([], self.server.asked('POST'))

    def test_reset_is_judged_by_the_server_where_nothing_is_told(self):
        reset = {'target': f'{URL}/misspelt'}
        self.system(Actions={'#ComputerSystem.Reset': reset})
        error = self.assertRaises(
            exception.PodManagerResourceMissing,
            self.compute.reset_system,
            URL,
            'On',
        )
        self.assertIn(f'{URL}/misspelt', str(error))

    def test_reset_at_another_server(self):
        reset = {'target': 'http://evil/redfish/v1/reset'}
        self.system(Actions={'#ComputerSystem.Reset': reset})
        self.assertRaises(
            exception.PodManagerMalformed,
            self.compute.reset_system,
            URL,
            'On',
        )

    def test_no_reset(self):
        self.system(Actions={})
        error = self.assertRaises(
            exception.PodManagerMalformed,
            self.compute.reset_system,
            URL,
            'On',
        )
        self.assertIn('#ComputerSystem.Reset', str(error))

    def test_boot_that_is_not_allowed_is_not_sent(self):
        for name, allowed in (
            ('Target', ['Hdd']),
            ('Enabled', ['Continuous']),
            ('Mode', ['Legacy']),
        ):
            annotation = f'BootSourceOverride{name}@Redfish.AllowableValues'
            self.system(Boot={annotation: allowed})
            error = self.assertRaises(
                exception.UnsupportedValue,
                self.compute.set_system_boot,
                URL,
                hardware.BootOverride('Once', 'Pxe', 'UEFI'),
            )
            self.assertIn(f'BootSourceOverride{name}', str(error))
        self.assertEqual([], self.server.asked('PATCH'))
