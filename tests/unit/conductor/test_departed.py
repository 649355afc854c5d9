import fixtures
import hypothesis
import testtools
from hypothesis import configuration, strategies

from tests.unit.conductor import trees
from valence.conductor.departed import departed
from valence.conductor.walked import Walked
from valence.objects.hardware import Part

SYSTEMS = '/redfish/v1/Systems'
CHASSIS = '/redfish/v1/Chassis'
_OF_SYSTEMS = frozenset({'ComputerSystem', 'Processor', 'Drive'})
_OF_CHASSIS = frozenset({'Chassis', 'Drive'})


def walked(*parts, ended=True):
    found = Walked()
    for part in parts:
        found.note(part)
    found.ended = ended
    return found


def systems(*numbers, **more):
    found = [(f'{SYSTEMS}/{number}', 'ComputerSystem') for number in numbers]
    return Part(SYSTEMS, _OF_SYSTEMS, found, **more)


class DepartedTest(testtools.TestCase):
    def assert_gone(self, expected, known, *parts, **more):
        self.assertEqual(
            expected, sorted(departed(known, walked(*parts, **more)))
        )

    def test_nothing_is_known(self):
        self.assert_gone([], [], systems(1, 2))

    def test_what_was_found_is_there(self):
        known = [(f'{SYSTEMS}/1', 'ComputerSystem')]
        self.assert_gone([], known, systems(1, 2))

    def test_what_was_found_in_a_part_that_failed_is_there(self):
        known = [(f'{SYSTEMS}/1', 'ComputerSystem')]
        self.assert_gone([], known, systems(1, error='x'))

    def test_all_was_read(self):
        known = [
            (f'{SYSTEMS}/1', 'ComputerSystem'),
            (f'{SYSTEMS}/2', 'ComputerSystem'),
        ]
        self.assert_gone([f'{SYSTEMS}/2'], known, systems(1))

    def test_walk_that_did_not_end(self):
        known = [(f'{SYSTEMS}/2', 'ComputerSystem')]
        self.assert_gone([], known, systems(1), ended=False)

    def test_part_that_failed_may_hold_it(self):
        known = [(f'{SYSTEMS}/2', 'ComputerSystem'), ('/x/9', 'Drive')]
        self.assert_gone([], known, systems(1, error='x'))

    def test_no_part_that_failed_can_hold_it(self):
        known = [('/redfish/v1/Fabrics/1', 'Fabric')]
        self.assert_gone(['/redfish/v1/Fabrics/1'], known, systems(error='x'))

    def test_other_collection_that_could_hold_its_type_failed(self):
        chassis = Part(CHASSIS, _OF_CHASSIS, error='x')
        known = [
            (f'{SYSTEMS}/2', 'ComputerSystem'),
            (f'{SYSTEMS}/1/Drives/4', 'Drive'),
            (f'{CHASSIS}/1/Drives/4', 'Drive'),
        ]
        self.assert_gone([f'{SYSTEMS}/2'], known, systems(1), chassis)

    def test_its_own_collection_was_read_while_another_failed(self):
        drives = Part(f'{SYSTEMS}/1/Drives', frozenset({'Drive'}))
        chassis = Part(CHASSIS, _OF_CHASSIS, error='x')
        known = [(f'{SYSTEMS}/1/Drives/4', 'Drive')]
        self.assert_gone(
            [f'{SYSTEMS}/1/Drives/4'], known, systems(1), drives, chassis
        )

    def test_part_around_it_does_not_tell_its_type(self):
        # A chassis was read, but its drives are told elsewhere.
        sleds = Part(f'{CHASSIS}/1', frozenset({'Chassis'}))
        storage = Part(f'{SYSTEMS}/1/Storage', frozenset({'Drive'}), error='x')
        known = [(f'{CHASSIS}/1/4', 'Drive')]
        self.assert_gone([], known, sleds, storage)

    def test_part_of_which_a_page_is_missing(self):
        pages = systems(1), systems(3, error='x'), systems(4)
        known = [(f'{SYSTEMS}/2', 'ComputerSystem')]
        for order in (pages, pages[::-1]):
            self.assert_gone([], known, *order)

    def test_all_below_what_is_gone(self):
        below = f'{SYSTEMS}/2/Processors/1'
        broken = Part(f'{SYSTEMS}/1/Processors', frozenset({'Processor'}), (),
                      error='x')  # fmt: skip
        known = [
            (below, 'Processor'),
            (f'{below}/Cores/1', 'Processor'),
            (f'{SYSTEMS}/2', 'ComputerSystem'),
            (f'{SYSTEMS}/22/Processors/1', 'Processor'),
        ]
        self.assert_gone(
            [f'{SYSTEMS}/2', below, f'{below}/Cores/1'],
            known,
            systems(1, 22),
            broken,
        )

    def test_kinds_of_chassis_are_one_type(self):
        known = [(f'{CHASSIS}/2', 'Chassis/Rack')]
        told = frozenset({'Chassis/Sled'})
        self.assert_gone([], known, Part(CHASSIS, told, error='x'))
        self.assert_gone(
            [f'{CHASSIS}/2'],
            known,
            Part(CHASSIS, told),
            Part('/x', told, error='x'),
        )

    def test_slash_at_the_end(self):
        known = [
            (f'{SYSTEMS}/2/', 'ComputerSystem'),
            (f'{SYSTEMS}/2/Processors/1/', 'Processor'),
        ]
        broken = Part('/x', _OF_SYSTEMS, error='x')
        self.assert_gone(
            [url for url, _kind in known],
            known,
            Part(f'{SYSTEMS}/', _OF_SYSTEMS),
            broken,
        )

    def test_nothing_was_told_at_all(self):
        # A service root that links to nothing.
        known = [(f'{SYSTEMS}/2', 'ComputerSystem')]
        self.assert_gone([f'{SYSTEMS}/2'], known)


