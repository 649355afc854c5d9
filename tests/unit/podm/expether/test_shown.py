import testtools

from tests.unit.podm.expether import connected
from valence.common import exception


class SimulatedTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.manager = self.useFixture(connected.Simulated(systems=2))
        self.inventory = self.manager.connection.inventory

    def devices(self):
        return {each.url: each for each in self.inventory.devices()}

    def test_no_chassis(self):
        self.assertEqual([], self.inventory.chassis())

    def test_free_devices(self):
        found = list(self.devices().values())
        self.assertEqual(8, len(found))
        for device in found:
            self.assertEqual(
                (False, None, '4093', 'OK'),
                (device.used, device.system_url, device.group, device.health),
            )
        kinds = [device.kind for device in found]
        self.assertEqual(['NIC', 'SSD', 'GPU', None] * 2, kinds)

    def test_those_of_a_node(self):
        node = self.manager.composed('NIC')
        device = self.devices()[node.attached[0]]
        self.assertTrue(device.used)
        self.assertEqual(node.system_url, device.system_url)
        self.assertNotEqual('4093', device.group)
        self.assertEqual(
            {
                'device_id': device.id,
                'mac_address': '8c:00:00:00:00:01',
                'model': 'EE I/O Expansion Unit',
                'serial_number': f'EE{device.id[2:]}',
                'pci_class': '0x020000',
                'pci_vendor_id': '0x8086',
                'pci_device_id': '0x1572',
            },
            device.properties,
        )

    def test_device_that_is_down(self):
        self.manager.eem.all('eeio')[0].up = False
        found = [each.health for each in self.inventory.devices()]
        self.assertEqual(['Critical'] + ['OK'] * 7, found)

    def test_parts(self):
        node = self.manager.composed('NIC', 'SSD', 'GPU')
        parts = self.inventory.parts(node.system_url)
        self.assertEqual(node.system_url, parts.url)
        found = [
            [each['resource_uri'] for each in some]
            for some in (parts.network, parts.storage, parts.accelerators)
        ]
        self.assertEqual([[url] for url in node.attached], sorted(found))
        self.assertEqual('SSD', parts.storage[0]['media_type'])
        self.assertEqual('GPU', parts.accelerators[0]['device_type'])
        self.assertEqual('Enabled', parts.network[0]['status'])

    def test_parts_of_a_system_that_is_free(self):
        system = self.inventory.systems()[0]
        parts = self.inventory.parts(system.url)
        self.assertEqual(
            ([], [], []), (parts.network, parts.storage, parts.accelerators)
        )

    def test_parts_of_what_is_not_there(self):
        for url in ('/eem/devices/0x1', '/eem/elsewhere'):
            self.assertRaises(
                exception.PodManagerResourceMissing,
                self.inventory.parts,
                url,
            )

    def test_away(self):
        self.manager.pod.set_modes(away=True)
        self.assertRaises(
            exception.PodManagerUnreachable, self.inventory.devices
        )


class ScriptedTest(testtools.TestCase):
    def devices(self, *devices):
        server = self.useFixture(connected.ScriptedEem(*devices))
        return server.connection.inventory.devices()

    def test_group_without_a_system(self):
        (device,) = self.devices(
            connected.eesv(), connected.eeio(group_id='17')
        )
        self.assertEqual((True, None), (device.used, device.system_url))

    def test_properties_of_wrong_types(self):
        (device,) = self.devices(connected.eeio(model=7, serial_number=None))
        self.assertIsNone(device.properties['model'])
        self.assertIsNone(device.properties['serial_number'])
