import testtools

from tests.fixtures import rows
from tests.unit.compute import living
from valence.common import exception
from valence.conductor import rpcapi as conductor
from valence.conductor.handlers import delete_pod_manager
from valence.conductor.handlers.delete_pod_manager import DeletePodManager
from valence.db.api import Query
from valence.objects.node import node_tag


class DeletePodManagerTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.living = self.useFixture(living.Living())

    def begin(self, force, deadline=None):
        """Ask for the deletion, as the API does; give the task's uuid."""
        task = rows.new_task(
            action='delete_pod_manager',
            topic=conductor.TOPIC,
            request={'force': force, 'was': self.living.podm.status},
            podm_id=self.living.podm.uuid,
            deadline=deadline,
        )
        self.living.database.pod_managers.reserve_deletion(
            uuid=self.living.podm.uuid, task_uuid=task.uuid
        )
        self.living.database.tasks.create(task=task)
        return task.uuid

    def delete(self, force=False):
        return self.living.finish(self.begin(force))

    def assert_gone(self):
        self.assertRaises(
            exception.PodManagerNotFound,
            self.living.record,
            self.living.podm,
        )
        self.assertEqual(
            [], self.living.database.resources.list(query=Query())
        )

    def test_without_nodes(self):
        self.living.sync()
        task = self.delete()
        self.assertEqual('completed', task.state, task)
        self.assert_gone()

    def test_resources_of_others_stay(self):
        other = rows.new_uuid()
        uuid = self.living.database.resources.ensure(
            podm_id=other, url='/x', resource_type='ComputerSystem'
        )
        self.delete()
        self.assertIsNotNone(self.living.database.resources.get(uuid=uuid))

    def test_with_nodes(self):
        node = self.living.composed()
        task = self.delete()
        self.assertEqual('failed', task.state)
        self.assertEqual(409, task.error['status'])
        self.assertIn(node.name, task.error['detail'])
        self.assertEqual(node, self.living.node(node.uuid))
        self.assertEqual(1, len(self.living.made()))
        self.assertIsNone(self.living.record(self.living.podm).task_uuid)

    def test_node_that_was_reserved_meanwhile_is_waited_for(self):
        self.living.composed()
        take_apart, calls = DeletePodManager._take_apart, []

        def too_late_once(*args):
            calls.append(args)
            if len(calls) == 1:
                raise exception.Busy(kind='Node', name='web', task='other')
            take_apart(*args)

        self.patch(DeletePodManager, '_take_apart', too_late_once)
        self.patch(delete_pod_manager, '_BUSY_DELAY', 0.05)
        task = self.delete(force=True)
        self.assertEqual(('completed', 2), (task.state, len(calls)), task)
        self.assert_gone()

    def test_with_nodes_by_force(self):
        self.living.composed()
        self.living.composed(name='db')
        task = self.delete(force=True)
        self.assertEqual('completed', task.state, task)
        self.assert_gone()
        self.assertEqual([], self.living.nodes())
        self.assertEqual([], self.living.made())

    def test_by_force_while_it_is_away(self):
        node = self.living.composed()
        self.living.pod.set_modes(away=True)
        task = self.delete(force=True)
        self.assertEqual('failed', task.state)
        self.assertEqual(409, task.error['status'])
        for words in ('node web could not', 'cannot be reached', 'left: web.'):
            self.assertIn(words, task.error['detail'])
        found = self.living.node(node.uuid)
        self.assertEqual(('composed', None), (found.state, found.task_uuid))
        self.assertIsNone(self.living.record(self.living.podm).task_uuid)

    def test_by_force_while_it_is_away_for_a_while(self):
        self.living.composed()
        self.living.pod.set_modes(away=True)
        uuid = self.begin(force=True, deadline=600)
        self.living.wait_for_state(uuid, 'waiting')
        self.living.pod.clear_modes()
        self.living.database.tasks.wake(podm_id=self.living.podm.uuid)
        self.assertEqual('completed', self.living.finish(uuid).state)
        self.assert_gone()

    def test_away_for_good_after_its_nodes_were_given_up(self):
        node = self.living.composed()
        self.living.pod.set_modes(away=True)
        self.assertEqual('failed', self.delete(force=True).state)
        self.living.act('delete_node', node, force=True)
        task = self.delete()
        self.assertEqual('completed', task.state, task)
        self.assert_gone()

    def test_waits_for_the_end_of_a_sync(self):
        self.patch(delete_pod_manager, '_BUSY_DELAY', 0.05)
        self.living.sync()
        sync = self.living.submit(
            'sync_pod_manager', conductor.TOPIC, podm_id=self.living.podm.uuid
        )
        (running,) = rows.claim(self.living.database, topic=conductor.TOPIC)
        uuid = self.begin(force=False)
        self.living.wait_for_state(uuid, 'waiting')
        self.assertTrue(self.living.get(sync).cancel_requested)
        # It has not heard of that, and goes on to its end.
        _run, thread = self.living.turn_on(running)
        thread.join()
        self.assertEqual('completed', self.living.get(sync).state)
        self.assertEqual(
            'Deleting', self.living.record(self.living.podm).status
        )
        self.assertEqual('completed', self.living.finish(uuid).state)
        self.assert_gone()

    def test_sync_that_has_not_begun_does_not_begin(self):
        self.patch(delete_pod_manager, '_BUSY_DELAY', 0.05)
        sync = self.living.submit(
            'sync_pod_manager', conductor.TOPIC, podm_id=self.living.podm.uuid
        )
        self.living.database.tasks.wait(
            lease=rows.lease_of(
                rows.claim(self.living.database, topic=conductor.TOPIC)[0]
            ),
            delay=600,
            values={},
        )
        before = self.living.pod.stats()['requests']
        uuid = self.begin(force=False)
        self.assertEqual('completed', self.living.finish(uuid).state)
        self.assertEqual('cancelled', self.living.get(sync).state)
        self.assertEqual(before, self.living.pod.stats()['requests'])
        self.assert_gone()

    def test_next_node_at_the_url_of_one_is_left_alone(self):
        self.living.composed()
        (made,) = self.living.pod.nodes.values()
        made.description = node_tag(rows.new_uuid())
        self.assertEqual('completed', self.delete(force=True).state)
        self.assert_gone()
        self.assertEqual([made], [*self.living.pod.nodes.values()])

    def test_failure_leaves_the_status_from_before(self):
        self.living.composed()
        self.delete()
        self.assertEqual('Online', self.living.record(self.living.podm).status)

    def test_failure_leaves_a_broken_node_broken(self):
        node = rows.add_node(
            self.living.database, state='error', podm_id=self.living.podm.uuid
        )
        self.living.pod.set_modes(away=True)
        self.delete(force=True)
        found = self.living.node(node.uuid)
        self.assertEqual(('error', None), (found.state, found.task_uuid))

    def test_waits_for_a_node_that_is_being_changed(self):
        node = self.living.composed()
        other = rows.new_uuid()
        self.living.database.nodes.reserve(uuid=node.uuid, task_uuid=other)
        uuid = self.begin(force=True)
        self.living.wait_for_state(uuid, 'waiting')
        self.assertEqual(1, len(self.living.made()))
        self.living.database.nodes.update(
            uuid=node.uuid, values={'task_uuid': None}
        )
        self.assertEqual('completed', self.living.finish(uuid).state)
        self.assert_gone()

    def test_gone_already(self):
        uuid = self.begin(force=False)
        self.living.database.pod_managers.delete(uuid=self.living.podm.uuid)
        self.assertEqual('completed', self.living.finish(uuid).state)

    def test_takeover_in_the_middle(self):
        node = self.living.composed()
        uuid = self.begin(force=True)
        self.living.die(conductor.TOPIC)
        self.living.database.nodes.reserve(
            uuid=node.uuid, task_uuid=uuid, state='deleting'
        )
        (made,) = self.living.pod.nodes.values()
        self.living.pod.delete(made)
        self.assertEqual('completed', self.living.finish(uuid).state)
        self.assert_gone()
        self.assertEqual([], self.living.nodes())
