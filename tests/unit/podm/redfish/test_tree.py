"""Which chassis is in which, by documents as servers send them."""

import testtools
from hypothesis import given, settings
from hypothesis import strategies as st

from valence.podm.redfish import parse, tree

BASE = '/redfish/v1/Chassis'


def link(name):
    return {'@odata.id': f'{BASE}/{name}'}


class Source:
    """A server all of whose links may be followed."""

    def path_of(self, link, source):
        return link

    def malformed(self, path, reason):
        raise AssertionError(reason)


def document(name, *, within=None, contains=(), place=None, parent=None):
    links = {'Contains': [link(each) for each in contains]}
    if within is not None:
        links['ContainedBy'] = link(within)
    location = {'Id': place, 'ParentId': parent}
    raw = {'Links': links, 'Oem': {'Intel_RackScale': {'Location': location}}}
    return parse.Document(Source(), f'{BASE}/{name}', raw)


def parents(*documents):
    found = tree.parents(documents)
    return {
        path.rpartition('/')[2]: parent and parent.rpartition('/')[2]
        for path, parent in found.items()
    }


class ParentsTest(testtools.TestCase):
    def test_contained_by(self):
        self.assertEqual(
            {'rack': None, 'sled': 'rack'},
            parents(document('rack'), document('sled', within='rack')),
        )

    def test_contains(self):
        self.assertEqual(
            {'sled': 'rack', 'rack': None},
            parents(document('sled'), document('rack', contains=['sled'])),
        )

    def test_places(self):
        self.assertEqual(
            {'sled': 'rack', 'rack': None, 'pod': None},
            parents(
                document('sled', place='R1-S1', parent='R1'),
                document('rack', place='R1', parent='nowhere'),
                document('pod'),
            ),
        )

    def test_what_is_told_by_the_inner_one_counts(self):
        self.assertEqual(
            {'sled': 'b', 'a': None, 'b': None},
            parents(
                document('sled', within='b', parent='A'),
                document('a', contains=['sled'], place='A'),
                document('b'),
            ),
        )

    def test_other_spellings(self):
        self.assertEqual(
            {'Rack': None, 'sled': 'Rack', 'fan': 'Rack'},
            parents(
                document('Rack', contains=['FAN/']),
                document('sled', within='rack/'),
                document('fan'),
            ),
        )

    def test_links_that_lead_nowhere(self):
        self.assertEqual(
            {'sled': 'rack', 'rack': None},
            parents(
                document('sled', within='gone', parent='R'),
                document('rack', contains=['gone'], place='R', within='gone'),
            ),
        )

    def test_in_itself(self):
        self.assertEqual(
            {'a': None, 'b': None},
            parents(
                document('a', within='a', contains=['a']),
                document('b', place='B', parent='B'),
            ),
        )

    def test_in_two(self):
        self.assertEqual(
            {'a': None, 'b': None, 'sled': 'a'},
            parents(
                document('a', contains=['sled']),
                document('b', contains=['sled']),
                document('sled'),
            ),
        )

    def test_circles(self):
        self.assertEqual(
            {'x': 'a', 'a': None, 'b': 'c', 'c': 'a'},
            parents(
                document('x', within='a'),
                document('a', within='b'),
                document('b', within='c'),
                document('c', within='a'),
            ),
        )
        self.assertEqual(
            {'a': None, 'b': 'a'},
            parents(document('a', within='b'), document('b', within='a')),
        )

    def test_a_long_way(self):
        chassis = [document('0')]
        for number in range(1, 5000):
            chassis.append(document(str(number), within=str(number - 1)))
        found = parents(*reversed(chassis))
        self.assertEqual('4998', found['4999'])
        self.assertIsNone(found['0'])

    def test_nothing(self):
        self.assertEqual({}, parents())


class AnyTreeTest(testtools.TestCase):
    @settings(max_examples=200, deadline=None)
    @given(st.lists(st.integers(0, 9), min_size=10, max_size=10))
    def test_each_way_ends(self, told):
        chassis = [
            document(str(number), within=str(around))
            for number, around in enumerate(told)
        ]
        found = parents(*chassis)
        for start, around in found.items():
            steps = 0
            while around is not None:
                around = found[around]
                steps += 1
                self.assertLess(steps, 10)
            if found[start] is not None:
                self.assertEqual(str(told[int(start)]), found[start])
