import fixtures
import testtools

from valence.common import http_answer, http_deadline, http_failure, http_retry


def answer(status, **headers):
    return http_answer.Answer(status, '/', headers, b'')


class RepeatedTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.pauses = []
        self.useFixture(fixtures.MonkeyPatch('time.sleep', self.pauses.append))

    def repeated(self, *outcomes, most=2):
        """Attempt so often; give the last answer, and how often it was."""
        left = list(outcomes)

        def attempt():
            outcome = left.pop(0)
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        found = http_retry.repeated(attempt, most=most)
        return found.status, len(outcomes) - len(left)

    def test_good_or_final(self):
        for status in (200, 202, 304, 400, 404, 500, 501):
            self.assertEqual((status, 1), self.repeated(answer(status)))
        self.assertEqual([], self.pauses)

    def test_for_now(self):
        good = answer(200)
        for status in (429, 502, 503, 504):
            bad = answer(status)
            self.assertEqual((200, 3), self.repeated(bad, bad, good))
            self.assertEqual((status, 3), self.repeated(bad, bad, bad))

    def test_lost(self):
        lost = http_failure.Lost('x', sent=False)
        self.assertEqual((200, 3), self.repeated(lost, lost, answer(200)))
        self.assertRaises(
            http_failure.Lost, self.repeated, lost, lost, lost, answer(200)
        )

    def test_never(self):
        self.assertEqual((503, 1), self.repeated(answer(503), most=0))

    def test_pauses_are_longer_each_time_and_never_the_same(self):
        bad = answer(503)
        for _ in range(20):
            self.repeated(bad, bad, bad)
        first, second = self.pauses[::2], self.pauses[1::2]
        self.assertTrue(all(0.05 <= pause <= 0.2 for pause in first))
        self.assertTrue(all(0.2 <= pause <= 0.8 for pause in second))
        self.assertLess(10, len(set(first)))

    def test_pauses_that_are_asked_for(self):
        busy = answer(503, **{'Retry-After': '7'})
        self.repeated(busy, answer(200))
        self.assertEqual([7], self.pauses)

    def test_no_pause_beyond_the_deadline(self):
        busy = answer(503, **{'Retry-After': '7'})
        with http_deadline.within(6):
            self.assertEqual((503, 1), self.repeated(busy, answer(200)))
        lost = http_failure.Lost('x', sent=False)
        with http_deadline.within(0.04):
            self.assertRaises(
                (http_failure.Lost, TimeoutError),
                self.repeated,
                lost,
                answer(200),
            )
        self.assertEqual([], self.pauses)
