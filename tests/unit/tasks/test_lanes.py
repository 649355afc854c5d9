import threading
import time

import testtools

from tests.fixtures import rows
from tests.unit.tasks import working
from valence.tasks.outcome import Completed, Wait


class Crowd:
    """A handler's function that holds each task until it is let go."""

    def __init__(self) -> None:
        self.inside: list[str] = []
        self._let: set[str] = set()
        self._changed = threading.Condition()

    def __call__(self, run):
        uuid = run.task.uuid
        with self._changed:
            self.inside.append(uuid)
            self._changed.wait_for(lambda: uuid in self._let, working.PATIENCE)
            self.inside.remove(uuid)
        return Completed('done')

    def let_go(self, *uuids):
        with self._changed:
            self._let.update(uuids)
            self._changed.notify_all()


class LanesTest(testtools.TestCase):
    """How the tasks share the threads, and the slots of pod managers.

    No worker sweeps here: what is to be found is found at once.
    """

    def setUp(self):
        super().setUp()
        self.engine = self.useFixture(working.Engine())
        self.crowd = Crowd()
        self.tasks = []
        self.addCleanup(lambda: self.crowd.let_go(*self.tasks))

    def running(self, **options):
        return self.engine.running(working.Does(self.crowd), **options)

    def add(self, count=1, **values):
        uuids = [self.engine.add(**values) for _ in range(count)]
        self.tasks += uuids
        return uuids

    def wait_for(self, *uuids):
        """Wait until just these tasks are worked on."""
        working.wait_until(lambda: set(self.crowd.inside) == set(uuids))
        time.sleep(0.1)
        self.assertEqual(set(uuids), set(self.crowd.inside))

    def leave(self):
        """Have all tasks end, so that the worker can."""
        self.crowd.let_go(*self.tasks)
        for uuid in self.tasks:
            self.assertEqual('completed', self.engine.ended(uuid).state)

    # Short tasks

    def test_long_ones_leave_threads_to_short_ones(self):
        long = self.add(3)
        with self.running(threads=3, short_threads=1) as worker:
            self.wait_for(*long[:2])
            short = self.add(short=True)
            worker.look()
            self.wait_for(*long[:2], *short)
            self.leave()

    def test_short_ones_use_all_threads(self):
        short = self.add(4, short=True)
        with self.running(threads=3, short_threads=1):
            self.wait_for(*short[:3])
            self.leave()

    def test_short_ones_come_first(self):
        self.add(2)
        short = self.add(short=True)
        with self.running(threads=1, short_threads=0):
            self.wait_for(*short)
            self.leave()

    def test_one_thread_is_for_all(self):
        long = self.add()
        with self.running(threads=1, short_threads=1):
            self.wait_for(*long)
            self.leave()

    def test_end_of_a_long_one_lets_the_next_begin(self):
        long = self.add(3)
        with self.running(threads=3, short_threads=1):
            self.wait_for(*long[:2])
            self.crowd.let_go(long[0])
            self.wait_for(*long[1:])
            self.leave()

    def test_end_of_a_short_one_lets_no_long_one_begin(self):
        long, short = self.add(2), self.add(short=True)
        with self.running(threads=2, short_threads=1):
            self.wait_for(long[0], *short)
            self.crowd.let_go(*short)
            self.wait_for(long[0])
            self.leave()

    # Slots

    def add_pod_manager(self, max_tasks):
        return rows.add_pod_manager(
            self.engine.database, max_tasks=max_tasks
        ).uuid

    def test_no_more_than_the_pod_manager_has_slots(self):
        tasks = self.add(4, podm_id=self.add_pod_manager(2))
        with self.running(threads=4):
            self.wait_for(*tasks[:2])
            self.leave()

    def test_slot_that_gets_free_is_used_at_once(self):
        tasks = self.add(2, podm_id=self.add_pod_manager(1))
        with self.running(threads=4):
            self.wait_for(tasks[0])
            self.crowd.let_go(tasks[0])
            self.wait_for(tasks[1])
            self.leave()

    def test_slot_of_a_task_that_waits_is_used_at_once(self):
        podm_id = self.add_pod_manager(1)
        first, second = (self.engine.add(podm_id=podm_id) for _ in range(2))

        def work(run):
            if run.task.uuid == first:
                return Wait(working.NEVER)
            return Completed('done')

        with self.engine.running(working.Does(work), threads=4):
            self.assertEqual('completed', self.engine.ended(second).state)
        self.assertEqual('waiting', self.engine.get(first).state)

    def test_full_pod_manager_holds_nobody_else_back(self):
        full, other = self.add_pod_manager(1), self.add_pod_manager(1)
        tasks = self.add(3, podm_id=full) + self.add(podm_id=other)
        with self.running(threads=2):
            self.wait_for(tasks[0], tasks[3])
            self.leave()


class ClaimsTest(testtools.TestCase):
    """A worker asks the database for nothing that it knows."""

    def setUp(self):
        super().setUp()
        self.engine = self.useFixture(working.Engine())
        self.claims = []
        tasks = self.engine.database.tasks
        claim = tasks.claim

        def counted(**values):
            claimed = claim(**values)
            self.claims.append(len(claimed.tasks))
            return claimed

        self.patch(tasks, 'claim', counted)

    def test_one_for_each_look(self):
        def work(run):
            if run.task.attempt < 4:
                return Wait(0.1)
            return Completed('done')

        uuid = self.engine.add()
        with self.engine.running(working.Does(work), threads=2):
            self.engine.ended(uuid)
            time.sleep(0.3)
        self.assertEqual([1, 1, 1, 1], self.claims)

    def test_none_after_a_long_wait(self):
        uuid = self.engine.add()
        with self.engine.running(working.Does(lambda run: Wait(60))):
            working.wait_until(
                lambda: self.engine.get(uuid).state == 'waiting'
            )
            time.sleep(0.3)
        self.assertEqual([1], self.claims)

    def test_none_while_no_thread_is_free(self):
        gate = working.Gate()
        self.addCleanup(gate.open)

        def work(run):
            gate.pass_through()
            return Completed('done')

        for _ in range(2):
            self.engine.add()
        with self.engine.running(working.Does(work), threads=1) as worker:
            gate.wait_until_reached()
            for _ in range(3):
                worker.look()
                time.sleep(0.05)
            self.assertEqual([1], self.claims)
            gate.open()

    def test_few_when_many_bells_ring(self):
        with self.engine.running(threads=2) as worker:
            working.wait_until(lambda: self.claims)
            for _ in range(1000):
                worker.look()
            time.sleep(0.2)
        self.assertLess(len(self.claims), 500)
