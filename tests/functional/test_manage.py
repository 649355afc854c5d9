"""Adoptions, and a real kill -9 of the worker."""

import signal

import fixtures
import testtools

from tests.fixtures import database, programs, rows
from tests.unit.compute import living
from tests.unit.compute.adopting import Adopting
from valence.common import failpoints
from valence.compute import rpcapi as compute


class KilledTest(Adopting, testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.living = self.useFixture(living.Living())
        database.store(
            self.living.database, self.living.podm.uuid, rows.basic()
        )

    def kill(self, point):
        self.useFixture(
            fixtures.EnvironmentVariable(failpoints.VARIABLE, f'{point}:exit9')
        )
        program = self.useFixture(
            programs.Program(
                'tests.functional.syncer',
                self.living.made_database.url,
                compute.TOPIC,
            )
        )
        self.assertEqual([], program.rest())
        self.assertEqual(-signal.SIGKILL, program.process.returncode)

    def test_is_taken_over_and_done_once(self):
        index = self.living.pod.appear('of somebody')
        uuid, task_uuid = self.begin(node_index=index)
        url = f'/redfish/v1/Nodes/{index}'
        for point, then in (
            ('before_adopt', ('adopting', None)),
            ('after_adopt', ('adopting', url)),
        ):
            self.kill(point)
            node = self.living.node(uuid)
            self.assertEqual(then, (node.state, node.resource_url))
            self.living.database.tasks.release(
                owner=rows.OWNER, uuids=[task_uuid]
            )
        task = self.living.finish(task_uuid)
        self.assertEqual(('completed', 3), (task.state, task.attempt), task)
        (node,) = self.living.nodes()
        self.assertEqual(
            (uuid, 'composed', url), (node.uuid, node.state, node.resource_url)
        )
        self.assertEqual([], self.findings())
        self.assertEqual(['of somebody'], self.living.made())
