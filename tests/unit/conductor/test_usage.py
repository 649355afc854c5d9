import testtools

from valence.conductor import usage
from valence.objects.hardware import Size


class UsageTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.sizes = {
            '/1': Size('/1', cores=8, ram_gib=64.25, drives=2),
            '/2': Size('/2', cores=16, ram_gib=32, drives=0),
        }

    def count(self, *systems, **changes):
        values = {'taken': [], 'composed_nodes': 0, 'capacity': None}
        return usage.count(systems, self.sizes, **{**values, **changes})

    def test_all_free(self):
        self.assertEqual(
            {
                'systems': 2,
                'free_systems': 2,
                'cores': 24,
                'free_cores': 24,
                'memory_gib': 96.2,
                'free_memory_gib': 96.2,
                'drives': 2,
                'free_drives': 2,
                'composed_nodes': 0,
            },
            self.count('/1', '/2'),
        )

    def test_some_taken(self):
        found = self.count('/1', '/2', taken=['/1/', None, '/9'])
        self.assertEqual((2, 1), (found['systems'], found['free_systems']))
        self.assertEqual((24, 16), (found['cores'], found['free_cores']))
        self.assertEqual(32, found['free_memory_gib'])
        self.assertEqual((2, 0), (found['drives'], found['free_drives']))

    def test_nothing_is_free(self):
        found = self.count('/1', taken=['/1'])
        self.assertEqual((8, 0), (found['cores'], found['free_cores']))

    def test_no_systems(self):
        found = self.count()
        self.assertEqual({0}, set(found.values()))

    def test_size_that_is_not_told(self):
        self.sizes['/2'] = Size('/2', cores=16)
        found = self.count('/1', '/2', '/3')
        self.assertEqual((3, 24), (found['systems'], found['cores']))
        self.assertEqual(64.2, found['memory_gib'])

    def test_sizes_that_nobody_tells(self):
        self.sizes['/2'] = Size('/2')
        found = self.count('/2', '/3')
        for name in ('cores', 'memory_gib', 'drives'):
            self.assertIsNone(found[name])
            self.assertIsNone(found[f'free_{name}'])

    def test_nodes_and_capacity(self):
        found = self.count('/1', composed_nodes=3, capacity=8)
        self.assertEqual((3, 8), (found['composed_nodes'], found['capacity']))
        self.assertNotIn('capacity', self.count('/1'))
