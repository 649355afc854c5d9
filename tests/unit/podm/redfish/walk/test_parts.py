"""Each part that cannot be read says so; the others come all the same."""

import testtools

from tests.unit.podm import scripted
from tests.unit.podm.connected import ROOT, collection, link
from tests.unit.podm.redfish.walk.trees import (
    BASE,
    CHASSIS,
    SYSTEM,
    SYSTEMS,
    Tree,
)
from valence.common import exception
from valence.podm.redfish import service
from valence.podm.redfish.walk import table, walker

EVIL = 'http://evil.example/redfish/v1/Systems/1'
#: What tells of one resource, with a word of what is told then.
FAILURES = (
    (scripted.Reply(500), 'answered 500'),
    (scripted.Reply(404), 'answered 404'),
    (scripted.Reply(403), 'credentials'),
    (scripted.Reply(503, b'', {'Retry-After': '9999'}), 'answered 503'),
    (scripted.Reply(200, b'<html>'), 'not a JSON object'),
    (scripted.Reply(200, b'[]'), 'not a JSON object'),
    (scripted.Reply(200, {}), 'is missing'),
    (scripted.Reply(200, {'error': {}}), 'is missing'),
)


class PartsTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.tree = self.useFixture(Tree())

    def fails(self, path, *urls):
        """Fail to read a path in all ways; these parts say so."""
        before = {part.url for part in self.tree.walk()}
        for reply, word in FAILURES:
            self.tree.script['GET', path] = reply
            failed = self.tree.errors()
            self.assertEqual(list(urls), [part.url for part in failed])
            for part in failed:
                self.assertIn(f'{path}: ', part.error)
                self.assertIn(word, part.error)
            kept = {part.url for part in self.tree.walk()}
            self.assertLessEqual(before - set(urls), kept)
        return failed


class CollectionTest(PartsTest):
    def test_nothing(self):
        self.assertEqual([], self.tree.walk())

    def test_read(self):
        paths = self.tree.systems(2)
        (part,) = self.tree.walk()
        self.assertEqual(SYSTEMS, part.url)
        self.assertEqual(table.types('ComputerSystem'), part.types)
        kinds = ['ComputerSystem'] * 2
        self.assertEqual(list(zip(paths, kinds, strict=True)), part.found)
        self.assertEqual(paths, [size.url for size in part.sizes])
        self.assertIsNone(part.error)

    def test_empty(self):
        self.tree.systems(0)
        (part,) = self.tree.walk()
        self.assertEqual([], part.found)
        self.assertIsNone(part.error)

    def test_that_cannot_be_read(self):
        self.tree.system(Memory=link(f'{SYSTEM}/Memory'))
        (failed,) = self.fails(f'{SYSTEM}/Memory', f'{SYSTEM}/Memory')
        self.assertEqual({'Memory'}, failed.types)

    def test_at_the_root_that_cannot_be_read(self):
        self.tree.system()
        self.tree.root(
            Systems=link(SYSTEMS),
            Chassis=self.tree.hold(CHASSIS),
        )
        (failed,) = self.fails(SYSTEMS, SYSTEMS)
        self.assertEqual(table.types('ComputerSystem'), failed.types)
        self.assertEqual([], failed.found)

    def test_without_members(self):
        self.tree.systems(1)
        for members in (None, {}, 7, 'x'):
            self.tree.get(SYSTEMS, {'Members': members})
            (failed,) = self.tree.walk()
            self.assertIn(f'{SYSTEMS}: Members is missing', failed.error)

    def test_members_that_are_no_links(self):
        self.tree.systems(1)
        for wrong, word in (
            (None, 'Members/@odata.id is missing'),
            ({}, 'Members/@odata.id is missing'),
            ('x', 'Members/@odata.id is missing'),
            (link(7), 'Members: a link is not a string'),
            (link(EVIL), 'Members: a link leads to another server'),
            (link('/admin'), 'Members: a link does not begin with'),
        ):
            self.tree.get(SYSTEMS, {'Members': [wrong, wrong, link(SYSTEM)]})
            (failed,) = self.tree.walk()
            self.assertIn(word, failed.error)
            self.assertIn('(and 1 more)', failed.error)
            self.assertEqual([(SYSTEM, 'ComputerSystem')], failed.found)

    def test_too_many(self):
        self.patch(service, 'MAX_MEMBERS', 1)
        self.tree.systems(2)
        (failed,) = self.tree.walk()
        self.assertIn('too many members', failed.error)
        self.assertEqual([], failed.found)


