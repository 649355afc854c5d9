import testtools

from tests.unit.podm import connected, scripted
from tests.unit.podm.connected import ROOT, SYSTEMS, collection, link
from tests.unit.podm.redfish import expanding
from tests.unit.podm.redfish.expanding import (
    expanded,
    query,
    system,
    system_path,
)
from valence.common import exception
from valence.podm.redfish import snapshot

BOTH = ['of 1', 'of 2']
PLAIN = [SYSTEMS, system_path(1), system_path(2)]


class SimulatedSnapshotTest(testtools.TestCase):
    def test_systems_agree_with_get_system(self):
        for mode in ('plain', 'rsd2.1', 'rsd2.3', 'rsd2.5'):
            pod = self.useFixture(connected.Simulated(mode=mode, systems=9))
            for found in pod.connection.inventory.systems()[::4]:
                alone = pod.connection.compute.get_system(found.url)
                self.assertEqual(
                    (alone.id, alone.cores, alone.ram_gib, alone.storage_gib),
                    (
                        *(found.id, found.cores, found.ram_gib),
                        found.storage_gib,
                    ),
                )
                self.assertEqual(
                    (alone.interfaces, alone.location),
                    (found.interfaces, found.location),
                )

    def test_nodes(self):
        for mode in ('rsd2.3', 'rsd2.5'):
            pod = self.useFixture(connected.Simulated(mode=mode, systems=3))
            pod.pod.appear('tagged-1', 'n1')
            compute = pod.connection.compute
            (node,) = compute.list_nodes()
            self.assertEqual(node.url, compute.find_node('tagged-1'))


class SnapshotTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.pod = self.useFixture(expanding.ExpandingPod())

    def reads(self, names, asked):
        self.assertEqual((names, sorted(asked)), self.read())

    def read(self):
        names, asked = self.pod.read()
        return names, sorted(asked)


class LevelsTest(SnapshotTest):
    """How much is asked for at once follows from the service root."""

    def test_all_at_once(self):
        self.pod.expand(expanded(system(1), system(2)))
        self.reads(BOTH, [query(4)])

    def test_as_many_as_there_may_be(self):
        for most, levels in ((2, 2), (4, 4), (9, 4), (1, 1), (3.0, 3)):
            pod = self.useFixture(expanding.ExpandingPod())
            features = {**expanding.ALL_FEATURES, 'MaxLevels': most}
            pod.features(**features)
            pod.expand(expanded(system(1), system(2)), levels)
            self.assertEqual((BOTH, [query(levels)]), pod.read(), most)

    def test_one_level_where_more_are_not_told(self):
        for features in (
            {'NoLinks': True},
            {'ExpandAll': True, 'Levels': False, 'MaxLevels': 6},
            {'NoLinks': 'true', 'Levels': None, 'MaxLevels': 6},
            *(
                {'NoLinks': True, 'Levels': True, 'MaxLevels': wrong}
                for wrong in (None, '6', True, [6], {}, 0)
            ),
        ):
            pod = self.useFixture(expanding.ExpandingPod())
            pod.features(**features)
            pod.expand(expanded(system(1), system(2)), 1)
            self.assertEqual((BOTH, [query(1)]), pod.read(), features)

    def test_one_by_one_where_it_is_not_told(self):
        for told in (
            *(None, [], 'x', {}, {'ExpandQuery': None}),
            {'ExpandQuery': {'NoLinks': False, 'ExpandAll': 'false'}},
            {'ExpandQuery': {'Links': True, 'Levels': True, 'MaxLevels': 6}},
            {'ExpandQuery': {**expanding.ALL_FEATURES, 'MaxLevels': -1}},
        ):
            pod = self.useFixture(expanding.ExpandingPod())
            pod.root(ProtocolFeaturesSupported=told)
            names, asked = pod.read()
            self.assertEqual((BOTH, PLAIN), (names, sorted(asked)), told)

    def test_one_level_for_nodes(self):
        nodes = connected.NODES
        self.pod.root(
            ProtocolFeaturesSupported={'ExpandQuery': expanding.ALL_FEATURES},
            Nodes=link(nodes),
        )
        node = {'@odata.id': f'{nodes}/1', '@odata.type': '#N', 'Name': 'n1'}
        self.pod.expand({'Members': [node]}, 1, path=nodes)
        (found,) = self.pod.connection.compute.list_nodes()
        self.assertEqual('n1', found.name)
        self.assertEqual([ROOT, query(1, nodes)], self.pod.asked('GET'))


