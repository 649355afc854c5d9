import time

import testtools

from tests.fixtures import rows
from tests.unit.tasks import working
from valence.common import exception
from valence.tasks.outcome import Completed, Wait

#: Seconds after which a test says that something took too long.
SOON = 5


def done(run):
    return Completed('done')


def wait(run):
    return Wait(working.NEVER)


class StoppingTest(testtools.TestCase):
    """Tasks that are cancelled, or whose deadline is over."""

    def setUp(self):
        super().setUp()
        self.engine = self.useFixture(working.Engine())
        self.database = self.engine.database
        self.turns = []

    def noted(self, function):
        """Have the turns noted in which a function is called."""

        def work(run):
            self.turns.append(run)
            return function(run)

        return work

    def cancel(self, uuid, worker=None):
        self.database.tasks.cancel(uuid=uuid)
        if worker is not None:
            worker.look()

    def wait_for(self, uuid, state):
        working.wait_until(lambda: self.engine.get(uuid).state == state)
        self.assertEqual(state, self.engine.get(uuid).state)

    def assert_cancelled(self, task):
        self.assertEqual(
            ('cancelled', 'cancelled', 409),
            (task.state, task.error['code'], task.error['status']),
        )

    def assert_too_late(self, task):
        self.assertEqual(
            ('failed', 'deadline_exceeded', 504),
            (task.state, task.error['code'], task.error['status']),
        )

    # Cancelled

    def test_cancelled_before_it_began(self):
        uuid = self.engine.add()
        self.cancel(uuid)
        handler = working.Does(self.noted(done))
        with self.engine.running(handler):
            self.assert_cancelled(self.engine.ended(uuid))
        self.assertEqual([], self.turns)
        (error,) = handler.failures
        self.assertIsInstance(error, exception.Cancelled)

    def test_cancelled_while_it_waits(self):
        uuid = self.engine.add()
        with self.engine.running(working.Does(self.noted(wait))) as worker:
            self.wait_for(uuid, 'waiting')
            self.cancel(uuid, worker)
            self.assert_cancelled(self.engine.ended(uuid))
        self.assertEqual(1, len(self.turns))

    def test_cancelled_while_it_runs(self):
        uuid = self.engine.add()
        with self.engine.running(working.Does(working.take_steps)):
            self.wait_for(uuid, 'running')
            self.cancel(uuid)
            started = time.monotonic()
            self.assert_cancelled(self.engine.ended(uuid))
        self.assertLess(time.monotonic() - started, SOON)

    def test_cancelled_in_the_last_step_before_a_wait(self):
        gate = working.Gate()

        def work(run):
            gate.pass_through()
            return Wait(working.NEVER)

        uuid = self.engine.add()
        with self.engine.running(working.Does(work), sweep_interval=0.1):
            gate.wait_until_reached()
            self.cancel(uuid)
            gate.open()
            self.assert_cancelled(self.engine.ended(uuid))

    def test_cancelled_and_heard_of_before_a_wait(self):
        def work(run):
            working.wait_until(lambda: run.cancelled)
            return Wait(working.NEVER)

        uuid = self.engine.add()
        with self.engine.running(working.Does(work)):
            self.wait_for(uuid, 'running')
            self.cancel(uuid)
            self.assert_cancelled(self.engine.ended(uuid))

    def test_what_the_stop_means_is_written_with_it(self):
        node = rows.add_node(self.database)

        class Forgets(working.Does):
            def failed(self, tables, task, error):
                tables.nodes.delete(uuid=task.resource_uuid)

        uuid = self.engine.add(resource_uuid=node.uuid)
        self.cancel(uuid)
        with self.engine.running(Forgets(done)):
            self.engine.ended(uuid)
        self.assertRaises(
            exception.NodeNotFound,
            self.database.nodes.get,
            ident=node.uuid,
            project_id=None,
        )

    # Undone

    def test_undone_with_what_is_remembered(self):
        def work(run):
            run.memo['made'] = 'this'
            return Wait(working.NEVER)

        undone = []

        def undo(run):
            undone.append(run.memo['made'])

        uuid = self.engine.add()
        with self.engine.running(working.Does(work, undo=undo)) as worker:
            self.wait_for(uuid, 'waiting')
            self.cancel(uuid, worker)
            self.assert_cancelled(self.engine.ended(uuid))
        self.assertEqual(['this'], undone)

    def test_undo_that_waits_is_called_again(self):
        seen = []

        def undo(run):
            seen.append(run.memo.get('looks', 0))
            run.memo['looks'] = len(seen)
            return Wait(0.05) if len(seen) < 3 else None

        uuid = self.engine.add()
        self.cancel(uuid)
        handler = working.Does(self.noted(done), undo=undo)
        with self.engine.running(handler):
            self.assert_cancelled(self.engine.ended(uuid))
        self.assertEqual(([0, 1, 2], []), (seen, self.turns))

    def test_undo_waits_for_as_long_as_it_says(self):
        uuid = self.engine.add(deadline=0)
        self.cancel(uuid)
        with self.engine.running(working.Does(done, undo=wait)):
            self.wait_for(uuid, 'waiting')
            task = self.engine.get(uuid)
        left = (task.due_at - task.updated_at) / 1_000_000
        self.assertGreater(left, working.NEVER / 2)

    def test_undo_is_not_stopped(self):
        undone = []

        def undo(run):
            run.check()
            undone.append(run)

        uuid = self.engine.add()
        self.cancel(uuid)
        with self.engine.running(working.Does(done, undo=undo)):
            self.assert_cancelled(self.engine.ended(uuid))
        self.assertEqual(1, len(undone))

    def test_what_cannot_be_undone_needs_attention(self):
        def undo(run):
            raise exception.NeedsAttention(detail='look there')

        uuid = self.engine.add()
        self.cancel(uuid)
        handler = working.Does(done, undo=undo)
        with self.engine.running(handler):
            task = self.engine.ended(uuid)
        self.assertEqual(
            ('failed', 'needs_attention', 'look there'),
            (task.state, task.error['code'], task.message),
        )
        (error,) = handler.failures
        self.assertIsInstance(error, exception.NeedsAttention)

    # Not stoppable

    def test_not_stoppable_goes_on_to_its_end(self):
        def work(run):
            working.wait_until(lambda: run.cancelled)
            run.check()
            return Completed('done')

        undone = []
        uuid = self.engine.add(deadline=0)
        handler = working.Does(work, undo=undone.append, may_stop=False)
        with self.engine.running(handler):
            self.wait_for(uuid, 'running')
            self.cancel(uuid)
            self.assertEqual('completed', self.engine.ended(uuid).state)
        self.assertEqual([], undone)

    def test_not_stoppable_waits_for_as_long_as_it_says(self):
        uuid = self.engine.add(deadline=0)
        self.cancel(uuid)
        with self.engine.running(
            working.Does(self.noted(wait), may_stop=False)
        ):
            self.wait_for(uuid, 'waiting')
            time.sleep(0.2)
        self.assertEqual(1, len(self.turns))

    def test_task_of_a_dead_worker_goes_on_to_its_end(self):
        uuid = self.engine.add()
        rows.claim(self.database, owner='dead:worker', lease=0)
        self.cancel(uuid)
        with self.engine.running(working.Does(done), sweep_interval=0.1):
            self.assertEqual('completed', self.engine.ended(uuid).state)

    # The deadline

    def test_deadline_before_it_began(self):
        uuid = self.engine.add(deadline=0)
        handler = working.Does(self.noted(done))
        with self.engine.running(handler):
            self.assert_too_late(self.engine.ended(uuid))
        self.assertEqual([], self.turns)
        (error,) = handler.failures
        self.assertIsInstance(error, exception.DeadlineExceeded)

    def test_deadline_while_it_waits(self):
        uuid = self.engine.add(deadline=1.5)
        undone = []
        with self.engine.running(
            working.Does(self.noted(wait), undo=undone.append)
        ):
            self.assert_too_late(self.engine.ended(uuid))
        self.assertEqual((1, 1), (len(self.turns), len(undone)))
        task = self.engine.get(uuid)
        self.assertGreaterEqual(task.finished_at, task.deadline_at)

    def test_deadline_while_it_runs(self):
        uuid = self.engine.add(deadline=0.3)
        with self.engine.running(working.Does(working.take_steps)):
            self.assert_too_late(self.engine.ended(uuid))
        task = self.engine.get(uuid)
        late = task.finished_at - task.deadline_at
        self.assertTrue(0 <= late < SOON * 1_000_000, late)

    def test_deadline_in_the_last_step_before_a_wait(self):
        def work(run):
            working.wait_until(lambda: run.seconds_left == 0)
            return Wait(working.NEVER)

        uuid = self.engine.add(deadline=0.2)
        with self.engine.running(working.Does(work)):
            self.assert_too_late(self.engine.ended(uuid))

    def test_cancelled_counts_before_the_deadline(self):
        uuid = self.engine.add(deadline=0)
        self.cancel(uuid)
        with self.engine.running(working.Does(done)):
            self.assert_cancelled(self.engine.ended(uuid))

    def test_deadline_that_is_kept(self):
        uuid = self.engine.add(deadline=60)
        with self.engine.running(working.Does(done)):
            self.assertEqual('completed', self.engine.ended(uuid).state)
