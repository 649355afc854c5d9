"""Syncs that others get in the way of, and syncs that break off."""

from tests.fixtures import rows
from tests.unit.conductor.handlers import syncing
from tests.unit.conductor.handlers.syncing import ROOT, SYSTEMS
from valence.common import exception, failpoints
from valence.conductor import rpcapi as conductor
from valence.db.api import LeaseLost
from valence.tasks.run import Leaving

#: It is read after systems, nodes and chassis.
MANAGERS = f'{ROOT}/Managers'
GONE = f'{SYSTEMS}/1-s-2'


class Died(BaseException):
    """The process ended here."""


class Held(syncing.SyncCase):
    """Syncs that are held in the middle of their walks."""

    def held(self):
        """Begin a sync, which waits in the middle of its walk."""
        uuid = self.new_task()
        run = self.attempt()
        self.faults.hold(MANAGERS)
        attempt = self.start(run)
        self.assertTrue(self.faults.reached.wait(30))
        return uuid, run, attempt

    def finish(self, uuid):
        task = self.living.finish(uuid)
        self.assertEqual('completed', task.state, task)

    def delete(self):
        podm_id = self.living.podm.uuid
        self.database.resources.delete_of_pod_manager(podm_id=podm_id)
        self.database.pod_managers.delete(uuid=podm_id)


class RacesTest(Held):
    def test_what_is_added_during_the_walk_stays(self):
        self.sync()
        _, _, attempt = self.held()
        # As a composition does, at a url that was read already.
        uuid = self.database.resources.ensure(
            podm_id=self.living.podm.uuid,
            url=f'{SYSTEMS}/new',
            resource_type='ComputerSystem',
        )
        self.faults.release()
        self.assertIsNone(attempt.end())
        self.assertIsNotNone(self.database.resources.get(uuid=uuid))

    def test_node_that_is_composed_during_the_walk(self):
        self.sync()
        uuid, _, attempt = self.held()
        node = self.living.composed()
        self.faults.release()
        attempt.end()
        self.finish(uuid)
        found = self.living.node(node.uuid)
        self.assertEqual('composed', found.state)
        self.assertEqual(node.resource_uuid, found.resource_uuid)
        self.assertEqual(1, self.podm().usage['composed_nodes'])
        self.assert_true()

    def test_pod_manager_is_deleted_during_its_second_walk(self):
        self.sync()
        _, _, attempt = self.held()
        self.delete()
        self.faults.release()
        attempt.end()
        self.assertEqual({}, self.rows())

    def test_pod_manager_is_deleted_during_its_first_walk(self):
        _, _, attempt = self.held()
        self.delete()
        self.faults.release()
        self.assertIsInstance(attempt.end(), exception.PodManagerNotFound)
        self.assertEqual({}, self.rows())

    def test_worker_that_leaves_gives_the_task_back(self):
        uuid, run, attempt = self.held()
        run.leave()
        self.faults.release()
        self.assertIsInstance(attempt.end(), Leaving)
        self.finish(uuid)
        self.assert_true()


class TogetherTest(Held):
    """Two workers, of which each thinks that the task is its own."""

    def test_stale_worker_deletes_nothing(self):
        self.sync()
        before = self.rows()
        self.faults.hidden.add(GONE)
        uuid, _, attempt = self.held()
        self.faults.hidden.clear()
        self.finish(uuid)
        self.faults.release()
        self.assertIsInstance(attempt.end(), LeaseLost)
        self.assertEqual(before, self.rows())
        self.assert_true()

    def test_stale_worker_adds_nothing(self):
        uuid, _, attempt = self.held()
        self.faults.hidden.add(GONE)
        self.finish(uuid)
        self.faults.release()
        self.assertIsInstance(attempt.end(), LeaseLost)
        self.assertNotIn(GONE, self.rows())
        self.assert_true()

    def test_stale_worker_after_the_pod_manager_was_deleted(self):
        uuid, _, attempt = self.held()
        self.finish(uuid)
        self.delete()
        self.faults.release()
        self.assertIsInstance(attempt.end(), LeaseLost)
        self.assertEqual({}, self.rows())

    def test_two_at_once(self):
        for _ in range(2):
            self.living.submit(
                'sync_pod_manager',
                conductor.TOPIC,
                podm_id=self.living.podm.uuid,
            )
        tasks = rows.claim(self.database, topic=conductor.TOPIC)
        attempts = [self.start(self.run_on(task)) for task in tasks]
        self.assertEqual([None, None], [each.end() for each in attempts])
        added = [each.outcome.result['added'] for each in attempts]
        self.assert_true()
        # Both may count what they wrote in the same moment.
        self.assertGreaterEqual(sum(added), len(self.rows()))


class DiedTest(syncing.SyncCase):
    """Workers that die; another one does it again."""

    def die(self, point):
        """Have a sync that has much to write die at a point."""
        self.faults.hidden.add(GONE)
        self.sync()
        self.faults.hidden.clear()
        self.faults.hidden.add(f'{MANAGERS}/1-m-1')
        uuid = self.new_task()
        run = self.attempt()

        def reach(name):
            if name == point:
                raise Died

        self.patch(failpoints, 'reach', reach)
        self.assertIsInstance(self.start(run).end(), Died)
        self.patch(failpoints, 'reach', lambda name: None)
        task = self.living.finish(uuid)
        self.assertEqual(('completed', 2), (task.state, task.attempt), task)
        self.assert_true()
        return task

    def test_after_the_walk(self):
        added, deleted = self.changes(self.die('sync_walked'))
        self.assertGreater(added, 1)
        self.assertEqual(1, deleted)

    def test_after_some_was_added(self):
        self.assertEqual((0, 1), self.changes(self.die('sync_added')))

    def test_after_some_was_deleted(self):
        self.assertEqual((0, 0), self.changes(self.die('sync_deleted')))

    def test_before_it_was_written_that_it_ended(self):
        uuid = self.new_task()
        # Everything was done, and nobody knows.
        self.assertIsNone(self.start(self.attempt()).end())
        task = self.living.finish(uuid)
        self.assertEqual((0, 0), self.changes(task))
        self.assertEqual('completed', task.state)
        self.assertIsNone(self.podm().task_uuid)
        self.assert_true()
