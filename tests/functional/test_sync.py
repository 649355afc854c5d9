"""Syncs on databases that let many write at once, and a real kill -9."""

import signal

import fixtures

from tests.fixtures import database, programs, rows
from tests.unit.conductor.handlers import syncing, test_sync_races
from valence.common import failpoints

GONE, BACK = (f'{syncing.SYSTEMS}/1-s-{number}' for number in (1, 2))


class MariadbTogetherTest(test_sync_races.TogetherTest):
    backend = database.MARIADB


class PostgresqlTogetherTest(test_sync_races.TogetherTest):
    backend = database.POSTGRESQL


class KilledTest(syncing.SyncCase):
    """Workers die in the middle of writing; another one goes on."""

    backend = database.MARIADB

    def kill(self, point):
        """Have a worker die at a point."""
        self.useFixture(
            fixtures.EnvironmentVariable(failpoints.VARIABLE, f'{point}:exit9')
        )
        program = self.useFixture(
            programs.Program(
                'tests.functional.syncer', self.living.made_database.url
            )
        )
        self.assertEqual([], program.rest())
        self.assertEqual(-signal.SIGKILL, program.process.returncode)

    def test_again_and_again(self):
        database.store(self.database, self.living.podm.uuid, rows.basic())
        self.faults.hidden.add(BACK)
        self.sync()
        self.faults.hidden.clear()
        self.faults.hidden.add(GONE)
        uuid = self.new_task()
        for point in ('sync_added', 'sync_deleted'):
            self.kill(point)
            self.assertEqual('running', self.living.get(uuid).state)
        task = self.living.finish(uuid)
        self.assertEqual(('completed', 3), (task.state, task.attempt), task)
        self.assertEqual((0, 0), self.changes(task))
        self.assert_true()
