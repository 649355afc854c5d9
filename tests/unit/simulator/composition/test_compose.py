"""Compose systems of blocks that the client names."""

from collections.abc import Sequence
from typing import Any

import requests
import testtools

from tests.unit.simulator.composition import composing


class ComposeTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.simulated = self.useFixture(composing.Composing())
        self.client = self.simulated.client

    def test_composed(self) -> None:
        answer = self.simulated.compose(Description='tag')
        self.assertEqual(201, answer.status_code)
        path = answer.headers['Location']
        (member,) = self.client.get(composing.SYSTEMS)['Members']
        self.assertEqual(path, member['@odata.id'])
        system = self.client.get(path)
        self.assertEqual(('n', 'tag'), (system['Name'], system['Description']))
        self.assertEqual('Composed', system['SystemType'])
        self.assertEqual('Enabled', system['Status']['State'])
        self.assertEqual('Off', system['PowerState'])
        self.assertEqual(
            composing.links(composing.TRIO), system['Links']['ResourceBlocks']
        )

    def test_blocks_are_composed(self) -> None:
        path = self.simulated.composed()
        for each in composing.TRIO:
            block = self.simulated.block(each)
            status = block['CompositionStatus']
            self.assertEqual('Composed', status['CompositionState'])
            self.assertEqual(1, status['NumberOfCompositions'])
            self.assertEqual('Active', block['Pool'])
            self.assertEqual(
                [{'@odata.id': path}], block['Links']['ComputerSystems']
            )
        self.assertEqual('Unused', self.simulated.state('ComputeBlock2'))

    def test_it_is_what_its_blocks_are(self) -> None:
        blocks = ('ComputeBlock1', 'ComputeBlock2', 'StorageBlock2')
        path = self.simulated.composed(blocks)
        system = self.client.get(path)
        cores = memory = 0
        for each in self.members(path, 'Processors'):
            cores += each['TotalCores']
        for each in self.members(path, 'Memory'):
            memory += each['CapacityMiB']
        self.assertEqual(cores, system['ProcessorSummary']['CoreCount'])
        self.assertEqual(2, system['ProcessorSummary']['Count'])
        gib = system['MemorySummary']['TotalSystemMemoryGiB']
        self.assertEqual(memory, gib * 1024)
        (storage,) = self.members(path, 'Storage')
        self.assertEqual(
            self.simulated.block('StorageBlock2')['Drives'], storage['Drives']
        )
        self.assertEqual([], self.members(path, 'EthernetInterfaces'))

    def members(self, path: str, name: str) -> Any:
        return self.client.get(f'{path}/{name}?$expand=.')['Members']

    def test_only_a_compute_block(self) -> None:
        self.assertEqual(
            201, self.simulated.compose(['ComputeBlock3']).status_code
        )

    def test_what_a_request_can_have(self) -> None:
        boot = {
            'BootSourceOverrideTarget': 'Pxe',
            'BootSourceOverrideEnabled': 'Continuous',
        }
        path = self.simulated.composed(PowerState='On', Boot=boot)
        system = self.client.get(path)
        self.assertEqual('On', system['PowerState'])
        self.assertEqual('Pxe', system['Boot']['BootSourceOverrideTarget'])

    def test_ids_are_never_used_again(self) -> None:
        path = self.simulated.composed()
        self.client.delete(path)
        self.assertNotEqual(path, self.simulated.composed())

    def test_wrong_requests(self) -> None:
        for body in (
            {},
            {'Name': 'n'},
            {'Name': 'n', 'Links': {}},
            {'Links': {'ResourceBlocks': composing.links(composing.TRIO)}},
            composing.named(Colour='red'),
            composing.named(PowerState='Broken'),
            composing.named(Processors={'Members': []}),
            {'Name': 'n', 'Links': {'ResourceBlocks': [{}]}},
            {'Name': 'n', 'Links': {'ResourceBlocks': None}},
        ):
            answer = self.client.post(composing.SYSTEMS, body)
            self.assertEqual(400, answer.status_code, body)
        self.assertEqual([], self.client.stats()['nodes'])

    def test_limits(self) -> None:
        many = [f'ComputeBlock{number}' for number in (1, 2, 3)]
        for blocks in ([], ['StorageBlock1'], many):
            answer = self.simulated.compose(blocks)
            self.assertEqual(400, answer.status_code, blocks)
            self.assertIn('has 1 to 2 blocks of type Compute', answer.text)

    def test_twice(self) -> None:
        answer = self.simulated.compose(['ComputeBlock1', 'ComputeBlock1'])
        self.assertEqual(400, answer.status_code)

    def test_a_slash_at_the_end_does_not_count(self) -> None:
        answer = self.simulated.compose(['ComputeBlock1/'])
        self.assertEqual(201, answer.status_code)


