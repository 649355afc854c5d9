"""The tree of chassis, of what a driver may tell."""

import testtools

from valence.common import exception
from valence.compute import chassis, racks
from valence.objects.hardware import Chassis
from valence.objects.resource import Resource, chassis_type, url_key
from valence.podm.live import Told

PODM = 'podm'


def row(name, kind='Rack'):
    return Resource(name, PODM, f'/c/{name}', chassis_type(kind), 0, 0)


def one(name, within=None, systems=()):
    return Chassis(
        url=f'/c/{name}',
        id=name,
        parent_url=within and f'/c/{within}',
        system_urls=[f'/s/{each}' for each in systems],
        health='OK',
        observed_at=0,
    )


def forest(*found, known=(), error=None):
    """Give a forest of which these uuids are in the table."""
    urls = [f'/c/{each.id}' for each in found] + [f'/s/{n}' for n in known]
    uuids = {url_key(url): url.rpartition('/')[2] for url in urls}
    return chassis.Forest(Told(found, 0, error), uuids)


class ForestTest(testtools.TestCase):
    def test_systems_of_all_that_is_inside(self):
        trees = forest(
            one('r1'),
            one('d1', 'r1', systems=[1]),
            one('s1', 'd1', systems=[2, 3]),
            one('s2', 'd1', systems=[3]),
            one('r2', systems=[4]),
            known=range(5),
        )
        for name, systems in (('r1', ['1', '2', '3']), ('r2', ['4'])):
            shown = racks.show(row(name), trees, detail=False)
            self.assertEqual(systems, shown['systems'])

    def test_systems_that_are_not_in_the_table(self):
        trees = forest(one('r1', systems=[1, 2]), known=[2])
        shown = chassis.show(row('r1'), trees)
        self.assertEqual(['2'], shown['systems'])

    def test_other_spellings(self):
        trees = forest(
            Chassis(url='/C/R1/', id='r1', system_urls=['/S/1']),
            Chassis(url='/c/s1', id='s1', parent_url='/c/r1'),
            known=[1],
        )
        shown = chassis.show(row('r1'), trees)
        self.assertEqual(
            (['1'], ['s1']), (shown['systems'], shown['children'])
        )
        self.assertEqual('r1', chassis.show(row('s1'), trees)['parent_uuid'])

    def test_circle(self):
        trees = forest(
            one('a', 'b', systems=[1]),
            one('b', 'a', systems=[2]),
            known=[1, 2],
        )
        for name, systems in (('a', ['1', '2']), ('b', ['2', '1'])):
            shown = racks.show(row(name), trees, detail=False)
            self.assertEqual(systems, shown['systems'])

    def test_a_long_way(self):
        names = [str(number) for number in range(5000)]
        around = [None, *names]
        found = [one(*pair) for pair in zip(names, around, strict=False)]
        trees = forest(
            *found[:-1], one('4999', '4998', systems=[7]), known=[7]
        )
        shown = racks.show(row('0'), trees, detail=False)
        self.assertEqual(['7'], shown['systems'])

    def test_parent_that_is_not_there(self):
        trees = forest(one('a', 'gone'))
        self.assertIsNone(chassis.show(row('a'), trees)['parent_uuid'])

    def test_chassis_that_is_not_told(self):
        shown = chassis.show(row('gone'), forest(one('a')))
        self.assertEqual(
            ('Unknown', None, None, 'Rack'),
            (
                shown['health'],
                shown['children'],
                shown['observed_at'],
                shown['kind'],
            ),
        )

    def test_told_some_time_ago(self):
        error = exception.PodManagerUnreachable(url='u', reason='r')
        shown = chassis.show(row('a'), forest(one('a'), error=error))
        self.assertEqual(('Unknown', 'a'), (shown['health'], shown['id']))

    def test_of_no_kind(self):
        plain = Resource('a', PODM, '/c/a', 'Chassis', 0, 0)
        shown = chassis.show(plain, forest(one('a')))
        self.assertIsNone(shown['kind'])
