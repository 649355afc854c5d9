import testtools

from tests.unit.podm import scripted
from tests.unit.podm.expether import connected
from tests.unit.podm.walked import urls, walked
from valence.common import exception

PATHS = [connected.EESVS, connected.EEIOS]


class SimulatedInventoryTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.manager = self.useFixture(connected.Simulated(systems=3))
        self.inventory = self.manager.connection.inventory

    def walk(self, wanted):
        return urls(self.inventory, wanted)

    def test_walk(self):
        node = self.manager.composed('NIC')
        self.assertEqual(3, len(set(self.walk('ComputerSystem'))))
        self.assertEqual([node.url], self.walk('ComposedNode'))
        self.assertEqual(12, len(set(self.walk('PCIeDevice'))))
        self.assertIn(node.system_url, self.walk('ComputerSystem'))
        self.assertIn(node.attached[0], self.walk('PCIeDevice'))

    def test_urls_are_unique(self):
        self.manager.composed()
        found = [
            url for part in self.inventory.walk() for url, _type in part.found
        ]
        self.assertEqual(len(found), len(set(found)))

    def test_devices_that_are_down_are_left_out(self):
        self.manager.eem.all('eeio')[0].up = False
        self.assertEqual(11, len(self.walk('PCIeDevice')))

    def test_systems(self):
        systems = self.inventory.systems()
        self.assertEqual(
            self.walk('ComputerSystem'), [system.url for system in systems]
        )
        for system in systems:
            self.assertEqual('On', system.power_state)
            self.assertEqual('OK', system.health)
            self.assertEqual('Simulated Server', system.description)
            alone = self.manager.compute.get_system(system.url)
            self.assertEqual(system.raw, alone.raw)

    def test_system_that_is_down(self):
        self.manager.eem.all('eesv')[0].up = False
        self.assertEqual('Critical', self.inventory.systems()[0].health)

    def test_read(self):
        node = self.manager.composed('NIC')
        for url in (
            *self.walk('ComputerSystem'),
            *self.walk('PCIeDevice'),
            node.url,
        ):
            found = self.inventory.read(url)
            self.assertEqual(url, found.url)
            self.assertIn(found.raw['id'], url)

    def test_read_what_is_gone(self):
        node = self.manager.composed()
        self.manager.compute.delete_node(node.url)
        unknown = node.system_url.replace('0x', '0xf')
        for url in (node.url, unknown, '/eem/devices/x', '/elsewhere'):
            self.assertRaises(
                exception.PodManagerResourceMissing, self.inventory.read, url
            )

    def test_away(self):
        self.manager.pod.set_modes(away=True)
        self.assertRaises(
            exception.PodManagerUnreachable, self.inventory.systems
        )

    def test_garbage(self):
        for garbage in ('truncated', 'html', 'empty', 'list', 'wrong_types'):
            self.manager.pod.set_modes(garble=garbage)
            parts = list(self.inventory.walk())
            self.assertEqual([[], []], [part.found or [] for part in parts])
            for path, part in zip(PATHS, parts, strict=True):
                self.assertEqual(path, part.url)
                self.assertIn(path, part.error)

    def test_walk_away(self):
        self.manager.pod.set_modes(away=True)
        self.assertRaises(
            exception.PodManagerUnreachable, list, self.inventory.walk()
        )


class InventoryTest(testtools.TestCase):
    def test_filters_what_the_manager_does_not(self):
        server = self.useFixture(connected.ScriptedEem())
        both = {'devices': [connected.eesv(), connected.eeio()]}
        server.get(connected.EESVS, both)
        server.get(connected.EEIOS, both)
        self.assertEqual(
            [
                ('/eem/devices/0xa1', 'ComputerSystem'),
                ('/eem/devices/0xb1', 'PCIeDevice'),
            ],
            walked(server.connection.inventory),
        )

    def test_one_listing_that_cannot_be_read(self):
        server = self.useFixture(connected.ScriptedEem(connected.eesv()))
        inventory = server.connection.inventory
        for reply in (
            scripted.Reply(500),
            scripted.Reply(403),
            scripted.Reply(200, {'devices': [{'id': '../../admin'}]}),
        ):
            server.script['GET', connected.EEIOS] = reply
            eesvs, eeios = inventory.walk()
            self.assertIsNone(eesvs.error)
            self.assertEqual(1, len(eesvs.found))
            self.assertEqual({'PCIeDevice'}, eeios.types)
            self.assertIn(connected.EEIOS, eeios.error)

    def test_no_part_is_above_what_is_found(self):
        """Else what one lists would be taken for gone from the other."""
        server = self.useFixture(
            connected.ScriptedEem(connected.eesv(), connected.eeio())
        )
        for part in server.connection.inventory.walk():
            for url, _type in part.found:
                self.assertNotEqual(part.url, url.rpartition('/')[0])
