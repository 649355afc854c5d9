import testtools

from tests.fixtures import rows
from tests.unit.compute import living
from valence.conductor import rpcapi as conductor
from valence.db.api import Query


class SyncTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.living = self.useFixture(living.Living())

    def rows(self):
        """Give the uuids of what is known, by url."""
        found = self.living.database.resources.list(query=Query())
        return {row.resource_url: row.uuid for row in found}

    def kinds(self):
        found = self.living.database.resources.list(query=Query())
        return [row.resource_type for row in found]

    def test_first(self):
        task = self.living.sync()
        self.assertEqual('completed', task.state, task)
        self.assertEqual(3, self.kinds().count('ComputerSystem'))
        podm = self.living.record(self.living.podm)
        self.assertEqual({'systems': 3, 'composed_nodes': 0}, dict(podm.usage))
        self.assertIsNone(podm.sync_error)
        self.assertIsNone(podm.task_uuid)
        self.assertIsNotNone(podm.synced_at)
        self.assertEqual('Online', podm.status)
        self.assertEqual(len(self.rows()), task.result['added'])

    def test_again_keeps_the_uuids(self):
        self.living.sync()
        before = self.rows()
        task = self.living.sync()
        self.assertEqual(before, self.rows())
        self.assertEqual(
            (0, 0), (task.result['added'], task.result['deleted'])
        )

    def test_adds_what_is_new(self):
        self.living.sync()
        before = self.rows()
        node = self.living.composed()
        self.living.database.resources.delete(uuids=[node.resource_uuid])
        task = self.living.sync()
        self.assertEqual(1, task.result['added'])
        self.assertEqual(1, task.result['composed_nodes'])
        self.assertLess(before.items(), self.rows().items())

    def test_deletes_what_is_gone(self):
        self.living.sync()
        before = self.rows()
        uuid = self.living.database.resources.ensure(
            podm_id=self.living.podm.uuid,
            url='/redfish/v1/Systems/gone',
            resource_type='ComputerSystem',
        )
        task = self.living.sync()
        self.assertEqual(1, task.result['deleted'])
        self.assertIsNone(self.living.database.resources.get(uuid=uuid))
        self.assertEqual(before, self.rows())

    def test_leaves_other_pod_managers_alone(self):
        uuid = self.living.database.resources.ensure(
            podm_id=rows.new_uuid(), url='/x', resource_type='ComputerSystem'
        )
        self.living.sync()
        self.assertIsNotNone(self.living.database.resources.get(uuid=uuid))

    def failing(self, **modes):
        self.living.sync()
        before = self.rows()
        usage = self.living.record(self.living.podm).usage
        self.living.pod.set_modes(**modes)
        task = self.living.sync()
        self.assertEqual('failed', task.state)
        self.assertEqual(before, self.rows())
        podm = self.living.record(self.living.podm)
        self.assertEqual(usage, podm.usage)
        self.assertEqual(task.error['detail'], podm.sync_error)
        self.assertIsNone(podm.task_uuid)
        return podm

    def test_away(self):
        self.assertEqual('Offline', self.failing(away=True).status)

    def test_broken(self):
        self.assertEqual('Offline', self.failing(status=500).status)

    def test_broken_in_the_middle(self):
        self.living.sync()
        before = self.rows()
        pod = self.living.pod

        class Middle:
            value = None

            async def before(middle, call):
                if call.path.rstrip('/').endswith('/Nodes'):
                    return await type(status).before(status, call)
                return None

            async def after(middle, call, reply):
                return reply

        pod.set_modes(status=500)
        status = pod.modes['status']
        pod.clear_modes()
        pod.modes = {**pod.modes, 'middle': Middle()}
        task = self.living.sync()
        self.assertEqual('failed', task.state, task)
        self.assertEqual(before, self.rows())
        podm = self.living.record(self.living.podm)
        self.assertEqual(task.error['detail'], podm.sync_error)

    def test_wrong_credentials(self):
        self.living.with_wrong_password()
        task = self.living.sync()
        self.assertEqual('failed', task.state)
        podm = self.living.record(self.living.podm)
        self.assertEqual('Unauthorized', podm.status)
        self.assertNotIn('wrong', podm.sync_error)

    def test_back_again(self):
        self.failing(away=True)
        self.living.pod.clear_modes()
        self.living.sync()
        podm = self.living.record(self.living.podm)
        self.assertEqual(('Online', None), (podm.status, podm.sync_error))

    def test_pod_manager_that_is_gone(self):
        uuid = self.living.submit(
            'sync_pod_manager', conductor.TOPIC, podm_id=rows.new_uuid()
        )
        task = self.living.finish(uuid)
        self.assertEqual('failed', task.state)
        self.assertEqual(404, task.error['status'])
