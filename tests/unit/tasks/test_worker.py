import threading
import time

import testtools

from tests.fixtures import rows
from tests.unit.tasks import working
from valence.common import exception
from valence.tasks.outcome import Completed


def done(run):
    return Completed('done')


class WorkerTest(testtools.TestCase):
    """How a worker finds tasks, and keeps those that it has."""

    def setUp(self):
        super().setUp()
        self.engine = self.useFixture(working.Engine())
        self.database = self.engine.database

    # When tasks are found

    def test_found_at_the_start(self):
        uuid = self.engine.add()
        with self.engine.running(working.Does(done)):
            self.assertEqual('completed', self.engine.ended(uuid).state)

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
            working.wait_until(lambda: max(most) >= 3)
            time.sleep(0.05)
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
            time.sleep(2.5)
            return Completed('done')

        uuid = self.engine.add()
        options = {'lease': 2, 'sweep_interval': 0.1}
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
