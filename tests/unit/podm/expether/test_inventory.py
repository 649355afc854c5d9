import testtools

from tests.unit.podm.expether import connected
from valence.common import exception


class SimulatedInventoryTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.manager = self.useFixture(connected.Simulated(systems=3))
        self.inventory = self.manager.connection.inventory

    def walk(self, wanted):
        return [url for url, kind in self.inventory.walk() if kind == wanted]

    def test_walk(self):
        node = self.manager.composed('NIC')
        self.assertEqual(3, len(set(self.walk('ComputerSystem'))))
        self.assertEqual([node.url], self.walk('ComposedNode'))
        self.assertEqual(12, len(set(self.walk('PCIeDevice'))))
        self.assertIn(node.system_url, self.walk('ComputerSystem'))
        self.assertIn(node.attached[0], self.walk('PCIeDevice'))

    def test_urls_are_unique(self):
        self.manager.composed()
        urls = [url for url, _kind in self.inventory.walk()]
        self.assertEqual(len(urls), len(set(urls)))

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

    def test_away(self):
        self.manager.pod.set_modes(away=True)
        self.assertRaises(
            exception.PodManagerUnreachable, self.inventory.systems
        )

    def test_garbage(self):
        for garbage in ('truncated', 'html', 'empty', 'list', 'wrong_types'):
            self.manager.pod.set_modes(garble=garbage)
            self.assertRaises(
                exception.PodManagerMalformed, list, self.inventory.walk()
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
            list(server.connection.inventory.walk()),
        )
