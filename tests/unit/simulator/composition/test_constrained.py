"""Compose systems of blocks that the service chooses."""

from typing import Any

import requests
import testtools

from tests.unit.simulator.composition import composing

GIB = 2**30


def want(count: int = 1, spare: bool = True, **values: Any) -> dict[str, Any]:
    """Return a requirement."""
    return {
        '@Redfish.RequestedCount': count,
        '@Redfish.AllowOverprovisioning': spare,
        **values,
    }


def cores(least: int = 1, **more: Any) -> dict[str, Any]:
    """Return a section of processors."""
    more = {'ProcessorType': 'CPU', 'TotalCores': least, **more}
    return {'Members': [want(**more)]}


def memory(mib: int = 1, **more: Any) -> dict[str, Any]:
    """Return a section of memory."""
    more = {'MemoryType': 'DRAM', 'CapacityMiB': mib, **more}
    return {'Members': [want(**more)]}


def drives(*wants: dict[str, Any], count: int = 1) -> dict[str, Any]:
    """Return a section of storage."""
    member = {'@Redfish.RequestedCount': count, 'Drives': list(wants)}
    return {'Members': [member]}


class ConstrainedTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        # Zone 1 has the small ones and one R2208, zone 2 all the others.
        self.simulated = self.useFixture(
            composing.Composing('composition-constrained', systems=10)
        )
        self.client = self.simulated.client

    def compose(self, **sections: Any) -> requests.Response:
        usual = {'Name': 'n', 'Processors': cores(), 'Memory': memory()}
        return self.client.post(composing.SYSTEMS, {**usual, **sections})

    def chosen(self, **sections: Any) -> list[str]:
        """Return the blocks of a new system."""
        answer = self.compose(**sections)
        self.assertEqual(201, answer.status_code, answer.text)
        system = self.client.get(answer.headers['Location'])
        return [
            each['@odata.id'].rpartition('/')[2]
            for each in system['Links']['ResourceBlocks']
        ]

    def refused(self, **sections: Any) -> list[str]:
        """Return the names and arguments of the reasons."""
        answer = self.compose(**sections)
        self.assertEqual(409, answer.status_code, answer.text)
        self.assertEqual([], self.client.stats()['nodes'])
        info = answer.json()['error']['@Message.ExtendedInfo']
        names = composing.messages(answer)
        return [
            ' '.join((name, *each['MessageArgs']))
            for name, each in zip(names, info, strict=True)
        ]

    def test_the_first_that_fits(self) -> None:
        self.assertEqual(['ComputeBlock1'], self.chosen())
        self.assertEqual(['ComputeBlock2'], self.chosen())
        self.assertEqual('Composed', self.simulated.state('ComputeBlock2'))

    def test_least_quantities(self) -> None:
        # Only the M50CYP has as many cores.
        self.assertEqual(['ComputeBlock6'], self.chosen(Processors=cores(32)))

    def test_exact_words(self) -> None:
        model = 'Intel(R) Xeon(R) Gold 6142'
        self.assertEqual(
            ['ComputeBlock5'], self.chosen(Processors=cores(Model=model))
        )

    def test_exact_count(self) -> None:
        self.assertEqual(
            ['ComputeBlock5'],
            self.chosen(
                Processors=cores(count=2, spare=False),
                Memory=memory(count=8, spare=False),
            ),
        )

    def test_several_blocks_together(self) -> None:
        # The only one of the zone that could do it alone.
        self.simulated.composed(['ComputeBlock5'])
        self.assertEqual(
            ['ComputeBlock1', 'ComputeBlock2'],
            self.chosen(
                Processors=cores(count=2, spare=False),
                Memory=memory(count=8, spare=False),
                **{'@Redfish.ZoneAffinity': '1'},
            ),
        )

    def test_all_kinds(self) -> None:
        self.assertEqual(
            ['ComputeBlock1', 'StorageBlock4', 'NetworkBlock5'],
            self.chosen(
                Storage=drives(
                    want(CapacityBytes=480 * GIB, MediaType='SSD'),
                    want(CapacityBytes=1000 * GIB, RotationSpeedRPM=7200),
                ),
                EthernetInterfaces={'Members': [want(SpeedMbps=25000)]},
            ),
        )

    def test_storage_counts_multiply(self) -> None:
        big = want(2, CapacityBytes=4000 * GIB)
        self.assertEqual(
            ['ComputeBlock1', 'StorageBlock5'],
            self.chosen(Storage=drives(big)),
        )
        answer = self.compose(Storage=drives(big, count=2))
        self.assertEqual(409, answer.status_code)

    def test_zone_affinity(self) -> None:
        affinity = {'@Redfish.ZoneAffinity': '2'}
        self.assertEqual(['ComputeBlock6'], self.chosen(**affinity))

    def test_no_such_zone(self) -> None:
        answer = self.compose(**{'@Redfish.ZoneAffinity': '3'})
        self.assertEqual(400, answer.status_code)
        self.assertIn('There is no zone 3.', answer.text)

    def test_what_is_reserved_is_not_chosen(self) -> None:
        self.simulated.reserve('ComputeBlock1', 'other')
        self.assertEqual(['ComputeBlock2'], self.chosen())

    def test_named_blocks_all_the_same(self) -> None:
        self.assertEqual(201, self.simulated.compose().status_code)

    def test_named_blocks_and_requirements(self) -> None:
        answer = self.simulated.compose(Memory=memory())
        self.assertEqual(400, answer.status_code)
        self.assertIn('exclude each other', answer.text)

    def test_a_reason_for_each_requirement(self) -> None:
        self.assertEqual(
            ['NoResourceMatch Processor', 'NoResourceMatch Drive'],
            self.refused(
                Processors=cores(1000),
                Storage=drives(want(CapacityBytes=10**15)),
            ),
        )

    def test_more_than_there_is(self) -> None:
        self.assertEqual(
            ['NoResourceMatch Memory'],
            self.refused(Memory=memory(count=10**9)),
        )

    def test_not_by_the_same_blocks(self) -> None:
        # The M50CYP has two such processors, and eight modules.
        self.assertEqual(
            ['NoResourceMatch Processor', 'NoResourceMatch Memory'],
            self.refused(
                Processors=cores(32, count=2, spare=False),
                Memory=memory(count=4, spare=False),
            ),
        )

    def test_not_in_one_zone(self) -> None:
        # The most cores are in zone 2, the biggest drives in zone 1.
        self.assertEqual(
            ['IncompatibleZone'],
            self.refused(
                Processors=cores(32),
                Storage=drives(want(CapacityBytes=4000 * GIB)),
            ),
        )

    def test_wrong_requests(self) -> None:
        for sections, text in (
            ({'Name': None}, 'Name is required'),
            ({'Memory': None}, 'Memory.Members is required'),
            ({'Processors': {'Members': []}}, 'Processors.Members is req'),
            ({'Memory': memory(count=0)}, 'Memory.Members[0] needs @Redf'),
            ({'Memory': memory(CapacityMiB=None)}, '.CapacityMiB is required'),
            ({'Memory': memory(Colour='red')}, 'Unrecognized property'),
            ({'Memory': memory(MemoryType=3)}, 'must be a string'),
            ({'Storage': drives(want(0, CapacityBytes=1))}, 'Drives[0] needs'),
            (
                {'Storage': drives(want(CapacityBytes=1), count=0)},
                'Storage.Members[0] needs',
            ),
            ({'Storage': drives(want())}, 'CapacityBytes is required'),
            ({'Gpus': {}}, 'Unrecognized property: Gpus'),
        ):
            answer = self.compose(**sections)
            self.assertEqual(400, answer.status_code, sections)
            self.assertIn(text, answer.text)

    def test_not_where_blocks_must_be_named(self) -> None:
        client = self.useFixture(composing.Composing()).client
        body = {'Name': 'n', 'Processors': cores(), 'Memory': memory()}
        self.assertEqual(400, client.post(composing.SYSTEMS, body).status_code)
