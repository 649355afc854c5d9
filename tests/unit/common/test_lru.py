import testtools

from valence.common.lru import Lru


class LruTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.kept = Lru(40, len)

    def test_get_what_was_put(self):
        self.assertIsNone(self.kept.get('a'))
        self.kept.put('a', b'12345')
        self.assertEqual(b'12345', self.kept.get('a'))
        self.assertEqual(5, self.kept.size)

    def test_put_again_and_drop(self):
        self.kept.put('a', b'12345')
        self.kept.put('a', b'123')
        self.assertEqual(3, self.kept.size)
        self.kept.drop('a')
        self.kept.drop('a')
        self.assertEqual(0, self.kept.size)
        self.assertIsNone(self.kept.get('a'))

    def test_what_was_not_asked_for_makes_room(self):
        for key in 'abcd':
            self.kept.put(key, b'x' * 10)
        self.kept.get('a')
        self.kept.put('e', b'x' * 10)
        self.assertEqual(40, self.kept.size)
        there = [key for key in 'abcde' if self.kept.get(key)]
        self.assertEqual(list('acde'), there)

    def test_what_is_too_large_is_not_kept(self):
        self.kept.put('a', b'x' * 11)
        self.assertIsNone(self.kept.get('a'))
