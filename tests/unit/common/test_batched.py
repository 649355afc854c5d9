import testtools

from valence.common.batched import batched


class BatchedTest(testtools.TestCase):
    def test_batched(self):
        for count, found in (
            (0, []),
            (1, [[0]]),
            (2, [[0, 1]]),
            (5, [[0, 1], [2, 3], [4]]),
        ):
            self.assertEqual(found, list(batched(range(count), 2)))

    def test_nothing_is_read_ahead(self):
        items = iter(range(5))
        self.assertEqual([0, 1], next(batched(items, 2)))
        self.assertEqual(2, next(items))
