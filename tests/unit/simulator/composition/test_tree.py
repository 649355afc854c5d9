"""The resources of a CompositionService."""

from typing import Any

import testtools

from tests.unit.simulator import running, test_walk
from tests.unit.simulator.composition import composing

KINDS = ('composition', 'composition-constrained', 'composition-manifest')
CAPABILITIES = '@Redfish.CollectionCapabilities'
SPECIFIC = f'{composing.SYSTEMS}/Capabilities'
CONSTRAINED = f'{composing.SYSTEMS}/ConstrainedCompositionCapabilities'


class WalkTest(testtools.TestCase):
    def walk(self, mode: str) -> dict[str, Any]:
        simulated = self.useFixture(composing.Composing(mode))
        simulated.pod.appear('d')
        return test_walk.walk(simulated.client)

    def test_all_links_lead_to_what_they_say(self) -> None:
        for mode in KINDS:
            documents = self.walk(mode)
            for path, document in documents.items():
                self.assertEqual(path, document['@odata.id'])
                self.assertIn('Name', document)
            kinds = {
                each['@odata.type'].rpartition('.')[2]
                for each in documents.values()
            }
            self.assertLessEqual(
                {
                    'CompositionService',
                    'ResourceBlock',
                    'Zone',
                    'ComputerSystem',
                    'Processor',
                    'Memory',
                    'Storage',
                    'Drive',
                    'EthernetInterface',
                    'TaskService',
                },
                kinds,
            )

    def test_nothing_of_intel(self) -> None:
        documents = self.walk('composition')
        self.assertNotIn('Intel_RackScale', str(documents))
        self.assertNotIn(running.NODES, str(documents))

    def test_capabilities_are_what_there_is(self) -> None:
        self.assertNotIn(CONSTRAINED, self.walk('composition'))
        self.assertIn(CONSTRAINED, self.walk('composition-constrained'))
        documents = self.walk('composition-manifest')
        self.assertNotIn(CAPABILITIES, str(documents))
        client = self.useFixture(
            composing.Composing('composition-manifest')
        ).client
        self.assertEqual(404, client.call('GET', SPECIFIC).status_code)


class TreeTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.simulated = self.useFixture(
            composing.Composing('composition-constrained', systems=5)
        )
        self.client = self.simulated.client

    def test_no_systems_to_begin_with(self) -> None:
        self.assertEqual([], self.client.get(composing.SYSTEMS)['Members'])
        answer = self.client.call('GET', running.SYSTEM)
        self.assertEqual(404, answer.status_code)

    def test_three_blocks_of_each_system(self) -> None:
        blocks = self.client.get(f'{composing.BLOCKS}?$expand=.')['Members']
        kinds = [each['ResourceBlockType'] for each in blocks]
        for kind in ('Compute', 'Storage', 'Network'):
            self.assertEqual(5, kinds.count([kind]))

    def test_a_block_is_free(self) -> None:
        block = self.simulated.block('ComputeBlock1')
        self.assertEqual(
            {
                'CompositionState': 'Unused',
                'Reserved': False,
                'SharingCapable': False,
                'MaxCompositions': 1,
                'NumberOfCompositions': 0,
            },
            block['CompositionStatus'],
        )
        self.assertEqual(('Free', None), (block['Pool'], block['Client']))
        self.assertEqual([], block['Links']['ComputerSystems'])

    def test_a_block_has_hardware_of_its_kind(self) -> None:
        for block, has in (
            ('ComputeBlock1', {'Processors', 'Memory'}),
            ('StorageBlock1', {'Storage', 'Drives'}),
            ('NetworkBlock1', {'EthernetInterfaces'}),
        ):
            document = self.simulated.block(block)
            parts = (
                'Processors',
                'Memory',
                'Storage',
                'Drives',
                'EthernetInterfaces',
            )
            self.assertEqual(has, {each for each in parts if document[each]})

    def test_zones_share_the_blocks(self) -> None:
        members = []
        for number, count in ((1, 9), (2, 6)):
            zone = self.client.get(f'{composing.ZONES}/{number}')
            blocks = zone['Links']['ResourceBlocks']
            self.assertEqual(count, len(blocks))
            for each in blocks:
                document = self.client.get(each['@odata.id'])
                (back,) = document['Links']['Zones']
                self.assertEqual(zone['@odata.id'], back['@odata.id'])
            members += blocks
        every = self.client.get(composing.BLOCKS)['Members']
        self.assertCountEqual(every, members)

    def test_zones_tell_of_capabilities(self) -> None:
        zone = self.client.get(f'{composing.ZONES}/2')
        specific, constrained = zone[CAPABILITIES]['Capabilities']
        self.assertEqual('ComputerSystemComposition', specific['UseCase'])
        self.assertEqual(SPECIFIC, specific['CapabilitiesObject']['@odata.id'])
        self.assertEqual(
            {
                'TargetCollection': {'@odata.id': composing.SYSTEMS},
                'RelatedItem': [{'@odata.id': f'{composing.ZONES}/2'}],
            },
            specific['Links'],
        )
        self.assertEqual(
            'ComputerSystemConstrainedComposition', constrained['UseCase']
        )

    def test_capabilities_of_the_collection(self) -> None:
        collection = self.client.get(composing.SYSTEMS)
        for each in collection[CAPABILITIES]['Capabilities']:
            self.assertNotIn('RelatedItem', each['Links'])

    def test_capabilities_object(self) -> None:
        document = self.client.get(SPECIFIC)
        self.assertTrue(document['Name@Redfish.RequiredOnCreate'])
        self.assertTrue(document['Description@Redfish.OptionalOnCreate'])
        self.assertTrue(
            document['Links']['ResourceBlocks@Redfish.RequiredOnCreate']
        )
        self.assertEqual(
            {
                'MinCompute': 1,
                'MaxCompute': 2,
                'MaxStorage': 4,
                'MaxNetwork': 2,
            },
            document['@Redfish.ResourceBlockLimits'],
        )

    def test_constrained_capabilities_object(self) -> None:
        document = self.client.get(CONSTRAINED)
        self.assertTrue(document['Processors@Redfish.RequiredOnCreate'])
        (member,) = document['Processors']['Members']
        self.assertTrue(member['@Redfish.RequestedCountRequired'])
        self.assertTrue(member['TotalCores@Redfish.RequiredOnCreate'])
        self.assertTrue(document['Storage@Redfish.OptionalOnCreate'])
        (drive,) = document['Storage']['Members'][0]['Drives']
        self.assertTrue(drive['CapacityBytes@Redfish.RequiredOnCreate'])
        self.assertNotIn('Links', document)

    def test_service(self) -> None:
        document = self.client.get(composing.SERVICE)
        self.assertTrue(document['ServiceEnabled'])
        self.assertTrue(document['AllowOverprovisioning'])
        self.assertTrue(document['AllowZoneAffinity'])
        self.assertEqual('PT3H', document['ReservationDuration'])
        self.assertNotIn('Actions', document)
        self.client.modes(reservation_ms=1500)
        document = self.client.get(composing.SERVICE)
        self.assertEqual('PT1.5S', document['ReservationDuration'])

    def test_pools(self) -> None:
        self.simulated.composed()
        active = self.client.get(f'{composing.SERVICE}/ActivePool')
        self.assertEqual(
            set(composing.TRIO),
            {
                each['@odata.id'].rpartition('/')[2]
                for each in active['Members']
            },
        )
        free = self.client.get(f'{composing.SERVICE}/FreePool')
        self.assertEqual(12, free['Members@odata.count'])

    def test_unknown_paths(self) -> None:
        self.simulated.composed()
        for path in (
            f'{composing.ZONES}/3',
            composing.block_path('ComputeBlock6'),
            composing.block_path('ComputeBlock01'),
            composing.block_path('GpuBlock1'),
            composing.block_path('ComputeBlock1/Processors/2'),
            composing.block_path('ComputeBlock1/EthernetInterfaces/1'),
            composing.block_path('NetworkBlock1/Storage/1'),
            f'{composing.SYSTEMS}/ComposedSystem2',
            f'{composing.SYSTEMS}/ComposedSystem1/SimpleStorage',
            composing.COMPOSE,
        ):
            answer = self.client.call('GET', path)
            self.assertEqual(404, answer.status_code, path)

    def test_the_etag_of_the_header_is_that_of_the_document(self) -> None:
        for path in (
            composing.block_path('ComputeBlock1'),
            self.simulated.composed(),
        ):
            answer = self.client.call('GET', path)
            etag = answer.json()['@odata.etag']
            self.assertEqual(etag, answer.headers['ETag'])
            again = self.client.call(
                'GET', path, headers={'If-None-Match': etag}
            )
            self.assertEqual(304, again.status_code)

    def test_where_systems_are(self) -> None:
        system = self.simulated.composed(('ComputeBlock1', 'StorageBlock2'))
        links = self.client.get(system)['Links']
        for path in links['Chassis']:
            chassis = self.client.get(path['@odata.id'])
            self.assertEqual(
                [{'@odata.id': system}], chassis['Links']['ComputerSystems']
            )
        (manager,) = links['ManagedBy']
        managed = self.client.get(manager['@odata.id'])['Links']
        self.assertEqual([{'@odata.id': system}], managed['ManagerForServers'])

    def test_no_blocks(self) -> None:
        client = self.useFixture(composing.Composing(systems=0)).client
        self.assertEqual([], client.get(composing.BLOCKS)['Members'])
        zone = client.get(f'{composing.ZONES}/1')
        self.assertEqual([], zone['Links']['ResourceBlocks'])
