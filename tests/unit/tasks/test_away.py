import testtools

from tests.unit.tasks import working
from valence.common import exception
from valence.tasks import turn
from valence.tasks.outcome import Completed


class AwayTest(testtools.TestCase):
    """Tasks whose pod manager cannot be reached."""

    def setUp(self):
        super().setUp()
        self.engine = self.useFixture(working.Engine())
        self.attempts = []

    def away_for(self, turns):
        """Give what a handler does whose pod manager comes back."""

        def work(run):
            self.attempts.append(run.task.attempt)
            if len(self.attempts) <= turns:
                raise exception.PodManagerUnreachable(
                    url='http://podm', reason='away'
                )
            return Completed('done')

        return work

    def end(self, handler, **values):
        uuid = self.engine.add(**values)
        with self.engine.running(handler):
            return self.engine.ended(uuid)

    def assert_failed(self, task):
        self.assertEqual('failed', task.state)
        self.assertIn('http://podm cannot be reached', task.message)
        self.assertEqual([1], self.attempts)

    def test_fails_without_a_deadline(self):
        self.assert_failed(self.end(working.Does(self.away_for(1))))

    def test_waits_until_the_deadline(self):
        self.patch(turn, '_AWAY_DELAY', 0.05)
        task = self.end(working.Does(self.away_for(2)), deadline=60)
        self.assertEqual('completed', task.state)
        self.assertEqual([1, 2, 3], self.attempts)

    def test_waits_without_a_thread(self):
        uuid = self.engine.add(deadline=60)
        with self.engine.running(working.Does(self.away_for(1))):
            working.wait_until(
                lambda: self.engine.get(uuid).state == 'waiting'
            )
        task = self.engine.get(uuid)
        self.assertEqual(('waiting', None), (task.state, task.owner))
        delay = (task.due_at - task.updated_at) / 1_000_000
        self.assertTrue(1 < delay <= 5, delay)

    def test_waits_although_it_cannot_be_stopped(self):
        self.patch(turn, '_AWAY_DELAY', 0.05)
        handler = working.Does(self.away_for(1), may_stop=False)
        self.assertEqual('completed', self.end(handler, deadline=60).state)

    def test_is_undone_at_the_deadline(self):
        undone = []

        def work(run):
            working.wait_until(lambda: run.seconds_left == 0)
            self.away_for(1)(run)

        task = self.end(working.Does(work, undo=undone.append), deadline=0.2)
        self.assertEqual('deadline_exceeded', task.error['code'])
        self.assertEqual(1, len(undone))

    def test_fails_at_the_deadline_if_it_cannot_be_stopped(self):
        handler = working.Does(self.away_for(1), may_stop=False)
        self.assert_failed(self.end(handler, deadline=0))
