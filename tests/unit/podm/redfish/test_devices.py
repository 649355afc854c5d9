import testtools

from tests.unit.podm import connected, scripted
from tests.unit.podm.connected import ROOT, SYSTEMS, collection, link
from tests.unit.simulator import running
from valence.common import exception
from valence.objects.requirements import Requirements
from valence.podm.redfish import devices

CHASSIS = '/redfish/v1/Chassis'


class SimulatedDevicesTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.pod = self.useFixture(connected.Simulated(systems=6))
        self.connection = self.pod.connection

    def devices(self):
        found = self.connection.inventory.devices()
        return {each.url: each for each in found}

    def test_all_personalities(self):
        for mode in ('rsd2.1', 'rsd2.3', 'rsd2.5'):
            pod = self.useFixture(connected.Simulated(mode=mode, systems=6))
            kinds = [each.kind for each in pod.connection.inventory.devices()]
            self.assertEqual(
                ['ACS', 'GPU', 'GPU'] + ['SSD'] * 4, sorted(kinds)
            )
        pod = self.useFixture(connected.Simulated(mode='plain', systems=6))
        kinds = [each.kind for each in pod.connection.inventory.devices()]
        self.assertEqual(['GPU', 'GPU', 'ACS'], kinds)

    def test_those_of_a_system(self):
        used = [each for each in self.devices().values() if each.used]
        self.assertEqual(
            [f'{SYSTEMS}/1-s-5', f'{SYSTEMS}/1-s-5', f'{SYSTEMS}/1-s-6'],
            [each.system_url for each in used],
        )
        self.assertEqual(
            {
                'device_id': '1',
                'mac_address': None,
                'model': 'Programmable Acceleration Card',
                'serial_number': 'PCI000000000501',
                'pci_class': '0x120000',
                'pci_vendor_id': '0x8086',
                'pci_device_id': '0x09c4',
            },
            used[2].properties,
        )
        self.assertEqual(
            {'device_name': 'FPGA 1', 'vendor_name': 'Intel(R) Corporation'},
            used[2].extra,
        )
        self.assertEqual('OK', used[2].health)

    def test_attached_and_detached(self):
        compute = self.connection.compute
        node = compute.allocate_node(
            name='n', description='', tag='t', requirements=Requirements()
        )
        compute.assemble_node(node)
        running.eventually(lambda: compute.get_node(node).state == 'Assembled')
        drive = next(
            each for each in compute.list_attachable(node) if 'Drives' in each
        )
        device = drive.replace('Drives', 'PCIeDevices')
        self.assertFalse(self.devices()[device].used)
        compute.attach_resource(node, drive)
        attached = self.devices()[device]
        self.assertTrue(attached.used)
        self.assertEqual(
            compute.get_node(node).system_url, attached.system_url
        )
        compute.detach_resource(node, drive)
        free = self.devices()[device]
        self.assertEqual((False, None), (free.used, free.system_url))

    def test_no_accelerators_of_composed_systems(self):
        pod = self.useFixture(
            connected.Simulated(mode='composition', systems=6)
        )
        self.assertEqual([], pod.connection.inventory.devices())

    def test_away(self):
        self.pod.pod.set_modes(away=True)
        self.assertRaises(exception.PodManagerUnreachable, self.devices)


class ScriptedDevicesTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.server = self.useFixture(connected.ScriptedPod())
        self.server.get(
            ROOT,
            {
                'RedfishVersion': '1.8.0',
                'Chassis': link(CHASSIS),
                'Systems': link(SYSTEMS),
            },
        )
        self.server.get(CHASSIS, collection(f'{CHASSIS}/1'))
        self.server.get(f'{CHASSIS}/1', {})
        self.inventory = self.server.connection.inventory

    def device(self, name, document=None, function=None):
        """Have a device in the chassis; give its path."""
        path = f'{CHASSIS}/1/PCIeDevices/{name}'
        document = document or {}
        if function is not None:
            document |= {'Links': {'PCIeFunctions': [link(f'{path}/f')]}}
            self.server.get(f'{path}/f', function)
        self.server.get(path, document)
        return path

    def in_chassis(self, *paths):
        links = {'PCIeDevices': [link(path) for path in paths]}
        self.server.get(f'{CHASSIS}/1', {'Links': links})

    def of_system(self, *paths):
        links = [link(path) for path in paths]
        self.server.get(SYSTEMS, collection(f'{SYSTEMS}/1'))
        self.server.get(f'{SYSTEMS}/1', {'PCIeDevices': links})

    def only(self):
        (device,) = self.inventory.devices()
        return device

    def test_none(self):
        self.assertEqual([], self.inventory.devices())

    def test_neither_chassis_nor_systems(self):
        self.server.get(ROOT, {'RedfishVersion': '1.8.0'})
        self.assertEqual([], self.inventory.devices())

    def test_collections(self):
        path, listed = self.device('a'), f'{CHASSIS}/1/PCIeDevices'
        functions = f'{path}/PCIeFunctions'
        self.server.get(path, {'PCIeFunctions': link(functions)})
        self.server.get(functions, collection(f'{functions}/0'))
        self.server.get(f'{functions}/0', {'ClassCode': '0x020000'})
        self.server.get(listed, collection(path))
        self.server.get(f'{CHASSIS}/1', {'PCIeDevices': link(listed)})
        device = self.only()
        self.assertEqual(
            (path, 'NIC', False), (device.url, device.kind, device.used)
        )

    def test_class_in_words(self):
        self.in_chassis(self.device('a', function={'DeviceClass': 'Bridge'}))
        self.assertEqual('SWITCH', self.only().kind)

    def test_what_it_is_is_not_told(self):
        for function in (
            None,
            {},
            {'ClassCode': 7, 'DeviceClass': 'x'},
            {'ClassCode': [], 'DeviceClass': 5},
        ):
            self.in_chassis(self.device('a', function=function))
            self.assertIsNone(self.only().kind)

    def test_function_that_cannot_be_read(self):
        path = self.device('a', function={})
        self.in_chassis(path)
        self.server.script['GET', f'{path}/f'] = scripted.Reply(500)
        device = self.only()
        self.assertEqual((path, None), (device.url, device.kind))

    def test_told_by_chassis_and_system_in_two_spellings(self):
        path = self.device('a')
        self.in_chassis(path)
        self.of_system(f'{path.lower()}/')
        device = self.only()
        self.assertEqual(
            (path, True, f'{SYSTEMS}/1'),
            (device.url, device.used, device.system_url),
        )

    def test_told_by_a_system_alone(self):
        path = self.device('A')
        self.of_system(path)
        self.assertEqual(path, self.only().url)

    def test_systems_that_cannot_be_read(self):
        self.in_chassis(self.device('a'))
        for reply in (scripted.Reply(403), scripted.Reply(500)):
            self.server.script['GET', SYSTEMS] = reply
            device = self.only()
            self.assertEqual((None, None), (device.used, device.system_url))

    def test_broken_device_is_left_out(self):
        well, broken = self.device('a'), self.device('b')
        self.in_chassis(well, broken, f'{CHASSIS}/gone')
        for status in (404, 403, 500, 200):
            self.server.script['GET', broken] = scripted.Reply(status, b'<')
            self.assertEqual(well, self.only().url)

    def test_links_of_no_use(self):
        evil = link('http://evil/redfish/v1/d')
        self.server.get(
            f'{CHASSIS}/1',
            {'PCIeDevices': evil, 'Links': {'PCIeDevices': [evil, 7]}},
        )
        self.server.get(SYSTEMS, collection(f'{SYSTEMS}/1'))
        self.server.get(f'{SYSTEMS}/1', {'PCIeDevices': [evil]})
        self.assertEqual([], self.inventory.devices())

    def test_no_more_than_so_many(self):
        self.patch(devices, 'MAX_MEMBERS', 2)
        self.in_chassis(*map(self.device, 'abc'))
        self.assertEqual(2, len(self.inventory.devices()))
