"""Syncs of a simulated pod manager, and what is in the table after them."""

import threading
from typing import ClassVar

import testtools

from tests.fixtures import database, rows
from tests.unit.compute import living
from tests.unit.conductor.handlers import faulty
from tests.unit.podm.walked import walked
from valence.conductor import rpcapi as conductor
from valence.db.api import Query
from valence.tasks.progress import Progress
from valence.tasks.run import TaskRun

ROOT = '/redfish/v1'
SYSTEMS = f'{ROOT}/Systems'
NODES = f'{ROOT}/Nodes'


class SyncCase(testtools.TestCase):
    """A Valence, and one pod manager of three systems with faults.

    :cvar options: of the simulator.
    """

    backend = database.SQLITE
    options: ClassVar = {}

    def setUp(self):
        super().setUp()
        self.living = self.useFixture(
            living.Living(backend=self.backend, **self.options)
        )
        self.database = self.living.database
        self.faults = faulty.Faults(self.living.pod)

    def rows(self, podm=None):
        """Give the uuids of what is known of a pod manager, by url."""
        podm = podm or self.living.podm
        known = self.database.resources.known(podm_id=podm.uuid)
        return {url: row.uuid for url, row in known.items()}

    def truth(self):
        """Give the types of what the pod manager has, by url."""
        return dict(
            walked(self.living.make_pool().get(self.living.podm).inventory)
        )

    def types(self):
        known = self.database.resources.known(
            podm_id=self.living.podm.uuid
        ).items()
        return {url: row.resource_type for url, row in known}

    def assert_true(self):
        """The table has what the pod manager has, once each."""
        self.assertEqual(self.truth(), self.types())
        found = self.database.resources.list(query=Query())
        self.assertEqual(len(found), len({row.resource_url for row in found}))
        self.assertEqual(len(found), len({row.uuid for row in found}))

    def podm(self):
        return self.living.record(self.living.podm)

    def sync(self, state='completed'):
        task = self.living.sync()
        self.assertEqual(state, task.state, task)
        return task

    def changes(self, task):
        return task.result['added'], task.result['deleted']

    def systems(self):
        """Give the urls of the systems that are known."""
        return sorted(
            url for url, kind in self.types().items() if 'System' in kind
        )

    # Attempts that go wrong

    def new_task(self):
        """Write a sync as it is due, for workers; give its uuid."""
        task = rows.new_task(
            action='sync_pod_manager',
            topic=conductor.TOPIC,
            podm_id=self.living.podm.uuid,
        )
        self.database.pod_managers.reserve(
            uuid=self.living.podm.uuid, task_uuid=task.uuid
        )
        self.database.tasks.create(task=task)
        return task.uuid

    def attempt(self):
        """Claim a task, whose lease is over at once; give the run on it."""
        return self.run_on(self.living.die(conductor.TOPIC))

    def run_on(self, task):
        return TaskRun(
            task,
            podm=rows.pod_manager_of(self.database, task),
            owner=task.owner,
            lease=30,
            database=self.database,
            progress=Progress(self.database),
        )

    def handler(self):
        """Give the handler of another process."""
        handlers = self.living.make_handlers()[conductor.TOPIC]
        return next(each for each in handlers if 'sync' in each.action)

    def start(self, run):
        """Go on with a task in a thread; give what gives its end."""
        return _Attempt(self.handler(), run)


class _Attempt:
    """A handler at work in a thread of its own."""

    def __init__(self, handler, run):
        self.outcome = self.error = None
        self._thread = threading.Thread(
            target=self._run, args=[handler, run], daemon=True
        )
        self._thread.start()

    def _run(self, handler, run):
        try:
            self.outcome = handler.run(run)
        except BaseException as error:
            self.error = error

    def end(self):
        """Wait for it, and give what it raised."""
        self._thread.join(60)
        assert not self._thread.is_alive()
        return self.error
