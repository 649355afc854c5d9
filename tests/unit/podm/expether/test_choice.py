import testtools

from tests.unit.podm.expether.connected import TAG, wants
from valence.common import exception
from valence.objects import requirements
from valence.podm.expether import choice
from valence.podm.expether.devices import Device, Status
from valence.podm.expether.urls import Place


def eesv(number, group=4094, **values):
    return Device(f'0xa{number}', Status.EESV, group, **values)


def eeio(number, kind='NIC', group=4093, **values):
    return Device(f'0xb{number}', Status.EEIO, group, kind=kind, **values)


class WantedTest(testtools.TestCase):
    def test_kinds(self):
        for asked in (requirements.Requirements(), wants()):
            self.assertEqual((), choice.wanted_kinds(asked))
        self.assertEqual(
            ('NIC', 'NIC', 'GPU'),
            choice.wanted_kinds(wants('nic', 'NIC', 'gpu')),
        )

    def test_what_cannot_be_promised(self):
        for properties in (
            {'processor': {'total_cores': 1}},
            {'memory': {'capacity_mib': 1}},
            {'local_drive': {'capacity_gib': 1}},
            {'network': {'speed_mbps': 1}},
        ):
            asked = requirements.Requirements.from_properties(properties)
            error = self.assertRaises(
                exception.NoMatchingSystem, choice.wanted_kinds, asked
            )
            self.assertIn(*properties, error.detail)


class GroupsTest(testtools.TestCase):
    def test_in_range_and_always_the_same(self):
        tags = [f'valence-{number}' for number in range(2000)]
        for tag in tags:
            groups = choice.groups_of(tag)
            self.assertEqual(groups, choice.groups_of(tag))
            self.assertTrue(all(16 <= group <= 4092 for group in groups))
        self.assertGreater(len({choice.groups_of(tag) for tag in tags}), 1990)


class ChooseTest(testtools.TestCase):
    def choose(self, *devices, wanted=(), tag=TAG):
        return choice.choose(
            tag,
            wanted,
            [each for each in devices if each.status == Status.EESV],
            [each for each in devices if each.status == Status.EEIO],
        )

    def reasons(self, *devices, **more):
        error = self.assertRaises(
            exception.NoMatchingSystem, self.choose, *devices, **more
        )
        return ' '.join(error.reasons)

    def test_what_is_free_and_up(self):
        place = self.choose(eesv(1, group=16), eesv(2), eesv(3, up=False))
        self.assertEqual('0xa2', place.eesv)
        self.assertEqual(choice.groups_of(TAG)[0], place.group)

    def test_the_same_again_in_any_order(self):
        eesvs = [eesv(number) for number in range(9)]
        first = self.choose(*eesvs)
        self.assertEqual(first, self.choose(*reversed(eesvs)))

    def test_tags_are_spread(self):
        eesvs = [eesv(number) for number in range(9)]
        chosen = {
            self.choose(*eesvs, tag=f'valence-{number}').eesv
            for number in range(100)
        }
        self.assertEqual(9, len(chosen))

    def test_none_is_free(self):
        self.assertIn('No EESV is free', self.reasons())
        for busy in (eesv(1, group=16), eesv(1, up=False)):
            self.assertIn('No EESV is free', self.reasons(busy))

    def test_room(self):
        eeios = [eeio(number) for number in range(3)]
        small, large = eesv(1, room=2), eesv(2, room=3)
        wanted = ('NIC',) * 3
        place = self.choose(small, large, *eeios, wanted=wanted)
        self.assertEqual('0xa2', place.eesv)
        reasons = self.reasons(small, *eeios, wanted=wanted)
        self.assertIn('No free EESV can have 3 EEIOs', reasons)

    def test_kinds(self):
        taken = eeio(1, group=99), eeio(2, up=False), eeio(3, kind='GPU')
        reasons = self.reasons(eesv(1), eeio(4), *taken, wanted=('NIC',) * 2)
        self.assertIn('a NIC 2 are wanted, and 1 free', reasons)
        self.assertNotIn('GPU', reasons)
        place = self.choose(eesv(1), eeio(4), *taken, wanted=('NIC', 'GPU'))
        self.assertEqual(('NIC', 'GPU'), place.wanted)

    def test_groups_in_use(self):
        first, second, *rest = choice.groups_of(TAG)
        place = self.choose(eesv(1), eesv(2, group=first))
        self.assertEqual(second, place.group)
        used = [
            eeio(number, group=group)
            for number, group in enumerate((first, second, *rest))
        ]
        self.assertIn('groups', self.reasons(eesv(1), *used))


class MissingTest(testtools.TestCase):
    place = Place('0xa1', 20, ('NIC', 'GPU', 'NIC'))

    def ids(self, *eeios):
        return [each.id for each in choice.missing(self.place, eeios)]

    def test_all(self):
        gpu = eeio(1, kind='GPU')
        nics = [eeio(number) for number in range(2, 9)]
        ids = self.ids(gpu, *nics)
        self.assertEqual(3, len(set(ids)))
        self.assertIn(gpu.id, ids)
        self.assertEqual(ids, self.ids(*reversed(nics), gpu))

    def test_what_is_there_is_not_asked_for_again(self):
        there = eeio(1, group=20), eeio(2, group=20), eeio(3, group=21)
        self.assertEqual(
            ['0xb4'], self.ids(*there, eeio(4, kind='GPU'), eeio(5))
        )

    def test_only_what_is_free_and_up(self):
        others = [eeio(number, group=99) for number in range(10, 20)]
        others += [eeio(number, up=False) for number in range(20, 30)]
        there = eeio(1, group=20), eeio(2, kind='GPU', group=20)
        self.assertEqual(['0xb3'], self.ids(*others, *there, eeio(3)))

    def test_more_than_was_wanted(self):
        there = [eeio(number, group=20) for number in range(3)]
        self.assertEqual(
            [], self.ids(*there, eeio(4, kind='GPU', group=20), eeio(5))
        )

    def test_somebody_else_was_quicker(self):
        error = self.assertRaises(
            exception.NoMatchingSystem, self.ids, eeio(1), eeio(2)
        )
        self.assertIn('a GPU 1 are wanted, and 0 free', error.reasons[0])

    def test_nothing_wanted(self):
        for wanted in ((), None):
            place = Place('0xa1', 20, wanted)
            self.assertEqual([], choice.missing(place, [eeio(1)]))