class PagesTest(PartsTest):
    def setUp(self):
        super().setUp()
        self.tree.systems(3)
        self.page(SYSTEMS, 1, f'{SYSTEMS}?page=2')
        self.page(f'{SYSTEMS}?page=2', 2, f'{SYSTEMS}?page=3')
        self.page(f'{SYSTEMS}?page=3', 3)

    def page(self, path, number, following=None):
        document = collection(f'{SYSTEMS}/{number}')
        if following is not None:
            document['Members@odata.nextLink'] = following
        self.tree.get(path, document)

    def test_all(self):
        (part,) = self.tree.walk()
        self.assertEqual(3, len(part.found))
        self.assertIsNone(part.error)

    def test_broken_in_the_middle(self):
        for reply, word in FAILURES:
            self.tree.script['GET', f'{SYSTEMS}?page=3'] = reply
            (part,) = self.tree.walk()
            self.assertEqual(
                [f'{SYSTEMS}/1', f'{SYSTEMS}/2'],
                [url for url, _kind in part.found],
            )
            self.assertIn(word, part.error)

    def test_next_page_at_another_server(self):
        self.page(f'{SYSTEMS}?page=2', 2, EVIL)
        (part,) = self.tree.walk()
        self.assertEqual(2, len(part.found))
        self.assertIn('Members@odata.nextLink', part.error)

    def test_too_many(self):
        """Nothing of it is believed, nor looked at."""
        self.patch(service, 'MAX_PAGES', 2)
        (part,) = self.tree.walk()
        self.assertEqual([], part.found)
        self.assertIn('too many members, or pages', part.error)
        self.assertNotIn(SYSTEM, self.tree.asked('GET'))

    def test_ring(self):
        self.page(f'{SYSTEMS}?page=3', 3, SYSTEMS)
        (part,) = self.tree.walk()
        self.assertEqual(3, len(part.found))
        self.assertIsNone(part.error)


class MemberTest(PartsTest):
    def test_system_that_cannot_be_read(self):
        first, second = self.tree.systems(2)
        modules = self.tree.hold(f'{second}/Memory', 1)
        self.tree.get(second, {'Memory': modules})
        (failed,) = self.fails(first, first)
        self.assertEqual(table.below('ComputerSystem'), failed.types)
        self.assertEqual([], list(failed.found))
        listed = self.tree.part(SYSTEMS)
        self.assertIsNone(listed.error)
        self.assertIn((first, 'ComputerSystem'), listed.found)
        self.assertEqual([second], [size.url for size in listed.sizes])

    def test_chassis_that_cannot_be_read(self):
        """Its kind is not known, so that it must be left as it was."""
        self.tree.root(Chassis=self.tree.hold(CHASSIS, 1, 2))
        for number, kind in ((1, 'Rack'), (2, 'Sled')):
            self.tree.get(f'{CHASSIS}/{number}', {'ChassisType': kind})
        self.assertEqual(
            [
                (f'{CHASSIS}/1', 'Chassis/Rack'),
                (f'{CHASSIS}/2', 'Chassis/Sled'),
            ],
            self.tree.part(CHASSIS).found,
        )
        (failed,) = self.fails(f'{CHASSIS}/1', CHASSIS)
        self.assertIn('Chassis/Rack', failed.types)
        self.assertEqual([(f'{CHASSIS}/2', 'Chassis/Sled')], failed.found)

    def test_storage_that_cannot_be_read(self):
        storage = f'{SYSTEM}/Storage'
        self.tree.system(Storage=self.tree.hold(storage, 1, 2))
        drives = [link(f'{CHASSIS}/1/Drives/{number}') for number in (1, 2)]
        self.tree.get(f'{storage}/2', {'Drives': drives})
        (failed,) = self.fails(f'{storage}/1', f'{storage}/1')
        self.assertEqual({'Drive', 'Volume', 'StoragePool'}, failed.types)
        self.assertEqual(2, len(self.tree.part(f'{storage}/2').found))

    def test_what_leads_nowhere_is_not_read(self):
        self.tree.system(Memory=self.tree.hold(f'{SYSTEM}/Memory', 1, 2))
        self.assertEqual(2, len(self.tree.found('Memory')))
        asked = self.tree.asked('GET')
        self.assertEqual([ROOT, SYSTEMS, SYSTEM, f'{SYSTEM}/Memory'], asked)


