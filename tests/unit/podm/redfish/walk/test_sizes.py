import testtools

from tests.unit.podm import scripted
from tests.unit.podm.connected import ROOT, collection, link
from tests.unit.podm.redfish import expanding
from tests.unit.podm.redfish.walk.trees import SYSTEM, SYSTEMS, Tree
from valence.objects.hardware import Size

STORAGE = f'{SYSTEM}/Storage'


class SizesTest(testtools.TestCase):
    """By what is read anyway."""

    def setUp(self):
        super().setUp()
        self.tree = self.useFixture(Tree())

    def size(self):
        (size,) = self.tree.part(SYSTEMS).sizes
        return size

    def test_nothing_told(self):
        self.tree.system()
        self.assertEqual(Size(SYSTEM), self.size())

    def test_summaries(self):
        self.tree.system(
            ProcessorSummary={'CoreCount': 16},
            MemorySummary={'TotalSystemMemoryGiB': 63.5},
        )
        self.assertEqual(Size(SYSTEM, 16, 63.5), self.size())

    def test_summaries_of_no_use(self):
        for wrong in (-1, '16', True, None, [], 1e300):
            self.tree.system(
                ProcessorSummary={'CoreCount': wrong},
                MemorySummary={'TotalSystemMemoryGiB': wrong},
            )
            self.assertEqual(Size(SYSTEM), self.size())

    def test_nothing_is_asked_for(self):
        processors = self.tree.hold(f'{SYSTEM}/Processors', 1)
        self.tree.system(
            Processors=processors, SimpleStorage=link(f'{SYSTEM}/x')
        )
        self.tree.get(f'{SYSTEM}/Processors/1', {'TotalCores': 8})
        self.assertEqual(Size(SYSTEM), self.size())
        self.assertEqual(
            [ROOT, SYSTEMS, SYSTEM, f'{SYSTEM}/Processors'],
            self.tree.asked('GET'),
        )

    def test_drives(self):
        self.tree.system(Storage=self.tree.hold(STORAGE, 1, 2))
        first, second, third = (link(f'/redfish/v1/{n}') for n in 'abc')
        self.tree.get(f'{STORAGE}/1', {'Drives': [first, second]})
        self.tree.get(f'{STORAGE}/2', {'Drives': [second, third]})
        self.assertEqual(3, self.size().drives)
        self.tree.hold(STORAGE)
        self.assertEqual(0, self.size().drives)

    def test_drives_that_are_not_all_known(self):
        self.tree.system(Storage=self.tree.hold(STORAGE, 1, 2))
        self.tree.get(f'{STORAGE}/1', {'Drives': []})
        self.assertIsNone(self.size().drives)
        self.tree.script['GET', STORAGE] = scripted.Reply(500)
        self.assertIsNone(self.size().drives)


class ExpandedSizesTest(testtools.TestCase):
    """By what came along."""

    def size(self, **properties):
        pod = self.useFixture(expanding.ExpandingPod())
        system = expanding.system(1, ProcessorSummary=None, **properties)
        pod.expand(expanding.expanded(system))
        (size,) = next(pod.connection.inventory.walk()).sizes
        self.assertEqual([ROOT, expanding.query(4)], pod.asked('GET'))
        return size

    def inside(self, name, *documents, whole=True):
        """Give a collection of whole resources, or of links to them."""
        path = f'{SYSTEM}/{name}'
        members = [
            {'@odata.id': f'{path}/{number}', '@odata.type': '#x', **document}
            for number, document in enumerate(documents)
        ]
        paths = [member['@odata.id'] for member in members]
        held = {'Members': members} if whole else collection(*paths)
        return {'@odata.id': path, '@odata.type': '#y', **held}

    def test_cores(self):
        found = (
            {'TotalCores': 8},
            {'TotalCores': 8, 'ProcessorType': 'CPU'},
            {'TotalCores': 5000, 'ProcessorType': 'GPU'},
            {'TotalCores': None},
        )
        size = self.size(Processors=self.inside('Processors', *found))
        self.assertEqual(16, size.cores)

    def test_ram(self):
        found = ({'CapacityMiB': 16384}, {'CapacityMiB': 512}, {'Name': 'x'})
        size = self.size(Memory=self.inside('Memory', *found))
        self.assertEqual(16.5, size.ram_gib)

    def test_not_all_of_them(self):
        found = self.inside('Memory', {'CapacityMiB': 1}, whole=False)
        self.assertIsNone(self.size(Memory=found).ram_gib)

    def test_simple_storage(self):
        found = self.inside(
            'SimpleStorage', {'Devices': [{}, {}]}, {'Devices': [{}]}
        )
        self.assertEqual(3, self.size(SimpleStorage=found).drives)