class WholeTest(SnapshotTest):
    """What came along is believed; what did not is asked for."""

    def test_what_is_deep_inside(self):
        processors = f'{system_path(1)}/Processors'
        processor = {
            '@odata.id': f'{processors}/1',
            '@odata.type': '#Processor.v1_0_0.Processor',
            'TotalCores': 12,
        }
        inside = {
            '@odata.id': processors,
            '@odata.type': '#ProcessorCollection.ProcessorCollection',
            'Members': [processor],
        }
        first = system(1, ProcessorSummary=None, Processors=inside)
        self.pod.expand(expanded(first))
        (found,) = self.pod.connection.inventory.systems()
        self.assertEqual(12, found.cores)
        self.assertEqual([ROOT, query(4)], self.pod.asked('GET'))

    def test_links_among_the_members(self):
        self.pod.expand(expanded(system(1), link(system_path(2))))
        self.reads(BOTH, [query(4), system_path(2)])

    def test_links_that_have_a_type(self):
        first = {
            '@odata.id': system_path(1),
            '@odata.type': '#ComputerSystem.v1_5_0.ComputerSystem',
            '@odata.etag': '"1"',
        }
        self.pod.expand(expanded(first, system(2)))
        self.reads(BOTH, [query(4), system_path(1)])

    def test_members_without_a_type(self):
        first = {'@odata.id': system_path(1), 'Name': 'in part'}
        self.pod.expand(expanded(first, system(2)))
        self.reads(BOTH, [query(4), system_path(1)])

    def test_part_of_a_resource(self):
        part = {**system(2), '@odata.id': f'{system_path(2)}#/Boot'}
        self.pod.expand(expanded(system(1, Boot=part), link(system_path(2))))
        self.reads(BOTH, [query(4), system_path(2)])

    def test_plain_answer(self):
        plain = self.pod.script['GET', SYSTEMS]
        self.pod.expand(plain)
        self.reads(BOTH, [query(4), system_path(1), system_path(2)])

    def test_absolute_links(self):
        first = system(1)
        first['@odata.id'] = f'{self.pod.url}{system_path(1)}'
        self.pod.expand(expanded(first, system(2)))
        names, _asked = self.read()
        self.assertEqual(BOTH, names)

    def test_trailing_slashes(self):
        first = {**system(1), '@odata.id': f'{system_path(1)}/'}
        self.pod.expand(expanded(first, system(2)))
        self.reads(BOTH, [query(4)])

    def test_each_look_is_a_new_one(self):
        self.pod.expand(expanded(system(1)))
        self.reads(['of 1'], [query(4)])
        self.pod.expand(expanded(system(1), system(2)))
        self.reads(BOTH, [query(4)])


class PagesTest(SnapshotTest):
    def test_all_pages(self):
        second = f'{SYSTEMS}?$expand=.($levels=4)&$skip=1'
        following = {'Members@odata.nextLink': second}
        self.pod.expand(expanded(system(1), **following))
        self.pod.get(second, expanded(system(2)))
        self.reads(BOTH, [query(4), second])

    def test_next_page_that_is_not_expanded(self):
        second = f'{SYSTEMS}?$skip=1'
        following = {'Members@odata.nextLink': second}
        self.pod.expand(expanded(system(1), **following))
        self.pod.get(second, collection(system_path(2)))
        self.reads(BOTH, [query(4), second, system_path(2)])

    def test_ring(self):
        for following in (SYSTEMS, query(4)):
            ring = {'Members@odata.nextLink': following}
            self.pod.expand(expanded(system(1), system(2), **ring))
            names, _asked = self.read()
            self.assertEqual(BOTH, names)

    def test_page_that_fails(self):
        second = f'{SYSTEMS}?$expand=.($levels=4)&$skip=1'
        following = {'Members@odata.nextLink': second}
        self.pod.expand(expanded(system(1), **following))
        for reply in (
            scripted.Reply(500),
            scripted.Reply(200, b'[]'),
            scripted.Reply(503),
        ):
            self.pod.script['GET', second] = reply
            names, _asked = self.read()
            self.assertEqual(BOTH, names)

    def test_too_many(self):
        self.patch(snapshot, 'MAX_PAGES', 1)
        second = f'{SYSTEMS}?$expand=.($levels=4)&$skip=1'
        following = {'Members@odata.nextLink': second}
        self.pod.expand(expanded(system(1), **following))
        self.pod.get(second, expanded(system(2)))
        names, asked = self.read()
        self.assertEqual(BOTH, names)
        self.assertIn(system_path(1), asked)

    def test_next_page_at_another_server(self):
        following = {'Members@odata.nextLink': f'http://elsewhere{SYSTEMS}'}
        self.pod.expand(expanded(system(1), **following), 1, 2, 3, 4)
        self.reads(BOTH, [*PLAIN, *map(query, (1, 2, 3, 4))])
        self.pod.get(SYSTEMS, {**collection(), **following})
        self.assertRaises(exception.PodManagerMalformed, self.read)
