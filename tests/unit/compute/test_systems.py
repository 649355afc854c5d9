import testtools

from valence.compute.systems import Matching, show
from valence.objects.hardware import System
from valence.objects.resource import Resource

SYSTEM = System(
    url='/s/1',
    id='1',
    cores=8,
    ram_gib=64,
    storage_gib=100.5,
    location=[('Sled', 'a'), ('Rack', 'b')],
    raw={'Status': {'Health': 'OK'}, 'IndicatorLED': None, 'Number': 3},
)
ROW = Resource('u', 'p', '/s/1', 'ComputerSystem', 0, 0)


class MatchingTest(testtools.TestCase):
    def test_at_least(self):
        for asked in ({'ram': 64}, {'cores': 8}, {'storage': 100.5}):
            self.assertTrue(Matching(**asked).accepts(SYSTEM), asked)

    def test_less_than_asked(self):
        for asked in ({'ram': 65}, {'cores': 9}, {'storage': 101}):
            self.assertFalse(Matching(**asked).accepts(SYSTEM), asked)

    def test_all_of_what_is_asked(self):
        self.assertFalse(Matching(ram=64, cores=9).accepts(SYSTEM))

    def test_not_told_is_not_enough(self):
        self.assertFalse(Matching(ram=0).accepts(System(url='/', id='1')))

    def test_property(self):
        for value, found in (('ok', True), ('OK', True), ('Critical', False)):
            matching = Matching(properties={'Status/Health': value})
            self.assertIs(found, matching.accepts(SYSTEM), value)

    def test_property_that_is_a_number(self):
        self.assertTrue(Matching(properties={'Number': '3'}).accepts(SYSTEM))

    def test_property_that_is_not_there(self):
        for path in ('Nothing', 'Status/Health/Deeper', 'Status/Nothing'):
            matching = Matching(properties={path: 'OK'})
            self.assertFalse(matching.accepts(SYSTEM), path)

    def test_what_cannot_be_read(self):
        self.assertTrue(Matching().accepts(None))
        self.assertFalse(Matching(ram=0).accepts(None))
        self.assertFalse(Matching(properties={'Id': '1'}).accepts(None))


class ShowTest(testtools.TestCase):
    def test_numbers_are_strings(self):
        shown = show(ROW, SYSTEM, None)
        self.assertEqual(
            ('8', '64', '100.5'),
            (shown['cpu']['cores'], shown['ram'], shown['storage']),
        )

    def test_what_is_not_told(self):
        shown = show(ROW, System(url='/s/1', id='1'), None)
        self.assertIsNone(shown['ram'])
        self.assertEqual('', shown['location'])

    def test_location_from_the_inside(self):
        self.assertEqual('Sled:a_Rack:b_', show(ROW, SYSTEM, None)['location'])

    def test_node(self):
        self.assertEqual('n', show(ROW, None, 'n')['node_uuid'])
