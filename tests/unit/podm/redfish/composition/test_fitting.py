import testtools

from valence.common import http_auth, http_client
from valence.objects import requirements
from valence.podm.redfish import parse
from valence.podm.redfish.composition import fitting

GIB = 1024**3


class FittingTest(testtools.TestCase):
    def sent(self, **raw):
        client = http_client.HttpClient(
            'http://podm',
            auth=http_auth.BasicAuth('', ''),
            limits=http_client.Limits(),
        )
        return parse.Document(client, '/redfish/v1/x', raw)

    def test_processor(self):
        wanted = requirements.Processor(
            total_cores=8, model='M', instruction_set='x86-64', speed_mhz=2000
        )
        good = {
            'TotalCores': 8,
            'Model': 'M',
            'InstructionSet': 'x86-64',
            'MaxSpeedMHz': 2000,
        }
        self.assertTrue(fitting.processor(wanted, self.sent(**good)))
        for name, worse in (
            ('TotalCores', 7),
            ('TotalCores', '8'),
            ('Model', 'm'),
            ('InstructionSet', None),
            ('MaxSpeedMHz', 1999.5),
        ):
            sent = self.sent(**{**good, name: worse})
            self.assertFalse(fitting.processor(wanted, sent), name)

    def test_nothing_wanted(self):
        empty = self.sent()
        self.assertTrue(fitting.processor(requirements.Processor(), empty))
        self.assertTrue(fitting.drive(requirements.LocalDrive(), empty))
        self.assertTrue(fitting.interface(requirements.Network(), empty))
        self.assertTrue(fitting.memory(requirements.Memory(), [empty]))

    def test_memory_in_sum(self):
        wanted = requirements.Memory(capacity_mib=3000)
        module = self.sent(CapacityMiB=1024)
        self.assertFalse(fitting.memory(wanted, [module] * 2))
        self.assertTrue(fitting.memory(wanted, [module] * 3))
        self.assertFalse(fitting.memory(wanted, []))

    def test_memory_counts_only_what_fits(self):
        wanted = requirements.Memory(
            capacity_mib=2000, type='DDR4', speed_mhz=2400
        )
        good = {
            'CapacityMiB': 1024,
            'MemoryType': 'DRAM',
            'MemoryDeviceType': 'DDR4',
            'OperatingSpeedMhz': 2400,
        }
        fits = self.sent(**good)
        self.assertTrue(fitting.memory(wanted, [fits, fits]))
        for name, worse in (
            ('MemoryDeviceType', 'DDR3'),
            ('OperatingSpeedMhz', 2133),
            ('CapacityMiB', '1024'),
        ):
            other = self.sent(**{**good, name: worse})
            self.assertFalse(fitting.memory(wanted, [fits, other]), name)

    def test_memory_by_either_word(self):
        sent = self.sent(MemoryType='DRAM', MemoryDeviceType='DDR4')
        for word, fits in (('DRAM', True), ('DDR4', True), ('DDR5', False)):
            wanted = requirements.Memory(type=word)
            self.assertIs(fits, fitting.memory(wanted, [sent]))

    def test_drive(self):
        wanted = requirements.LocalDrive(capacity_gib=1, type='SSD')
        for size, media, fits in (
            (GIB, 'SSD', True),
            (GIB - 1, 'SSD', False),
            (GIB, 'HDD', False),
            (str(GIB), 'SSD', False),
            (None, 'SSD', False),
            (GIB, None, False),
        ):
            sent = self.sent(CapacityBytes=size, MediaType=media)
            self.assertIs(fits, fitting.drive(wanted, sent), (size, media))

    def test_interface(self):
        wanted = requirements.Network(speed_mbps=1000)
        for speed, fits in ((1000, True), (999, False), ('1000', False)):
            sent = self.sent(SpeedMbps=speed)
            self.assertIs(fits, fitting.interface(wanted, sent))
