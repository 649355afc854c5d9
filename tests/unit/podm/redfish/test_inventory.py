import fixtures
import testtools

from tests.unit.podm import connected, scripted, walked
from tests.unit.podm.connected import NODES, ROOT, SYSTEMS
from valence.common import (
    exception,
    http_cache,
    http_client,
    http_deadline,
)
from valence.objects import requirements
from valence.podm.redfish import service


class SimulatedInventoryTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.pod = self.useFixture(connected.Simulated(systems=20))
        self.connection = self.pod.connection

    def test_walk(self):
        node = self.connection.compute.allocate_node(
            name='n',
            description='',
            tag='t',
            requirements=requirements.Requirements(),
        )
        inventory = self.connection.inventory
        systems = walked.urls(inventory, 'ComputerSystem')
        self.assertEqual(20, len(set(systems)))
        self.assertEqual([node], walked.urls(inventory, 'ComposedNode'))

    def test_systems(self):
        urls = walked.urls(self.connection.inventory, 'ComputerSystem')
        systems = self.connection.inventory.systems()
        self.assertEqual(urls, [system.url for system in systems])
        self.assertEqual({'Rack'}, {each.location[-1][0] for each in systems})

    def test_systems_agree_with_get_system(self):
        for system in self.connection.inventory.systems()[::7]:
            alone = self.connection.compute.get_system(system.url)
            self.assertEqual(
                (alone.cores, alone.storage_gib, alone.location),
                (system.cores, system.storage_gib, system.location),
            )

    def test_away(self):
        self.connection.probe()
        self.pod.pod.set_modes(away=True)
        self.assertRaises(
            exception.PodManagerUnreachable, self.connection.inventory.systems
        )

    def test_outer_deadline_bounds_all_threads(self):
        self.connection.probe()
        self.pod.pod.set_modes(latency_ms=150)
        with scripted.Stopwatch() as watch, http_deadline.within(0.4):
            self.assertRaises(
                exception.PodManagerTimeout, self.connection.inventory.systems
            )
        self.assertTrue(watch.seconds < 1.4, watch.seconds)


class InventoryTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.server = self.useFixture(connected.ScriptedPod())
        self.inventory = self.server.connection.inventory
        self.paths = [f'{SYSTEMS}/{number}' for number in range(3)]
        self.server.get(SYSTEMS, connected.collection(*self.paths))
        for path in self.paths:
            self.server.get(path, {'Name': path})

    def test_nodes_below_oem(self):
        oem = {'Intel_RackScale': {'Nodes': connected.link(NODES)}}
        self.server.get(ROOT, {'RedfishVersion': '1.1.0', 'Oem': oem})
        self.server.get(NODES, connected.collection(f'{NODES}/1'))
        self.assertEqual(
            [(f'{NODES}/1', 'ComposedNode')], walked.walked(self.inventory)
        )

    def test_no_systems(self):
        self.server.get(ROOT, {'RedfishVersion': '1.1.0'})
        self.assertEqual([], self.inventory.systems())

    def test_broken_system_is_left_out(self):
        log = self.useFixture(fixtures.FakeLogger())
        for broken in (404, 500, 200):
            self.server.script['GET', self.paths[1]] = scripted.Reply(
                broken, b'<html>'
            )
            found = [system.url for system in self.inventory.systems()]
            self.assertEqual([self.paths[0], self.paths[2]], found)
        self.assertIn(self.paths[1], log.output)

    def test_systems_come_in_the_order_of_their_collection(self):
        for count in (0, 1, 2, 15, 16, 17, 40):
            pod = self.useFixture(connected.Simulated(systems=count))
            inventory = pod.connection.inventory
            urls = walked.urls(inventory, 'ComputerSystem')
            found = [system.url for system in inventory.systems()]
            self.assertEqual(urls, found)
            self.assertEqual(count, len(found))

    def test_systems_in_their_own_spelling(self):
        first = self.paths[0]
        for listed in (f'{first}/', first.lower()):
            self.server.get(SYSTEMS, connected.collection(listed))
            self.server.get(listed, {'@odata.id': first})
            (system,) = self.inventory.systems()
            self.assertEqual(first, system.url)
            self.assertEqual(
                [first], walked.urls(self.inventory, 'ComputerSystem')
            )

    def test_forbidden_system_is_left_out(self):
        self.useFixture(fixtures.FakeLogger())
        self.server.script['GET', self.paths[1]] = scripted.Reply(403)
        found = [system.url for system in self.inventory.systems()]
        self.assertEqual([self.paths[0], self.paths[2]], found)

    def test_all_systems_forbidden(self):
        self.useFixture(fixtures.FakeLogger())
        for path in self.paths:
            self.server.script['GET', path] = scripted.Reply(403)
        self.assertRaises(
            exception.PodManagerUnauthorized, self.inventory.systems
        )

    def test_parts_with_links_of_no_use(self):
        evil = connected.link('http://evil/redfish/v1/x')
        rack, storage = '/redfish/v1/Chassis/1', '/redfish/v1/Storage'
        self.server.get(
            rack, {'ChassisType': 'Rack', 'Links': {'ContainedBy': evil}}
        )
        self.server.get(storage, connected.collection(f'{storage}/1'))
        self.server.get(f'{storage}/1', {'Drives': [evil]})
        self.server.get(
            self.paths[1],
            {
                'Links': {'Chassis': [connected.link(rack)]},
                'Storage': connected.link(storage),
                'Processors': evil,
                'EthernetInterfaces': evil,
            },
        )
        system = self.inventory.systems()[1]
        self.assertEqual(self.paths[1], system.url)
        self.assertEqual([('Rack', '1')], system.location)
        self.assertIsNone(system.storage_gib)
        self.assertIsNone(system.interfaces)

    def test_more_drives_than_a_system_has(self):
        self.patch(service, 'MAX_PARTS', 3)
        storage = '/redfish/v1/Storage'
        drives = [f'{storage}/1/{number}' for number in range(5)]
        for path in drives:
            self.server.get(path, {'CapacityBytes': 1024**3})
        links = [connected.link(path) for path in drives]
        self.server.get(f'{storage}/1', {'Drives': links * 2})
        self.server.get(storage, connected.collection(f'{storage}/1'))
        self.server.get(self.paths[0], {'Storage': connected.link(storage)})
        self.assertEqual(3, self.inventory.systems()[0].storage_gib)
        asked = self.server.asked('GET')
        self.assertEqual(
            drives[:3], [each for each in asked if each in drives]
        )

    def test_forbidden_chassis(self):
        rack = '/redfish/v1/Chassis/1'
        self.server.script['GET', rack] = scripted.Reply(403)
        links = {'Links': {'Chassis': [connected.link(rack)]}}
        for path in self.paths:
            self.server.get(path, links)
        found = self.inventory.systems()
        self.assertEqual([[]] * 3, [system.location for system in found])

    def test_all_systems_broken(self):
        self.useFixture(fixtures.FakeLogger())
        for path in self.paths:
            self.server.script['GET', path] = scripted.Reply(500)
        self.assertRaises(exception.PodManagerRefused, self.inventory.systems)

    def test_lost_in_the_middle(self):
        self.server.script['GET', self.paths[1]] = scripted.drop
        self.assertRaises(
            exception.PodManagerUnreachable, self.inventory.systems
        )

    def test_unchanged_systems_are_not_sent_again(self):
        limits = http_client.Limits(documents=http_cache.Documents(100_000))
        fixture = connected.Connected(self.server.url, limits)
        connection = self.useFixture(fixture).connection
        first, *_ = self.paths
        whole = scripted.Reply(200, {'Name': 'first'}, {'ETag': '"1"'})
        self.server.script['GET', first] = [whole, scripted.Reply(304, b'')]
        for _ in range(2):
            names = [each.name for each in connection.inventory.systems()]
            self.assertEqual(['first', *self.paths[1:]], names)
        asked = [
            request.headers.get('If-None-Match')
            for request in self.server.requests
            if request.path == first
        ]
        self.assertEqual([None, '"1"'], asked)
        # Somebody may wait for this one to change.
        self.server.script['GET', first] = whole
        connection.compute.get_system(first)
        self.assertNotIn('If-None-Match', self.server.requests[-1].headers)

    def test_chassis_are_read_once(self):
        rack = '/redfish/v1/Chassis/1'
        self.server.get(rack, {'ChassisType': 'Rack', 'Id': '1'})
        links = {'Links': {'Chassis': [connected.link(rack)]}}
        for path in self.paths:
            self.server.get(path, links)
        for system in self.inventory.systems():
            self.assertEqual([('Rack', '1')], system.location)
        self.assertEqual(1, self.server.asked('GET').count(rack))
