import threading
import time

import testtools

from tests.fixtures import rows
from tests.unit.tasks import working
from valence.db.api import LeaseLost
from valence.tasks import worker as worker_module
from valence.tasks.outcome import Completed


def done(run):
    return Completed('done')


class WorkerEndTest(testtools.TestCase):
    """What becomes of tasks in hand when the process ends."""

    def setUp(self):
        super().setUp()
        self.engine = self.useFixture(working.Engine())
        self.database = self.engine.database

    def test_stop_lets_what_is_in_hand_end(self):
        entered, go_on = threading.Event(), threading.Event()

        def work(run):
            entered.set()
            go_on.wait(working.PATIENCE)
            return Completed('done')

        uuid = self.engine.add()
        worker = self.engine.make(working.Does(work))
        worker.start()
        entered.wait(working.PATIENCE)
        stopping = threading.Thread(target=worker.stop)
        stopping.start()
        stopping.join(0.2)
        self.assertTrue(stopping.is_alive())
        go_on.set()
        stopping.join(working.PATIENCE)
        self.assertEqual('completed', self.engine.get(uuid).state)

    def test_stop_takes_nothing_more(self):
        worker = self.engine.make(working.Does(done))
        worker.start()
        worker.stop()
        uuid = self.engine.add()
        worker.look()
        time.sleep(0.1)
        self.assertEqual('pending', self.engine.get(uuid).state)

    def test_stop_gives_back_what_does_not_end(self):
        self.patch(worker_module, '_PATIENCE', 0.1)
        entered, go_on = threading.Event(), threading.Event()
        self.addCleanup(go_on.set)
        after = []

        def work(run):
            entered.set()
            go_on.wait(working.PATIENCE)
            try:
                run.check()
            except LeaseLost:
                after.append('stopped')
                raise
            after.append('went on')
            return Completed('done')

        uuid = self.engine.add()
        worker = self.engine.make(working.Does(work))
        worker.start()
        entered.wait(working.PATIENCE)
        worker.stop()
        self.assertIn(uuid, self.engine.logger.output)
        (task,) = rows.claim(self.database, owner='there:boot')
        self.assertEqual(uuid, task.uuid)
        self.assertTrue(self.engine.run_of(task).taken_over)
        go_on.set()
        working.wait_until(lambda: after)
        self.assertEqual(['stopped'], after)

    # Tasks that are left in good order

    def stop_within(self, handler, gate, **values):
        """Stop a worker while its handler is at the gate; give the task."""
        uuid = self.engine.add(**values)
        worker = self.engine.make(handler)
        worker.start()
        gate.wait_until_reached()
        stopping = threading.Thread(target=worker.stop)
        stopping.start()
        time.sleep(0.1)
        self.assertTrue(stopping.is_alive())
        gate.open()
        stopping.join(working.PATIENCE)
        return self.engine.get(uuid)

    def claim_next(self, task):
        """Give the next attempt at a task, which any worker may have now."""
        (again,) = rows.claim(self.database, owner='there:boot')
        self.assertEqual(task.uuid, again.uuid)
        return self.engine.run_of(again)

    def test_task_between_two_steps_is_left_in_good_order(self):
        after = []

        def work(run):
            run.memo['step'] = 1
            gate.pass_through()
            after.append(working.take_steps(run))
            return Completed('done')

        gate = working.Gate()
        task = self.stop_within(working.Does(work), gate)
        self.assertEqual(('waiting', None), (task.state, task.owner))
        run = self.claim_next(task)
        self.assertEqual((1, False), (run.memo['step'], run.taken_over))
        self.assertEqual([], after)

    def test_step_in_hand_is_finished_and_remembered(self):
        def work(run):
            gate.pass_through()
            run.memo['made'] = 'this'
            return working.take_steps(run)

        gate = working.Gate()
        task = self.stop_within(working.Does(work), gate)
        run = self.claim_next(task)
        self.assertEqual(('this', False), (run.memo['made'], run.taken_over))

    def test_undo_is_left_in_good_order(self):
        undone = []

        def undo(run):
            run.memo['looks'] = 1
            gate.pass_through()
            undone.append(working.take_steps(run))

        gate = working.Gate()
        handler = working.Does(done, undo=undo)
        task = self.stop_within(handler, gate, deadline=0)
        self.assertEqual([], undone + handler.failures)
        run = self.claim_next(task)
        self.assertEqual((1, False), (run.memo['looks'], run.taken_over))

    def test_task_that_was_left_is_done_by_another_worker(self):
        seen = []

        def work(run):
            seen.append(run.taken_over)
            gate.pass_through()
            return done(run) if len(seen) > 1 else working.take_steps(run)

        gate = working.Gate()
        handler = working.Does(work)
        task = self.stop_within(handler, gate)
        with self.engine.running(handler, owner='there:boot'):
            self.assertEqual('completed', self.engine.ended(task.uuid).state)
        self.assertEqual([False, False], seen)

    def test_attempt_before_that_broke_off_is_not_forgotten(self):
        uuid = self.engine.add()
        rows.claim(self.database, owner='dead:worker', lease=0)

        def work(run):
            gate.pass_through()
            return working.take_steps(run)

        gate = working.Gate()
        worker = self.engine.make(working.Does(work))
        worker.start()
        gate.wait_until_reached()
        threading.Timer(0.1, gate.open).start()
        worker.stop()
        run = self.claim_next(self.engine.get(uuid))
        self.assertEqual((False, True), (run.taken_over, run.ever_taken_over))