class RefusedTest(testtools.TestCase):
    """A request is refused as a whole, and nothing is half made."""

    def setUp(self) -> None:
        super().setUp()
        self.simulated = self.useFixture(composing.Composing())
        self.client = self.simulated.client

    def refused(self, *blocks: str, status: int = 409) -> list[str]:
        """Return the reasons, after a look at what is left."""
        before = self.client.get(f'{composing.BLOCKS}?$expand=.')
        answer = self.simulated.compose(blocks)
        self.assertEqual(status, answer.status_code, answer.text)
        after = self.client.get(f'{composing.BLOCKS}?$expand=.')
        self.assertEqual(before, after)
        return self.reasons(answer)

    def reasons(self, answer: requests.Response) -> list[str]:
        error = answer.json()['error']
        self.assertIn('Composition.1.1.0.', error['code'])
        for each in error['@Message.ExtendedInfo']:
            self.assertIn('Message', each)
            self.assertIn('Resolution', each)
        return composing.messages(answer)

    def reserve(self, client: str | None, *blocks: str) -> None:
        for each in blocks:
            answer = self.simulated.reserve(each, client)
            self.assertEqual(200, answer.status_code)

    def test_in_use(self) -> None:
        self.simulated.composed(['ComputeBlock1'])
        self.assertEqual(['ResourceBlockInUse'], self.refused(*composing.TRIO))

    def test_other_zone(self) -> None:
        self.assertEqual(
            ['IncompatibleZone'],
            self.refused('ComputeBlock1', 'NetworkBlock3'),
        )

    def test_unknown(self) -> None:
        self.assertEqual(
            ['ResourceBlockNotFound'],
            self.refused('ComputeBlock1', 'GpuBlock1', status=400),
        )

    def test_all_reasons_at_once(self) -> None:
        self.simulated.composed(['ComputeBlock1'])
        self.reserve('other', 'NetworkBlock3')
        self.assertEqual(
            [
                'ResourceBlockInUse',
                'SpecifiedResourceAlreadyReserved',
                'IncompatibleZone',
            ],
            self.refused('ComputeBlock1', 'NetworkBlock3'),
        )

    def test_some_are_reserved(self) -> None:
        self.reserve('other', 'StorageBlock1')
        self.assertEqual(
            ['SpecifiedResourceAlreadyReserved'],
            self.refused(*composing.TRIO),
        )

    def test_reserved_for_several_clients(self) -> None:
        self.reserve('me', 'ComputeBlock1', 'NetworkBlock1')
        self.reserve('other', 'StorageBlock1')
        self.assertEqual(
            ['SpecifiedResourceAlreadyReserved'] * 3,
            self.refused(*composing.TRIO),
        )

    def test_all_reserved_for_one(self) -> None:
        for client in ('me', None):
            self.reserve(client, *composing.TRIO)
            path = self.simulated.composed()
            self.assertReserved(composing.TRIO, False)
            self.client.delete(path)

    def assertReserved(self, blocks: Sequence[str], reserved: bool) -> None:
        for each in blocks:
            status = self.simulated.status(each)
            self.assertEqual(reserved, status['Reserved'])

    def test_client_stays_on_the_label(self) -> None:
        self.reserve('me', *composing.TRIO)
        path = self.simulated.composed()
        self.assertEqual('me', self.simulated.block('ComputeBlock1')['Client'])
        self.client.delete(path)
        self.assertIsNone(self.simulated.block('ComputeBlock1')['Client'])

    def test_expired(self) -> None:
        self.client.modes(reservation_ms=0)
        self.reserve('other', 'ComputeBlock1')
        self.simulated.composed()
