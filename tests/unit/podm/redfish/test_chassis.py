import fixtures
import testtools

from tests.unit.podm import connected, scripted
from tests.unit.podm.connected import ROOT, SYSTEMS, collection, link
from valence.common import exception

CHASSIS = '/redfish/v1/Chassis'


class SimulatedChassisTest(testtools.TestCase):
    def chassis(self, **settings):
        pod = self.useFixture(connected.Simulated(**settings))
        return pod.connection.inventory.chassis()

    def test_all_personalities(self):
        for mode in ('rsd2.1', 'rsd2.2', 'rsd2.4', 'rsd2.5', 'plain'):
            found = self.chassis(mode=mode, systems=10)
            known = {each.url: each for each in found}
            kinds = [each.kind for each in found]
            self.assertEqual(1, kinds.count('Rack'), mode)
            self.assertEqual(10, kinds.count('Sled'), mode)
            for each in found:
                if each.kind == 'Sled':
                    self.assertEqual(1, len(each.system_urls), mode)
                    drawer = known[each.parent_url]
                    self.assertEqual('Drawer', drawer.kind)
                    self.assertEqual('Rack', known[drawer.parent_url].kind)

    def test_what_is_told(self):
        rack, *_ = self.chassis(systems=1)
        self.assertEqual('Rack', rack.name)
        self.assertEqual('1-r-1', rack.id)
        self.assertEqual('RSD Rack', rack.model)
        self.assertEqual('Intel Corporation', rack.manufacturer)
        self.assertEqual('RCK000000000000', rack.serial_number)
        self.assertEqual('Pod-0-Rack-1', rack.location)
        self.assertEqual('OK', rack.health)
        self.assertIsNone(rack.parent_url)

    def test_composed_systems(self):
        pod = self.useFixture(
            connected.Simulated(mode='composition', systems=2)
        )
        found = pod.connection.inventory.chassis()
        self.assertEqual(
            [()] * len(found), [each.system_urls for each in found]
        )

    def test_few_requests(self):
        pod = self.useFixture(connected.Simulated(mode='plain', systems=40))
        pod.connection.inventory.chassis()
        before = sum(pod.pod.requests.values())
        pod.connection.inventory.chassis()
        self.assertEqual(1, sum(pod.pod.requests.values()) - before)

    def test_away(self):
        pod = self.useFixture(connected.Simulated())
        pod.pod.set_modes(away=True)
        self.assertRaises(
            exception.PodManagerUnreachable, pod.connection.inventory.chassis
        )


class ScriptedChassisTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.server = self.useFixture(connected.ScriptedPod())
        self.root(Chassis=link(CHASSIS), Systems=link(SYSTEMS))
        self.inventory = self.server.connection.inventory

    def root(self, **links):
        self.server.get(ROOT, {'RedfishVersion': '1.1.0', **links})

    def has(self, **chassis):
        paths = {name: f'{CHASSIS}/{name}' for name in chassis}
        self.server.get(CHASSIS, collection(*paths.values()))
        for name, document in chassis.items():
            self.server.get(paths[name], document)

    def found(self):
        return {each.id: each for each in self.inventory.chassis()}

    def test_no_chassis(self):
        self.root(Systems=link(SYSTEMS))
        self.assertEqual([], self.inventory.chassis())

    def test_none(self):
        self.has()
        self.assertEqual([], self.inventory.chassis())

    def test_nothing_is_told(self):
        self.has(a={})
        chassis = self.found()['a']
        self.assertEqual(f'{CHASSIS}/a', chassis.url)
        self.assertEqual(
            (None, None, None, (), None),
            (
                chassis.kind,
                chassis.name,
                chassis.parent_url,
                chassis.system_urls,
                chassis.location,
            ),
        )

    def test_values_of_wrong_types(self):
        self.has(
            a={
                'Name': 7,
                'ChassisType': ['Rack'],
                'Links': 'x',
                'Location': [],
                'Oem': {'Intel_RackScale': {'Location': {'Id': 5}}},
                'Status': 'OK',
            }
        )
        chassis = self.found()['a']
        self.assertEqual(
            (None, None, None, None),
            (chassis.name, chassis.kind, chassis.location, chassis.health),
        )

    def test_standard_location(self):
        self.has(a={'Location': {'Placement': {'Rack': 'WEB43'}}})
        self.assertEqual('WEB43', self.found()['a'].location)

    def test_links_of_no_use(self):
        evil = link('http://evil/redfish/v1/Chassis/a')
        self.has(
            a={'Links': {'ContainedBy': evil, 'Contains': [evil, 5, None]}},
            b={'Links': {'ComputerSystems': [evil, link(f'{SYSTEMS}/1')]}},
        )
        found = self.found()
        self.assertIsNone(found['a'].parent_url)
        self.assertEqual((f'{SYSTEMS}/1',), found['b'].system_urls)

    def test_circle(self):
        self.has(
            a={'Links': {'ContainedBy': link(f'{CHASSIS}/b')}},
            b={'Links': {'ContainedBy': link(f'{CHASSIS}/a')}},
        )
        found = self.found()
        self.assertIsNone(found['a'].parent_url)
        self.assertEqual(f'{CHASSIS}/a', found['b'].parent_url)

    def test_systems_that_are_told_twice(self):
        twice = [link(f'{SYSTEMS}/1')] * 2
        self.has(a={'Links': {'ComputerSystems': twice}})
        self.assertEqual((f'{SYSTEMS}/1',), self.found()['a'].system_urls)

    def test_only_systems_say_where_they_are(self):
        self.server.get(SYSTEMS, collection(*self.systems()))
        self.has(a={}, b={})
        one, two, three = self.systems()
        self.server.get(one, {'Links': {'Chassis': [link(f'{CHASSIS}/b/')]}})
        self.server.get(two, {'Links': {'Chassis': [link(f'{CHASSIS}/x')]}})
        self.server.get(three, {'Links': {'Chassis': [link(f'{CHASSIS}/b')]}})
        found = self.found()
        self.assertEqual((), found['a'].system_urls)
        self.assertEqual((one, three), found['b'].system_urls)

    def systems(self):
        return [f'{SYSTEMS}/{number}' for number in (1, 2, 3)]

    def test_systems_that_cannot_be_asked(self):
        self.has(a={})
        for reply in (
            scripted.Reply(403),
            scripted.Reply(500),
            scripted.Reply(),
        ):
            self.server.script['GET', SYSTEMS] = reply
            self.assertEqual((), self.found()['a'].system_urls)

    def test_broken_chassis_is_left_out(self):
        log = self.useFixture(fixtures.FakeLogger())
        around = {'Links': {'ContainedBy': link(f'{CHASSIS}/b')}}
        self.has(a=around, b={})
        for broken in (404, 403, 500, 200):
            self.server.script['GET', f'{CHASSIS}/b'] = scripted.Reply(
                broken, b'<html>'
            )
            found = self.found()
            self.assertEqual(['a'], list(found))
            self.assertIsNone(found['a'].parent_url)
        self.assertIn(f'{CHASSIS}/b', log.output)

    def test_all_broken(self):
        self.useFixture(fixtures.FakeLogger())
        self.has(a={}, b={})
        for name in 'ab':
            self.server.script['GET', f'{CHASSIS}/{name}'] = scripted.Reply(
                500
            )
        self.assertRaises(exception.PodManagerRefused, self.inventory.chassis)

    def test_broken_collection(self):
        self.server.get(CHASSIS, {'Members': 'none'})
        self.assertRaises(
            exception.PodManagerMalformed, self.inventory.chassis
        )

    def test_lost_in_the_middle(self):
        self.has(a={}, b={})
        self.server.script['GET', f'{CHASSIS}/b'] = scripted.drop
        self.assertRaises(
            exception.PodManagerUnreachable, self.inventory.chassis
        )