class LinkTest(PartsTest):
    def test_missing(self):
        self.tree.system(Memory=None)
        (part,) = self.tree.walk()
        self.assertIsNone(part.error)

    def test_of_no_use(self):
        for wrong, word in (
            (7, 'Memory/@odata.id is missing'),
            ('/redfish/v1/Memory', 'Memory/@odata.id is missing'),
            ({}, 'Memory/@odata.id is missing'),
            (link(7), 'Memory: a link is not a string'),
            (link(EVIL), 'Memory: a link leads to another server'),
        ):
            self.tree.system(Memory=wrong)
            (failed,) = self.tree.errors()
            self.assertEqual(SYSTEM, failed.url)
            self.assertEqual({'Memory'}, failed.types)
            self.assertIn(f'{SYSTEM}: {word}', failed.error)

    def test_of_the_root(self):
        self.tree.system()
        self.tree.root(Systems=link(SYSTEMS), Chassis=link(EVIL))
        (failed,) = self.tree.errors()
        self.assertIn(f'{ROOT}: Chassis: a link leads', failed.error)
        self.assertIn('Chassis/Rack', failed.types)
        self.assertEqual(
            [SYSTEM], [url for url, _kind in self.tree.part(SYSTEMS).found]
        )

    def test_list_in_the_root(self):
        """As what is found by :meth:`Service.link` as well."""
        self.tree.system()
        self.tree.root(Systems=[link(SYSTEMS)])
        self.assertEqual([SYSTEM], self.tree.found())
        self.tree.root(Systems=[])
        (failed,) = self.tree.walk()
        self.assertIn(f'{ROOT}: Systems/@odata.id is', failed.error)

    def test_list(self):
        storage = f'{SYSTEM}/Storage'
        drive = f'{CHASSIS}/1/Drives/1'
        self.tree.system(Storage=self.tree.hold(storage, 1))
        self.tree.get(f'{storage}/1', {'Drives': [link(drive), link(EVIL)]})
        part = self.tree.part(f'{storage}/1')
        self.assertEqual([(drive, 'Drive')], part.found)
        self.assertEqual({'Drive'}, part.types)
        self.assertIn('Drives: a link leads to another server', part.error)

    def test_list_that_is_too_long(self):
        self.patch(service, 'MAX_MEMBERS', 1)
        storage = f'{SYSTEM}/Storage'
        drives = [link(f'{CHASSIS}/1/Drives/{number}') for number in (1, 2)]
        self.tree.system(Storage=self.tree.hold(storage, 1))
        self.tree.get(f'{storage}/1', {'Drives': drives})
        part = self.tree.part(f'{storage}/1')
        self.assertEqual([], part.found)
        self.assertIn('Drives has too many members', part.error)

    def test_composition_service(self):
        path = f'{BASE}/CompositionService'
        zones = f'{path}/ResourceZones'
        self.tree.root(CompositionService=link(path))
        self.tree.get(path, {'ResourceZones': self.tree.hold(zones, 1)})
        self.assertEqual([f'{zones}/1'], self.tree.found('ResourceZone'))
        self.tree.script['GET', path] = scripted.Reply(500)
        (failed,) = self.tree.walk()
        self.assertEqual(path, failed.url)
        self.assertIn('ResourceBlock', failed.types)

    def test_pools_in_pools(self):
        pools = f'{BASE}/StorageServices/1/StoragePools'
        self.tree.root(
            StorageServices=self.tree.hold(f'{BASE}/StorageServices', 1)
        )
        self.tree.get(
            f'{BASE}/StorageServices/1', {'StoragePools': link(pools)}
        )
        self.tree.hold(pools, 1)
        inner = self.tree.hold(f'{pools}/1/AllocatedPools', 1)
        self.tree.get(f'{pools}/1', {'AllocatedPools': inner})
        # A pool that says to be in itself.
        self.tree.get(f'{pools}/1/AllocatedPools/1', {'AllocatedPools': inner})
        self.assertEqual(
            [f'{pools}/1', f'{pools}/1/AllocatedPools/1'],
            self.tree.found('StoragePool'),
        )

    def test_fabrics(self):
        fabric = f'{BASE}/Fabrics/1'
        self.tree.root(Fabrics=self.tree.hold(f'{BASE}/Fabrics', 1))
        self.tree.get(
            fabric,
            {
                'Zones': self.tree.hold(f'{fabric}/Zones', 1),
                'Endpoints': self.tree.hold(f'{fabric}/Endpoints', 1, 2),
                'Switches': link(f'{fabric}/Switches'),
            },
        )
        self.assertEqual(
            [
                *(fabric, f'{fabric}/Zones/1'),
                *(f'{fabric}/Endpoints/1', f'{fabric}/Endpoints/2'),
            ],
            self.tree.found('Fabric', 'Zone', 'Endpoint'),
        )

    def test_systems_of_resource_blocks(self):
        path = f'{BASE}/CompositionService'
        block = f'{path}/ResourceBlocks/1'
        inner = f'{block}/Systems/1'
        self.tree.system(ProcessorSummary={'CoreCount': 1})
        self.tree.root(Systems=link(SYSTEMS), CompositionService=link(path))
        blocks = self.tree.hold(f'{path}/ResourceBlocks', 1)
        self.tree.get(path, {'ResourceBlocks': blocks})
        both = [link(SYSTEM), link(inner)]
        self.tree.get(block, {'ComputerSystems': both})
        self.tree.get(inner, {'ProcessorSummary': {'CoreCount': 2}})
        self.assertEqual([SYSTEM, inner], self.tree.found('ComputerSystem'))
        told = [
            (size.url, size.cores)
            for part in self.tree.walk()
            for size in part.sizes
        ]
        self.assertEqual([(SYSTEM, 1), (inner, 2)], told)


