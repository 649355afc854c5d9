import sqlalchemy as sa

from tests.fixtures import rows
from tests.unit.conductor.handlers import syncing
from tests.unit.conductor.handlers.syncing import SYSTEMS
from valence.conductor import rpcapi as conductor


class SyncTest(syncing.SyncCase):
    def kinds(self):
        return list(self.types().values())

    def test_first(self):
        task = self.sync()
        self.assertEqual(3, self.kinds().count('ComputerSystem'))
        self.assert_true()
        podm = self.podm()
        self.assertIsNone(podm.sync_error)
        self.assertIsNone(podm.task_uuid)
        self.assertIsNotNone(podm.synced_at)
        self.assertEqual('Online', podm.status)
        self.assertEqual((len(self.rows()), 0), self.changes(task))
        self.assertEqual([], task.result['failures'])

    def test_again_keeps_the_uuids(self):
        self.sync()
        before = self.rows()
        self.assertEqual((0, 0), self.changes(self.sync()))
        self.assertEqual(before, self.rows())

    def test_again_writes_nothing(self):
        self.living.composed()
        self.sync()
        written = self.watch()
        self.assertEqual((0, 0), self.changes(self.sync()))
        self.assertEqual([], written)

    def watch(self):
        """Give a list of what is written into the table from now on."""
        written = []

        @sa.event.listens_for(self.database.engine, 'before_cursor_execute')
        def _see(connection, cursor, statement, *_rest):
            verb = statement.split(maxsplit=1)[0]
            if verb != 'SELECT' and 'resources' in statement:
                written.append(statement)

        return written

    def test_what_is_written_is_seen(self):
        self.sync()
        written = self.watch()
        self.faults.hidden.add(f'{SYSTEMS}/{self.name(0)}')
        self.sync()
        self.assertTrue(written)

    def name(self, number):
        return self.systems()[number].rpartition('/')[2]

    def test_adds_what_is_new(self):
        self.sync()
        before = self.rows()
        node = self.living.composed()
        self.database.resources.delete(uuids=[node.resource_uuid])
        task = self.sync()
        self.assertEqual((1, 0), self.changes(task))
        self.assertEqual(1, task.result['composed_nodes'])
        self.assertLess(before.items(), self.rows().items())
        self.assert_true()

    def test_corrects_a_type(self):
        self.sync()
        before = self.rows()
        chassis = next(
            url for url, kind in self.types().items() if 'Chassis' in kind
        )
        self.database.resources.add(
            podm_id=self.living.podm.uuid, found=[(chassis, 'Chassis/Other')]
        )
        self.assertEqual((0, 0), self.changes(self.sync()))
        self.assert_true()
        self.assertEqual(before, self.rows())

    def test_leaves_other_pod_managers_alone(self):
        uuid = self.database.resources.ensure(
            podm_id=rows.new_uuid(), url='/x', resource_type='ComputerSystem'
        )
        self.sync()
        self.assertIsNotNone(self.database.resources.get(uuid=uuid))

    def failing(self, **modes):
        self.sync()
        before, usage = self.rows(), self.podm().usage
        self.living.pod.set_modes(**modes)
        task = self.sync('failed')
        self.assertEqual(before, self.rows())
        podm = self.podm()
        self.assertEqual(usage, podm.usage)
        self.assertEqual(task.error['detail'], podm.sync_error)
        self.assertIsNone(podm.task_uuid)
        self.assertGreater(podm.next_sync_at, podm.synced_at)
        return podm

    def test_away(self):
        self.assertEqual('Offline', self.failing(away=True).status)

    def test_broken(self):
        self.assertEqual('Offline', self.failing(status=500).status)

    def test_all_garbled(self):
        for form in ('truncated', 'html', 'empty', 'list', 'wrong_types'):
            self.living.pod.clear_modes()
            self.failing(garble=form)

    def test_wrong_credentials(self):
        self.living.with_wrong_password()
        self.sync('failed')
        podm = self.podm()
        self.assertEqual('Unauthorized', podm.status)
        self.assertNotIn('wrong', podm.sync_error)

    def test_back_again(self):
        self.failing(away=True)
        self.living.pod.clear_modes()
        self.sync()
        podm = self.podm()
        self.assertEqual(('Online', None), (podm.status, podm.sync_error))

    def test_pod_manager_that_is_gone(self):
        uuid = self.living.submit(
            'sync_pod_manager', conductor.TOPIC, podm_id=rows.new_uuid()
        )
        task = self.living.finish(uuid)
        self.assertEqual('failed', task.state)
        self.assertEqual(404, task.error['status'])
