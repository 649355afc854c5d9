"""Which system a request gets."""

from typing import Any

import testtools

from tests.unit.simulator import running

SYSTEMS = 16


class AllocationTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.client = self.useFixture(running.Running(systems=SYSTEMS)).client

    def got(self, **request: Any) -> Any:
        """Return the system a request gets."""
        node = self.client.allocate(**request)
        return self.client.get(self.client.system_of(node))

    def refused(self, status: int, request: Any) -> list[str]:
        """Return the messages of a refusal."""
        answer = self.client.post(running.ALLOCATE, request)
        self.assertEqual(status, answer.status_code)
        self.assertNotIn('Location', answer.headers)
        error = answer.json()['error']
        code = 'ResourcesStateMismatch' if status == 409 else 'InvalidPayload'
        self.assertEqual(f'Base.1.0.{code}', error['code'])
        return [each['Message'] for each in error['@Message.ExtendedInfo']]

    def no_match(self, **request: Any) -> None:
        messages = self.refused(409, request)
        self.assertEqual(
            'There are no computer systems available for this allocation '
            'request.',
            messages[0],
        )

    def test_answer(self) -> None:
        answer = self.client.post(
            running.ALLOCATE, {'Name': 'web', 'Description': 'frontend'}
        )
        self.assertEqual((201, b''), (answer.status_code, answer.content))
        node = self.client.get(answer.headers['Location'])
        self.assertEqual('web', node['Name'])
        self.assertEqual('frontend', node['Description'])
        self.assertEqual('Allocated', node['ComposedNodeState'])
        self.assertEqual('Off', node['PowerState'])
        links = node['Links']
        self.assertEqual(running.SYSTEM, links['ComputerSystem']['@odata.id'])
        for name in ('Processors', 'Memory', 'EthernetInterfaces'):
            members = self.client.get(f'{running.SYSTEM}/{name}')['Members']
            self.assertEqual(members, links[name])

    def test_each_system_once(self) -> None:
        nodes = [self.client.allocate() for _ in range(SYSTEMS)]
        systems = {self.client.system_of(node) for node in nodes}
        self.assertEqual(SYSTEMS, len(systems))
        self.no_match()
        self.client.delete(nodes[3])
        self.assertEqual('1-s-4', self.got()['Id'])

    def test_counts_in_refusal(self) -> None:
        self.client.allocate()
        messages = self.refused(
            409,
            {
                'Processors': [{'TotalCores': 32}],
                'Memory': [{'CapacityMiB': 2**30}],
            },
        )
        self.assertIn(
            '[available: 15 -> status: 15 -> resource: 15 -> chassis: 15 -> '
            'processors: 2 -> memory: 0 -> local drives: 0',
            messages[1],
        )

    def test_processors(self) -> None:
        system = self.got(Processors=[{'TotalCores': 32}])
        self.assertEqual(64, system['ProcessorSummary']['CoreCount'])
        system = self.got(Processors=[{'TotalCores': 16}] * 2)
        self.assertEqual(2, system['ProcessorSummary']['Count'])
        model = 'Intel(R) Xeon(R) Bronze 3106'
        system = self.got(Processors=[{'Model': model}])
        self.assertEqual(model, system['ProcessorSummary']['Model'])
        self.got(Processors=[{'InstructionSet': 'x86-64'}])
        self.no_match(Processors=[{'InstructionSet': 'ARM-A64'}])
        self.no_match(Processors=[{'TotalCores': 33}])
        self.no_match(Processors=[{'TotalCores': 1}] * 3)
        self.no_match(Processors=[{'ProcessorType': 'FPGA'}])

    def test_processor_speed_and_brand(self) -> None:
        system = self.got(Processors=[{'AchievableSpeedMHz': 3500}])
        self.assertIn('Gold', system['ProcessorSummary']['Model'])
        oem = {'Intel_RackScale': {'Brand': 'Platinum'}}
        system = self.got(Processors=[{'Oem': oem}])
        self.assertIn('Platinum', system['ProcessorSummary']['Model'])
        self.no_match(Processors=[{'AchievableSpeedMHz': 9000}])
        oem = {'Intel_RackScale': {'Capabilities': ['sse', 'telepathy']}}
        self.no_match(Processors=[{'Oem': oem}])

    def test_memory(self) -> None:
        system = self.got(Memory=[{'CapacityMiB': 65537}])
        self.assertEqual(128, system['MemorySummary']['TotalSystemMemoryGiB'])
        system = self.got(
            Memory=[{'CapacityMiB': 65536, 'MemoryDeviceType': 'DDR4'}] * 4
        )
        self.assertEqual(256, system['MemorySummary']['TotalSystemMemoryGiB'])
        system = self.got(Memory=[{'SpeedMHz': 2900}])
        self.assertEqual(256, system['MemorySummary']['TotalSystemMemoryGiB'])
        self.no_match(Memory=[{'CapacityMiB': 256 * 1024 + 1}])
        self.no_match(Memory=[{'MemoryDeviceType': 'DDR5'}])
        self.no_match(Memory=[{'SpeedMHz': 5000}])

    def test_local_drives(self) -> None:
        system = self.got(LocalDrives=[{'Type': 'HDD'}, {'Type': 'SSD'}])
        self.assertEqual('1-s-4', system['Id'])
        system = self.got(LocalDrives=[{'CapacityGiB': 1900, 'Type': 'SSD'}])
        self.assertEqual('1-s-5', system['Id'])
        system = self.got(LocalDrives=[{'MinRPM': 10000}] * 4)
        self.assertEqual('1-s-8', system['Id'])
        self.no_match(LocalDrives=[{'CapacityGiB': 5000}])
        self.no_match(LocalDrives=[{'Type': 'SSD', 'MinRPM': 1}])
        self.no_match(LocalDrives=[{}] * 5)

    def test_drives_are_given_out_well(self) -> None:
        # The first, if it took the big drive, would leave none to the
        # second.
        self.got(LocalDrives=[{}, {'CapacityGiB': 4000}, {'Type': 'SSD'}])

    def test_ethernet_interfaces(self) -> None:
        system = self.got(EthernetInterfaces=[{'SpeedMbps': 25000}])
        self.assertEqual('1-s-5', system['Id'])
        mac = self.client.get(
            f'{running.ROOT}/Systems/2-s-1/EthernetInterfaces/2'
        )['MACAddress']
        system = self.got(EthernetInterfaces=[{'MACAddress': mac.upper()}])
        self.assertEqual('2-s-1', system['Id'])
        self.no_match(EthernetInterfaces=[{'SpeedMbps': 100000}])

    def test_totals(self) -> None:
        system = self.got(TotalSystemCoreCount=33)
        self.assertEqual(64, system['ProcessorSummary']['CoreCount'])
        system = self.got(TotalSystemMemoryMiB=65537)
        self.assertEqual(128, system['MemorySummary']['TotalSystemMemoryGiB'])
        self.no_match(TotalSystemCoreCount=65)
        self.no_match(TotalSystemMemoryMiB=2**20)

    def test_resource(self) -> None:
        pins = {
            'Processors': f'{running.ROOT}/Systems/1-s-2/Processors/1',
            'Memory': f'{running.ROOT}/Systems/1-s-3/Memory/4',
            'LocalDrives': f'{running.ROOT}/Chassis/2-c-1/Drives/1',
            'EthernetInterfaces': (
                f'{running.ROOT}/Systems/2-s-2/EthernetInterfaces/1'
            ),
        }
        for section, path in pins.items():
            request = {section: [{'Resource': {'@odata.id': path}}]}
            system = self.got(**request)
            own = path.split('/')[4].replace('c', 's')
            self.assertEqual(own, system['Id'])
            self.no_match(**request)

    def test_chassis(self) -> None:
        place = {'@odata.id': f'{running.ROOT}/Chassis/2-d-1'}
        system = self.got(Processors=[{'Chassis': place}])
        self.assertEqual('2-s-1', system['Id'])
        nowhere = {'@odata.id': f'{running.ROOT}/Chassis/7-d-1'}
        self.no_match(Memory=[{'Chassis': nowhere}])

    def test_what_the_pod_lacks(self) -> None:
        self.no_match(RemoteDrives=[{'CapacityGiB': 80}])
        self.no_match(Security={'TPMInterfaceType': 'TPM1_2'})
        self.got(Security={'TPMPresent': True})

    def test_nulls_and_empty_lists_ask_for_nothing(self) -> None:
        self.got(
            Name=None,
            Processors=[],
            Memory=None,
            LocalDrives=[{'CapacityGiB': None}],
            TotalSystemCoreCount=None,
        )

    def test_wrong_bodies(self) -> None:
        for request, message in (
            ({'Colour': 'red'}, 'Unrecognized property: Colour.'),
            (
                {'Processors': [{'Cores': 1}]},
                'Unrecognized property: Processors[0].Cores.',
            ),
            ({'Name': 5}, 'Property Name must be a string.'),
            (
                {'TotalSystemCoreCount': '8'},
                'Property TotalSystemCoreCount must be an integer.',
            ),
            (
                {'TotalSystemCoreCount': True},
                'Property TotalSystemCoreCount must be an integer.',
            ),
            (
                {'TotalSystemCoreCount': -1},
                'Property TotalSystemCoreCount must not be negative.',
            ),
            ({'Processors': {}}, 'Property Processors must be an array.'),
            ({'Memory': [None]}, 'Memory[0] must not be null.'),
            ({'Memory': [7]}, 'Property Memory[0] must be an object.'),
            (
                {'LocalDrives': [{'Type': 'TAPE'}]},
                'Property LocalDrives[0].Type must be one of: HDD, SSD.',
            ),
            ([], 'Request payload is not an object.'),
        ):
            self.assertEqual([message], self.refused(400, request))

    def test_all_problems_at_once(self) -> None:
        self.assertEqual(2, len(self.refused(400, {'A': 1, 'Name': 2})))

    def test_bad_json(self) -> None:
        for data in (b'{', b'', b'\xff'):
            answer = self.client.call('POST', running.ALLOCATE, data=data)
            self.assertEqual(400, answer.status_code)