class AnyTreeTest(testtools.TestCase):
    """Trees of all shapes: what is there stays, what is gone goes."""

    def setUp(self):
        super().setUp()
        # What hypothesis keeps is of no use here, and would be left behind.
        home = self.useFixture(fixtures.TempDir()).path
        configuration.set_hypothesis_home_dir(home)
        self.addCleanup(configuration.set_hypothesis_home_dir, None)

    @hypothesis.settings(
        max_examples=60,
        database=None,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(strategies.data())
    def test_any(self, data):
        before = data.draw(trees.roots())
        known = list(trees.resources(before))
        lost = data.draw(_some([url for url, _kind in known]))
        now = trees.without(before, lost)
        failing = data.draw(_some(list(trees.places(now))))
        gone = departed(known, walked(*trees.walk(now, failing)))

        there = dict(trees.resources(now))
        self.assertEqual(set(), there.keys() & set(gone))
        self.assertEqual(len(gone), len(set(gone)))
        self.assertLessEqual(self.must_go(before, now, failing), set(gone))
        if not failing:
            self.assertEqual(dict(known).keys() - there.keys(), set(gone))

    def must_go(self, before, now, failing):
        """Give what vanished from collections that were all read."""
        read = {each.url for each in trees.read(now, failing)}
        there = dict(trees.resources(now))
        found = set()
        for collection in _collections(before):
            if collection.url not in read:
                continue
            for member in collection.members:
                beside = member.url.rpartition('/')[0] == collection.url
                if beside and member.url not in there:
                    below = trees.resources(member.below)
                    found |= {member.url} | {
                        url
                        for url, _kind in below
                        if url.startswith(member.url)
                    }
        return found


def _some(items):
    """Draw a set of some items, often a small one, or all."""
    if not items:
        return strategies.just(set())
    return strategies.one_of(
        strategies.sets(strategies.sampled_from(items), max_size=3),
        strategies.sets(strategies.sampled_from(items)),
    )


def _collections(tree):
    for collection in tree:
        yield collection
        for member in collection.members:
            yield from _collections(member.below)
