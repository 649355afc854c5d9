import testtools

from valence.conductor.walked import Walked
from valence.objects.hardware import Part, Size

TYPES = frozenset({'Chassis/Rack', 'Drive'})


class WalkedTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.walked = Walked()

    def note(self, url, *found, **values):
        self.walked.note(Part(url, TYPES, found, **values))

    def test_nothing(self):
        self.assertEqual({}, self.walked.found)
        self.assertIsNone(self.walked.complaint())
        self.assertEqual([], self.walked.listed())
        self.assertFalse(self.walked.is_blank)
        self.assertFalse(self.walked.ended)

    def test_all_parts_are_kept(self):
        self.note('/a', ('/a/1', 'Drive'), sizes=[Size('/a/1', cores=4)])
        self.note('/b', ('/b/1', 'Drive'), error='broken')
        self.assertEqual({'/a/1': 'Drive', '/b/1': 'Drive'}, self.walked.found)
        self.assertEqual(4, self.walked.sizes['/a/1'].cores)
        self.assertEqual({'Chassis', 'Drive'}, self.walked.failed_types)
        self.assertEqual(
            [{'part': '/b', 'error': 'broken'}], self.walked.listed()
        )

    def test_what_was_read(self):
        self.note('/a/')
        self.note('/b')
        self.note('/b', error='broken')
        types = frozenset({'Chassis', 'Drive'})
        self.assertEqual(types, self.walked.types_read_at('/a'))
        for path in ('/b', '/c'):
            self.assertEqual(frozenset(), self.walked.types_read_at(path))

    def test_blank(self):
        self.note('/a', error='broken')
        self.assertTrue(self.walked.is_blank)
        self.note('/b')
        self.assertFalse(self.walked.is_blank)

    def test_complaint(self):
        self.note('/a', error='broken')
        self.assertEqual(
            '1 part could not be read: /a: broken', self.walked.complaint()
        )
        self.note('/b', error='/b/1: broken')
        self.assertEqual(
            '2 parts could not be read: /a: broken; /b/1: broken',
            self.walked.complaint(),
        )

    def test_complaint_is_bounded(self):
        for number in range(1000):
            self.note(f'/{number}', error='x' * 10_000)
        complaint = self.walked.complaint()
        self.assertLess(len(complaint), 1500)
        self.assertIn('1000 parts could not be read: /0: xxx', complaint)
        self.assertIn('; and 995 more', complaint)
        listed = self.walked.listed()
        self.assertEqual(50, len(listed))
        self.assertLess(len(str(listed)), 20_000)
