import testtools

from tests.unit.podm import scripted
from tests.unit.podm.redfish.allocations import TAG
from tests.unit.podm.redfish.composition import composing
from tests.unit.podm.redfish.composition.composing import path_of
from valence.common import exception

DRIVE = {'local_drive': {'capacity_gib': 1}}


class ZonesTest(testtools.TestCase):
    """All blocks of a node are of one zone."""

    def setUp(self):
        super().setUp()
        self.pod = self.useFixture(composing.ComposingPod())
        self.pod.computing('cpu1')
        self.pod.computing('cpu2')
        self.pod.storing('disk1')
        self.pod.storing('disk2')

    def choose(self, **properties):
        self.pod.requests.clear()
        self.pod.allocate(**properties)
        (chosen,) = self.pod.chosen()
        return chosen

    def test_apart(self):
        self.pod.zone('1', path_of('cpu1'), path_of('disk1'))
        self.pod.zone('2', path_of('cpu2'), path_of('disk2'))
        for number in range(8):
            cpu, disk = self.choose(tag=f't-{number}', **DRIVE)
            self.assertEqual(cpu[-1], disk[-1])

    def test_next_zone_where_one_lacks_something(self):
        self.pod.zone('1', path_of('cpu1'))
        self.pod.zone('2', path_of('cpu2'), path_of('disk2'))
        self.assertEqual(['cpu2', 'disk2'], self.choose(**DRIVE))

    def test_nothing_across_zones(self):
        self.pod.zone('1', path_of('cpu1'), path_of('cpu2'))
        self.pod.zone('2', path_of('disk1'), path_of('disk2'))
        error = self.assertRaises(
            exception.NoMatchingSystem, self.pod.allocate, **DRIVE
        )
        self.assertIn('no free drive', error.reasons[0])

    def test_block_in_two_zones(self):
        self.pod.zone('1', path_of('cpu1'))
        self.pod.zone('2', path_of('cpu1'), path_of('disk2'))
        self.pod.zone('3', path_of('cpu2'), path_of('disk1'))
        self.assertEqual(['cpu1', 'disk2'], self.choose(**DRIVE))

    def test_no_zones(self):
        self.assertEqual(2, len(self.choose(**DRIVE)))
        for reply in (
            scripted.Reply(404),
            scripted.Reply(500),
            scripted.Reply(200, {'Members': {}}),
            scripted.Reply(200, b'null'),
        ):
            self.pod.script['GET', composing.ZONES] = reply
            self.assertEqual(2, len(self.choose(**DRIVE)))

    def test_no_link_to_zones(self):
        self.pod.service(ResourceZones=None)
        self.assertEqual(2, len(self.choose(**DRIVE)))

    def test_zone_that_is_not_to_be_had(self):
        self.pod.zone('2', path_of('cpu2'), path_of('disk2'))
        dead = self.pod.zone('1', path_of('cpu1'), path_of('disk1'))
        self.pod.script['GET', dead] = scripted.Reply(404)
        self.assertEqual(2, len(self.choose(**DRIVE)))

    def test_zone_without_a_list(self):
        zone = self.pod.zone('1')
        for links in (None, {}, {'ResourceBlocks': None}, 'x'):
            self.pod.get(zone, {'Links': links})
            self.assertEqual(2, len(self.choose(**DRIVE)))

    def test_told_by_the_blocks_only(self):
        self.pod.get(composing.ZONES, {'Members': []})
        for name in ('cpu1', 'disk1', 'cpu2', 'disk2'):
            zone = {'@odata.id': f'{composing.ZONES}/{name[-1]}'}
            self.pod.change(name, Links={'Zones': [zone]})
        for number in range(8):
            cpu, disk = self.choose(tag=f't-{number}', **DRIVE)
            self.assertEqual(cpu[-1], disk[-1])

    def test_links_in_other_spellings(self):
        self.pod.zone('1', f'{path_of("cpu1")}/', path_of('disk1').lower())
        zone = f'{composing.ZONES}/2'
        self.pod.zone('2', path_of('cpu2'))
        self.pod.change(
            'disk2', Links={'Zones': [{'@odata.id': f'{zone}/'.lower()}]}
        )
        for number in range(8):
            cpu, disk = self.choose(tag=f't-{number}', **DRIVE)
            self.assertEqual(cpu[-1], disk[-1])

    def test_zone_with_what_is_reserved_for_us_comes_first(self):
        self.pod.zone('1', path_of('cpu1'), path_of('disk1'))
        self.pod.zone('2', path_of('cpu2'), path_of('disk2'))
        self.pod.reservable('disk2')
        self.pod.change('disk2', Client=TAG)
        self.pod.status('disk2', Reserved='true')
        self.assertEqual(['cpu2', 'disk2'], self.choose(**DRIVE))

    def test_link_to_another_server(self):
        evil = 'http://elsewhere/redfish/v1/Blocks/1'
        self.pod.zone('1', path_of('cpu1'), evil, path_of('disk1'))
        self.pod.zone('2', path_of('disk2'))
        self.assertEqual(['cpu1', 'disk1'], self.choose(**DRIVE))