class AwayTest(PartsTest):
    """What is wrong with the server itself is raised."""

    def test_lost_in_the_middle(self):
        for path in (SYSTEMS, SYSTEM, f'{SYSTEM}/Memory'):
            self.tree.system(Memory=self.tree.hold(f'{SYSTEM}/Memory', 1))
            self.tree.script['GET', path] = scripted.drop
            self.assertRaises(exception.PodManagerUnreachable, self.tree.walk)

    def test_root(self):
        self.tree.script['GET', ROOT] = scripted.Reply(500)
        self.assertRaises(exception.PodManagerRefused, self.tree.walk)

    def test_credentials(self):
        self.tree.systems(1)
        self.tree.script['GET', SYSTEM] = scripted.Reply(401)
        self.assertRaises(exception.PodManagerUnauthorized, self.tree.walk)

    def test_what_was_yielded_before_is_kept(self):
        self.tree.root(Systems=self.tree.hold(SYSTEMS), Chassis=link(CHASSIS))
        self.tree.script['GET', CHASSIS] = scripted.drop
        walk = self.tree.inventory.walk()
        self.assertEqual(SYSTEMS, next(walk).url)
        self.assertRaises(exception.PodManagerUnreachable, next, walk)

    def test_without_end(self):
        self.patch(walker, 'MAX_TARGETS', 3)
        self.tree.systems(2)
        self.assertEqual(2, len(self.tree.found()))
        self.tree.systems(3)
        error = self.assertRaises(
            exception.PodManagerMalformed, self.tree.walk
        )
        self.assertIn('too many resources', str(error))
