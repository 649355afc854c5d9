"""One resource has one url, however it is written."""

import fixtures
import testtools

from tests.unit.podm.connected import collection, link
from tests.unit.podm.redfish.walk.trees import CHASSIS, SYSTEM, SYSTEMS, Tree
from valence.objects.resource import MAX_URL_LENGTH

DRIVE = f'{CHASSIS}/1/Drives/1'


class UrlsTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.tree = self.useFixture(Tree())

    def test_own_spelling(self):
        self.tree.systems(1)
        for listed in (SYSTEM, f'{SYSTEM}/', SYSTEM.lower()):
            self.tree.get(SYSTEMS, collection(listed))
            self.tree.get(listed, {'@odata.id': SYSTEM})
            self.assertEqual([SYSTEM], self.tree.found())

    def test_that_says_to_be_something_else(self):
        self.tree.systems(1)
        for other in (f'{SYSTEMS}/2', SYSTEMS, 7, 'http://evil/redfish/v1'):
            self.tree.get(SYSTEM, {'@odata.id': other})
            self.assertEqual([SYSTEM], self.tree.found())

    def test_written_in_many_ways(self):
        drives = [link(DRIVE.lower()), link(f'{DRIVE}/'), link(DRIVE)]
        storage = self.tree.hold(f'{SYSTEM}/Storage', 1)
        chassis = self.tree.hold(CHASSIS, 1)
        self.tree.system(Storage=storage)
        self.tree.root(Systems=link(SYSTEMS), Chassis=chassis)
        self.tree.get(f'{SYSTEM}/Storage/1', {'Drives': [link(DRIVE)]})
        self.tree.get(f'{CHASSIS}/1', {'Links': {'Drives': drives}})
        told = [
            url
            for part in self.tree.walk()
            for url, kind in part.found
            if kind == 'Drive'
        ]
        self.assertEqual([DRIVE, DRIVE], told)

    def test_collections_are_listed_once(self):
        self.tree.root(
            Systems=link(SYSTEMS),
            Nodes=link('/redfish/v1/Nodes'),
            Oem={'Intel_RackScale': {'Nodes': link('/redfish/v1/nodes/')}},
        )
        self.tree.hold('/redfish/v1/Nodes', 1)
        self.assertEqual(1, len(self.tree.found('ComposedNode')))
        self.assertNotIn('/redfish/v1/nodes/', self.tree.asked('GET'))

    def test_of_a_part_there_is_no_slash_at_the_end(self):
        self.tree.root(Systems=self.tree.hold(f'{SYSTEMS}/'))
        (part,) = self.tree.walk()
        self.assertEqual(SYSTEMS, part.url)

    def test_absolute(self):
        self.tree.systems(1)
        self.tree.get(SYSTEMS, collection(f'{self.tree.url}{SYSTEM}'))
        self.assertEqual([SYSTEM], self.tree.found())

    def test_too_long_to_be_stored(self):
        """Nothing that is stored can be missing: it is no error."""
        log = self.useFixture(fixtures.FakeLogger())
        longest = f'{SYSTEMS}/'.ljust(MAX_URL_LENGTH, 'x')
        self.tree.systems(1)
        self.tree.get(longest, {})
        self.tree.get(SYSTEMS, collection(longest, f'{longest}x', SYSTEM))
        self.assertEqual([longest, SYSTEM], self.tree.found())
        self.assertIn(f'{SYSTEMS}: 1 resources are left out', log.output)
        self.assertNotIn(f'{longest}x', self.tree.asked('GET'))

    def test_part_of_a_resource(self):
        storage = f'{SYSTEM}/Storage'
        inside = link(f'{storage}/1#/Drives/0')
        self.tree.system(Storage=self.tree.hold(storage, 1))
        self.tree.get(f'{storage}/1', {'Drives': [inside, link(DRIVE)]})
        self.assertEqual([DRIVE], self.tree.found('Drive'))
