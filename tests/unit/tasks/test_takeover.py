"""Workers that are killed, or frozen, in the middle of a handler."""

import os
import signal
import time

import testtools

from tests.fixtures import programs
from tests.unit.tasks import working
from valence.db.api import Query
from valence.tasks.outcome import Completed


class TakeoverTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.engine = self.useFixture(working.Engine())
        self.uuid = self.engine.add()
        self.other = self.useFixture(
            programs.Program(
                'tests.unit.tasks.one_worker', self.engine.made.url, 1
            )
        )
        self.assertEqual('working', self.other.hear())
        self.seen = []

    def take_over(self):
        """Let a worker of our own do the task; give it as it ended."""

        def work(run):
            self.seen.append((run.task.attempt, run.taken_over))
            return Completed('by the successor')

        with self.engine.running(working.Does(work), sweep_interval=0.1):
            return self.engine.ended(self.uuid)

    def freeze(self):
        """Stop the other one, and wait until it is."""
        process = self.other.process
        process.send_signal(signal.SIGSTOP)
        how = os.WSTOPPED | os.WEXITED | os.WNOWAIT
        os.waitid(os.P_PID, process.pid, how)

    def test_killed(self):
        self.other.process.send_signal(signal.SIGKILL)
        self.other.process.wait()
        task = self.take_over()
        self.assertEqual('by the successor', task.message)
        self.assertEqual([(2, True)], self.seen)

    def test_alive_keeps_its_task(self):
        with self.engine.running(sweep_interval=0.05):
            time.sleep(1.7)
        task = self.engine.get(self.uuid)
        self.assertEqual(
            ('running', 'process:boot', 1),
            (task.state, task.owner, task.attempt),
        )

    def test_frozen_for_longer_than_its_lease(self):
        # SQLite has one writer at a time, which must not be the frozen one.
        self.engine.database.write(lambda tables: self.freeze())
        task = self.take_over()
        self.assertEqual([(2, True)], self.seen)
        self.other.process.send_signal(signal.SIGCONT)
        self.other.say('go on')
        self.assertEqual('check refused', self.other.hear())
        self.assertEqual('record refused', self.other.hear())
        self.other.say('stop')
        self.assertEqual('stopped', self.other.hear())
        self.assertEqual(task, self.engine.get(self.uuid))
        self.assertEqual([], self.engine.database.nodes.list(query=Query()))
