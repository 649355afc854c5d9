import testtools

from tests.unit.podm import connected, scripted
from tests.unit.podm.connected import ROOT, SYSTEMS, collection, link
from valence.common import exception
from valence.podm.redfish import system_parts

SYSTEM = f'{SYSTEMS}/1'


class SimulatedPartsTest(testtools.TestCase):
    def parts(self, mode='rsd', system=-1):
        pod = self.useFixture(connected.Simulated(mode=mode, systems=6))
        inventory = pod.connection.inventory
        return inventory.parts(inventory.systems()[system].url)

    def test_all_personalities(self):
        for mode in ('rsd2.1', 'rsd2.3', 'rsd2.5', 'plain'):
            parts = self.parts(mode)
            self.assertEqual(
                (2, 8, 2, 2, 1),
                (
                    len(parts.processors),
                    len(parts.memory),
                    len(parts.storage),
                    len(parts.network),
                    len(parts.accelerators),
                ),
                mode,
            )
            self.assertEqual({}, parts.errors)

    def test_what_is_told(self):
        parts = self.parts()
        path = f'{SYSTEMS}/1-s-6'
        self.assertEqual(path, parts.url)
        self.assertEqual(
            {
                'resource_uri': f'{path}/Processors/1',
                'instruction_set': 'x86-64',
                'model': 'Intel(R) Xeon(R) Platinum 8352Y',
                'speed_mhz': 3400,
                'total_core': 32,
                'total_thread': 64,
                'manufacturer': 'Intel(R) Corporation',
                'socket': 'CPU1',
                'health': 'OK',
            },
            parts.processors[0],
        )
        self.assertEqual(32768, parts.memory[0]['total_memory_mb'])
        self.assertEqual('DDR4', parts.memory[0]['type'])
        drive = parts.storage[0]
        self.assertEqual('Drive', drive['device_type'])
        self.assertEqual('NVMe', drive['protocol'])
        self.assertEqual(1920, drive['capacity_gib'])
        self.assertEqual('02:00:00:00:05:01', parts.network[0]['mac'])
        self.assertEqual(25000, parts.network[0]['speed_mbps'])
        self.assertEqual(
            {
                'resource_uri': f'{path}/Processors/3',
                'device_type': 'FPGA',
                'manufacturer': 'Intel(R) Corporation',
                'model': 'Programmable Acceleration Card',
                'total_core': None,
                'health': 'OK',
            },
            parts.accelerators[0],
        )

    def test_cards_that_are_processors_are_told_once(self):
        kinds = [
            each['device_type'] for each in self.parts(system=4).accelerators
        ]
        self.assertEqual(['GPU', 'GPU'], kinds)

    def test_composed_system(self):
        pod = self.useFixture(
            connected.Simulated(mode='composition', systems=3)
        )
        pod.pod.appear('theirs')
        inventory = pod.connection.inventory
        parts = inventory.parts(inventory.systems()[0].url)
        self.assertTrue(parts.processors)
        self.assertTrue(parts.memory)
        self.assertEqual({}, parts.errors)

    def test_away(self):
        pod = self.useFixture(connected.Simulated(systems=1))
        pod.pod.set_modes(away=True)
        self.assertRaises(
            exception.PodManagerUnreachable,
            pod.connection.inventory.parts,
            f'{SYSTEMS}/1-s-1',
        )


class ScriptedPartsTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.server = self.useFixture(connected.ScriptedPod())
        self.server.get(ROOT, {'RedfishVersion': '1.8.0'})
        self.links = {}

    def has(self, name, *members, path=None):
        """Have a collection of parts; give the paths of its members."""
        path = path or f'{SYSTEM}/{name}'
        paths = [f'{path}/{number}' for number in range(len(members))]
        self.server.get(path, collection(*paths))
        for each, document in zip(paths, members, strict=True):
            self.server.get(each, document)
        self.links[name] = link(path)
        return paths

    def parts(self):
        self.server.get(SYSTEM, self.links)
        return self.server.connection.inventory.parts(SYSTEM)

    def breaks(self, path, status=500):
        self.server.script['GET', path] = scripted.Reply(status)

    def test_nothing(self):
        parts = self.parts()
        self.assertEqual(
            [[]] * 5,
            [
                parts.processors,
                parts.memory,
                parts.storage,
                parts.network,
                parts.accelerators,
            ],
        )
        self.assertEqual({}, parts.errors)

    def test_gone(self):
        self.assertRaises(
            exception.PodManagerResourceMissing,
            self.server.connection.inventory.parts,
            SYSTEM,
        )

    def test_processors_of_all_kinds(self):
        self.has(
            'Processors',
            {'ProcessorType': 'CPU'},
            {},
            {'ProcessorType': 'Core'},
            {'ProcessorType': 'Thread'},
            {'ProcessorType': 'DSP'},
        )
        parts = self.parts()
        self.assertEqual(2, len(parts.processors))
        self.assertEqual(
            ['DSP'], [each['device_type'] for each in parts.accelerators]
        )

    def test_a_part_that_cannot_be_read(self):
        paths = self.has('Memory', *[{'CapacityMiB': 1024}] * 3)
        for status in (403, 404, 500):
            self.breaks(paths[1], status)
            parts = self.parts()
            self.assertEqual(
                [paths[0], paths[2]],
                [each['resource_uri'] for each in parts.memory],
            )
            self.assertEqual([paths[1]], list(parts.errors))
        self.assertIn('500', parts.errors[paths[1]])

    def test_a_collection_that_cannot_be_read(self):
        self.has('Processors', {'TotalCores': 4})
        self.has('Memory', {})
        self.breaks(f'{SYSTEM}/Memory')
        parts = self.parts()
        self.assertEqual(4, parts.processors[0]['total_core'])
        self.assertEqual([], parts.memory)
        self.assertEqual([f'{SYSTEM}/Memory'], list(parts.errors))

    def test_a_link_that_must_not_be_followed(self):
        self.links['Memory'] = link('http://evil/redfish/v1/Memory')
        parts = self.parts()
        self.assertEqual([], parts.memory)
        self.assertIn('Memory', parts.errors[SYSTEM])

    def test_drives_and_volumes(self):
        drives = [f'{SYSTEM}/Drives/{number}' for number in (1, 2)]
        volumes = self.has('Volumes', {'CapacityBytes': 2**31})
        size = {'CapacityBytes': 2**30, 'Protocol': 'SAS', 'MediaType': 'HDD'}
        self.server.get(drives[0], size)
        self.breaks(drives[1], 404)
        storage = {
            'Drives': [link(drive) for drive in drives],
            'Volumes': self.links.pop('Volumes'),
        }
        self.has('Storage', storage)
        self.has('SimpleStorage', {'Devices': [{'Name': 'the same'}]})
        parts = self.parts()
        self.assertEqual(
            [(drives[0], 'Drive', 1), (volumes[0], 'Volume', 2)],
            [
                (
                    each['resource_uri'],
                    each['device_type'],
                    each['capacity_gib'],
                )
                for each in parts.storage
            ],
        )
        self.assertEqual([drives[1]], list(parts.errors))

    def test_simple_storage(self):
        devices = [{'Name': 'one', 'CapacityBytes': 2**30}, {'Name': 'two'}]
        (path,) = self.has('SimpleStorage', {'Devices': devices})
        self.assertEqual(
            [(path, 'one', 1), (path, 'two', None)],
            [
                (each['resource_uri'], each['name'], each['capacity_gib'])
                for each in self.parts().storage
            ],
        )

    def test_storage_that_cannot_be_read(self):
        self.has('Storage', {})
        self.breaks(f'{SYSTEM}/Storage')
        self.has('SimpleStorage', {'Devices': [{'Name': 'one'}]})
        parts = self.parts()
        self.assertEqual(['one'], [each['name'] for each in parts.storage])
        self.assertEqual([f'{SYSTEM}/Storage'], list(parts.errors))

    def test_network(self):
        self.has(
            'EthernetInterfaces',
            {
                'MACAddress': 'aa:bb',
                'SpeedMbps': 1000,
                'IPv4Addresses': [{'Address': '10.0.0.1'}],
            },
        )
        (interface,) = self.parts().network
        self.assertEqual('aa:bb', interface['mac'])
        self.assertEqual('10.0.0.1', interface['ipv4'][0]['address'])

    def test_cards(self):
        kinds = {'gpu': '0x030000', 'fpga': '0x120000', 'nic': '0x020000'}
        cards = []
        for name, code in kinds.items():
            path = f'/redfish/v1/PCIeDevices/{name}'
            function = [link(f'{path}/f')]
            self.server.get(
                path, {'Model': name, 'Links': {'PCIeFunctions': function}}
            )
            self.server.get(f'{path}/f', {'ClassCode': code})
            cards.append(link(path))
        self.links['PCIeDevices'] = cards
        told = {'PCIeDevice': link('/redfish/v1/pciedevices/GPU/')}
        self.has(
            'Processors', {'ProcessorType': 'GPU', 'Links': told, 'Model': 'g'}
        )
        self.assertEqual(
            [('GPU', 'g'), ('Accelerator', 'fpga')],
            [
                (each['device_type'], each['model'])
                for each in self.parts().accelerators
            ],
        )

    def test_card_that_cannot_be_read(self):
        self.links['PCIeDevices'] = [link('/redfish/v1/gone')]
        parts = self.parts()
        self.assertEqual([], parts.accelerators)
        self.assertEqual(['/redfish/v1/gone'], list(parts.errors))

    def test_more_than_a_system_has(self):
        self.patch(system_parts, 'MAX_PARTS', 3)
        self.has('Memory', *[{}] * 5)
        self.assertEqual(3, len(self.parts().memory))

    def test_lost_in_the_middle(self):
        paths = self.has('Memory', {}, {})
        self.server.script['GET', paths[1]] = scripted.drop
        self.assertRaises(exception.PodManagerUnreachable, self.parts)
