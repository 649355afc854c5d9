import testtools

from valence.objects.requirements import (
    LocalDrive,
    Memory,
    Network,
    PciDevice,
    Processor,
    Requirements,
)


class RequirementsTest(testtools.TestCase):
    def test_nothing_asked(self):
        self.assertEqual(Requirements(), Requirements.from_properties({}))

    def test_empty_part_asks_nothing(self):
        self.assertEqual(
            Requirements(), Requirements.from_properties({'memory': {}})
        )

    def test_all_parts(self):
        self.assertEqual(
            Requirements(
                processor=Processor(total_cores=2, model='M'),
                memory=Memory(capacity_mib=1024, type='DDR4'),
                local_drive=LocalDrive(capacity_gib=10),
                network=Network(speed_mbps=1000),
                pci_device=PciDevice(type=['NIC']),
            ),
            Requirements.from_properties(
                {
                    'processor': {'total_cores': 2, 'model': 'M'},
                    'memory': {'capacity_mib': 1024, 'type': 'DDR4'},
                    'local_drive': {'capacity_gib': 10},
                    'network': {'speed_mbps': 1000},
                    'pci_device': {'type': ['NIC']},
                }
            ),
        )
