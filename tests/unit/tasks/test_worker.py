import threading
import time

import testtools

from tests.fixtures import rows
from tests.unit.tasks import working
from valence.common import context, exception
from valence.db.api import LeaseLost
from valence.tasks import worker as worker_module
from valence.tasks.outcome import Completed, HandOver, Wait


def done(run):
    return Completed('done')


class WorkerTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.engine = self.useFixture(working.Engine())
        self.database = self.engine.database

    def run_one(self, *handlers, **values):
        """Add a task, let a worker do it, and give it as it ended."""
        uuid = self.engine.add(**values)
        with self.engine.running(*handlers):
            return self.engine.ended(uuid)

    # How tasks end

    def test_completes(self):
        def work(run):
            return Completed('done', result={'a': 1})

        task = self.run_one(working.Does(work))
        self.assertEqual(
            ('completed', 'done', {'a': 1}, 100, 1),
            (
                task.state,
                task.message,
                task.result,
                task.percent,
                task.attempt,
            ),
        )

    def test_what_belongs_to_the_end_is_written_with_it(self):
        values = rows.node()

        def work(run):
            return Completed(
                'done', also=lambda tables: tables.nodes.create(values=values)
            )

        self.run_one(working.Does(work))
        self.database.nodes.get(ident=values['uuid'], project_id=None)

    def test_fails(self):
        def work(run):
            raise exception.NoMatchingSystem(detail='none', reasons=['a', 'b'])

        handler = working.Does(work)
        task = self.run_one(handler)
        self.assertEqual(('failed', 'none'), (task.state, task.message))
        self.assertEqual(
            {
                'status': 409,
                'code': 'Conflict',
                'title': 'No matching system',
                'detail': 'none',
                'reasons': ['a', 'b'],
            },
            task.error,
        )
        self.assertIsInstance(handler.failures[0], exception.NoMatchingSystem)

    def test_what_a_failure_means_is_written_with_it(self):
        node = rows.add_node(self.database)

        class Fails(working.Does):
            def failed(self, tables, task, error):
                tables.nodes.delete(uuid=task.resource_uuid)
                raise RuntimeError('too much')

        def work(run):
            raise exception.Conflict(detail='no')

        uuid = self.engine.add(resource_uuid=node.uuid)
        with self.engine.running(Fails(work)):
            working.wait_until(
                lambda: 'could not be written' in self.engine.logger.output
            )
        self.assertFalse(self.engine.get(uuid).ended)
        self.database.nodes.get(ident=node.uuid, project_id=None)

    def test_crash_is_told_without_detail(self):
        def work(run):
            raise RuntimeError('password=secret')

        handler = working.Does(work)
        task = self.run_one(handler)
        self.assertEqual('failed', task.state)
        self.assertEqual(500, task.error['status'])
        self.assertNotIn('secret', str(task))
        self.assertIn('RuntimeError', self.engine.logger.output)
        self.assertEqual(1, len(handler.failures))

    def test_hand_over(self):
        podm_id, values = rows.new_uuid(), rows.node()

        def work(run):
            run.memo['tried'] = 'this'
            return HandOver(
                'valence-conductor',
                podm_id=podm_id,
                also=lambda tables: tables.nodes.create(values=values),
            )

        uuid = self.engine.add()
        with self.engine.running(working.Does(work)):
            working.wait_until(lambda: self.engine.bells.rung)
        self.assertEqual(['valence-conductor'], self.engine.bells.rung)
        (task,) = rows.claim(self.database, topic='valence-conductor')
        self.assertEqual((uuid, podm_id), (task.uuid, task.podm_id))
        self.assertEqual('this', task.memo['tried'])
        self.assertFalse(self.engine.run_of(task).taken_over)
        self.database.nodes.get(ident=values['uuid'], project_id=None)

    def test_wait_resumes_with_its_memo(self):
        seen = []

        def work(run):
            seen.append((run.memo.get('looks'), run.taken_over))
            run.memo['looks'] = run.memo.get('looks', 0) + 1
            return Wait(0.01) if len(seen) < 3 else Completed('done')

        task = self.run_one(working.Does(work))
        self.assertEqual([(None, False), (1, False), (2, False)], seen)
        self.assertEqual(3, task.attempt)

    def test_several_waits_end_without_a_sweep(self):
        pauses = {'a': 0.3, 'b': 0.6, 'c': 0.9}
        looked = {}

        def work(run):
            name = run.task.request['name']
            looked.setdefault(name, []).append(time.monotonic())
            if len(looked[name]) == 1:
                return Wait(pauses[name])
            return Completed('done')

        uuids = [self.engine.add(request={'name': name}) for name in pauses]
        with self.engine.running(working.Does(work), threads=3):
            for uuid in uuids:
                self.assertEqual('completed', self.engine.ended(uuid).state)
        for name, (first, second) in looked.items():
            self.assertGreaterEqual(second - first, pauses[name] - 0.01)

    def test_unknown_action_goes_back(self):
        uuid = self.engine.add(action='unheard-of')
        with self.engine.running(working.Does(done)):
            working.wait_until(
                lambda: self.engine.get(uuid).state == 'waiting'
            )
        task = self.engine.get(uuid)
        self.assertEqual(('waiting', None), (task.state, task.owner))
        self.assertGreater(task.due_at, task.updated_at)

    # When tasks are found

    def test_found_at_the_start(self):
        self.assertEqual('completed', self.run_one(working.Does(done)).state)

    def test_found_by_the_bell(self):
        with self.engine.running(working.Does(done)) as worker:
            time.sleep(0.1)
            uuid = self.engine.add()
            worker.look()
            self.assertEqual('completed', self.engine.ended(uuid).state)

    def test_found_by_the_sweep(self):
        with self.engine.running(working.Does(done), sweep_interval=0.1):
            time.sleep(0.05)
            uuid = self.engine.add()
            self.assertEqual('completed', self.engine.ended(uuid).state)

    def test_paused_takes_nothing_until_it_is_resumed(self):
        with self.engine.running(
            working.Does(done), sweep_interval=0.02
        ) as worker:
            worker.pause(True)
            time.sleep(0.1)
            uuid = self.engine.add()
            worker.look()
            time.sleep(0.2)
            self.assertEqual('pending', self.engine.get(uuid).state)
            worker.pause(False)
            self.assertEqual('completed', self.engine.ended(uuid).state)

    def test_more_tasks_than_threads(self):
        uuids = [self.engine.add() for _ in range(20)]
        with self.engine.running(working.Does(done), threads=3):
            states = [self.engine.ended(uuid).state for uuid in uuids]
        self.assertEqual(['completed'] * 20, states)

    def test_no_more_at_once_than_threads(self):
        at_once, most = [], []
        lock = threading.Lock()

        def work(run):
            with lock:
                at_once.append(run)
                most.append(len(at_once))
            time.sleep(0.02)
            with lock:
                at_once.remove(run)
            return Completed('done')

        uuids = [self.engine.add() for _ in range(9)]
        with self.engine.running(working.Does(work), threads=3):
            for uuid in uuids:
                self.engine.ended(uuid)
        self.assertEqual(3, max(most))

    # Leases

    def test_task_longer_than_its_lease_is_done_once(self):
        calls = []

        def work(run):
            calls.append(run)
            for _ in range(20):
                time.sleep(0.1)
                run.check()
            return Completed('done')

        uuid = self.engine.add()
        options = {'lease': 1, 'sweep_interval': 0.1}
        with (
            self.engine.running(working.Does(work), **options),
            self.engine.running(
                working.Does(work), owner='there:boot', **options
            ),
        ):
            self.assertEqual('completed', self.engine.ended(uuid).state)
        self.assertEqual(1, len(calls))

    def test_lost_lease_stops_the_handler(self):
        entered, go_on = threading.Event(), threading.Event()
        after = []

        def work(run):
            entered.set()
            go_on.wait(working.PATIENCE)
            run.remember(too='late')
            after.append(run)
            return Completed('done')

        uuid = self.engine.add()
        handler = working.Does(work)
        with self.engine.running(handler):
            entered.wait(working.PATIENCE)
            self.database.tasks.release(owner='here:worker', uuids=[uuid])
            (taken,) = rows.claim(self.database, owner='there:boot')
            go_on.set()
            working.wait_until(
                lambda: 'taken over' in self.engine.logger.output
            )
        self.assertEqual([], after)
        self.assertEqual([], handler.failures)
        self.assertEqual(taken, self.engine.get(uuid))

    def test_result_of_a_lost_task_is_dropped(self):
        entered, go_on = threading.Event(), threading.Event()
        values = rows.node()

        def work(run):
            entered.set()
            go_on.wait(working.PATIENCE)
            return Completed(
                'done', also=lambda tables: tables.nodes.create(values=values)
            )

        uuid = self.engine.add()
        with self.engine.running(working.Does(work)):
            entered.wait(working.PATIENCE)
            self.database.tasks.release(owner='here:worker', uuids=[uuid])
            (taken,) = rows.claim(self.database, owner='there:boot')
            go_on.set()
            working.wait_until(
                lambda: 'taken over' in self.engine.logger.output
            )
        self.assertEqual(taken, self.engine.get(uuid))
        self.assertRaises(
            exception.NodeNotFound,
            self.database.nodes.get,
            ident=values['uuid'],
            project_id=None,
        )

    # The end of the worker

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

    # The database away

    def break_database(self, table, name, times):
        """Make a method fail so many times as it does in an outage."""
        real = getattr(table, name)
        left = [times]

        def broken(*args, **kwargs):
            if left[0]:
                left[0] -= 1
                raise exception.DatabaseUnavailable
            return real(*args, **kwargs)

        self.patch(table, name, broken)
        return left

    def test_claims_again_after_an_outage(self):
        left = self.break_database(self.database.tasks, 'claim', 2)
        uuid = self.engine.add()
        with self.engine.running(working.Does(done), sweep_interval=0.05):
            self.assertEqual('completed', self.engine.ended(uuid).state)
        self.assertEqual([0], left)

    def test_outage_at_the_end_of_a_task(self):
        self.break_database(self.database, 'write', 1)
        seen = []

        def work(run):
            seen.append(run.taken_over)
            return Completed('done')

        uuid = self.engine.add()
        with self.engine.running(
            working.Does(work), lease=1, sweep_interval=0.1
        ):
            self.assertEqual('completed', self.engine.ended(uuid).state)
        self.assertEqual([False, True], seen)

    def test_outage_within_a_handler(self):
        seen = []
        nodes = self.database.nodes
        self.break_database(nodes, 'count_by_pod_manager', 1)

        def work(run):
            seen.append(run.taken_over)
            nodes.count_by_pod_manager()
            return Completed('done')

        handler = working.Does(work)
        uuid = self.engine.add()
        with self.engine.running(handler, lease=1, sweep_interval=0.1):
            self.assertEqual('completed', self.engine.ended(uuid).state)
        self.assertEqual([False, True], seen)
        self.assertEqual([], handler.failures)

    def test_outage_while_waiting_for_the_end(self):
        """Renewals fail for longer than the lease: the handler stops."""
        entered, go_on = threading.Event(), threading.Event()
        stopped = []

        def work(run):
            entered.set()
            go_on.wait(working.PATIENCE)
            try:
                run.check()
            except LeaseLost:
                stopped.append(run.task.attempt)
                raise
            return Completed('done')

        self.engine.add()
        with self.engine.running(working.Does(work), lease=1):
            entered.wait(working.PATIENCE)
            self.break_database(self.database.tasks, 'renew', 10**6)
            time.sleep(0.7)
            go_on.set()
            working.wait_until(lambda: stopped)
        self.assertEqual([1], stopped)

    # The log

    def test_log_carries_the_request(self):
        seen = []

        def work(run):
            seen.append(context.current_request_id())
            return Completed('done')

        self.run_one(working.Does(work), request_id='req-1')
        self.assertEqual(['req-1'], seen)
