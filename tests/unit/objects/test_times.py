import testtools

from valence.objects import times


class ShowTest(testtools.TestCase):
    def test_none(self):
        self.assertIsNone(times.show(None))

    def test_seconds_are_cut_off(self):
        self.assertEqual('1970-01-01 00:00:00 UTC', times.show(999_999))

    def test_time(self):
        self.assertEqual(
            '2026-11-21 00:09:33 UTC', times.show(1_795_219_773_000_001)
        )
