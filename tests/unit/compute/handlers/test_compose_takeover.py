"""Compositions whose worker died, or was only taken for dead."""

import threading
import time

import testtools

from tests.fixtures import rows
from tests.unit.compute import living, meddling
from tests.unit.tasks import working
from valence.objects.node import node_tag
from valence.objects.requirements import Requirements
from valence.tasks.run import TaskRun


class TakeoverTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.living = self.useFixture(living.Living())
        self.pod = self.living.pod
        self.requests = []

    def begin(self):
        return self.living.begin_node(podm=self.living.podm)

    def compute(self):
        return self.living.make_pool().get(self.living.podm).compute

    def allocate_as(self, node_uuid):
        """Allocate at the pod manager, as a worker did that is dead now."""
        return self.compute().allocate_node(
            name='web',
            description='',
            tag=node_tag(node_uuid),
            requirements=Requirements(),
        )

    def allocate_in_the_background(self, node_uuid):
        """Have a request of a dead worker there, that is not answered yet."""
        thread = threading.Thread(target=self.allocate_as, args=[node_uuid])
        thread.start()
        self.requests.append(thread)
        self.wait_until_asked()

    def wait_until_asked(self, count=1):
        """Wait until so many changes are being worked on."""
        working.wait_until(lambda: self.pod._running >= count)

    def assert_composed_once(self, uuid, task):
        for request in self.requests:
            request.join()
        self.assertEqual('completed', task.state, task)
        tags = self.living.tags(uuid)
        self.assertEqual(tags, self.living.ever_made())
        self.assertEqual(tags, self.living.made())
        self.assertEqual([self.living.node(uuid).index], [*self.pod.nodes])

    def assert_kept_for_a_person(self, uuid, task):
        self.assertEqual('failed', task.state)
        self.assertEqual('needs_attention', task.error['code'])
        node = self.living.node(uuid)
        self.assertEqual(('error', None), (node.state, node.task_uuid))
        self.assertEqual(task.error['detail'], node.state_reason)


class DeadTest(TakeoverTest):
    """The worker is no more."""

    def test_before_anything_was_made(self):
        uuid, task_uuid = self.begin()
        self.living.die()
        self.assert_composed_once(uuid, self.living.finish(task_uuid))

    def test_again_and_again_before_anything_was_made(self):
        uuid, task_uuid = self.begin()
        for _ in range(5):
            self.living.die()
        self.assert_composed_once(uuid, self.living.finish(task_uuid))

    def test_while_the_pod_manager_is_at_it(self):
        uuid, task_uuid = self.begin()
        self.living.die()
        self.pod.set_modes(act_ms=500)
        self.allocate_in_the_background(uuid)
        self.pod.clear_modes()
        # It is found, and not waited for until nothing can come any more.
        self.living.restart(settle=600)
        self.assert_composed_once(uuid, self.living.finish(task_uuid))

    def test_while_the_pod_manager_is_at_the_second_one(self):
        # What the one before wrote down is of the first.
        self.living.restart(settle=1)
        meddling.lose(self.pod, meddling.ALLOCATE, acted=False)
        uuid, task_uuid = self.begin()
        self.living.wait_for_memo(task_uuid, 'unsure_since')
        time.sleep(1)
        self.living.die()
        self.pod.set_modes(act_ms=500)
        self.allocate_in_the_background(uuid)
        self.pod.clear_modes()
        self.assert_composed_once(uuid, self.living.finish(task_uuid))

    def test_while_a_task_of_the_pod_manager_is_at_it(self):
        uuid, task_uuid = self.begin()
        self.living.die()
        self.pod.set_modes(accept={'ms': 500, 'retry_after': None})
        self.allocate_as(uuid)
        self.pod.clear_modes()
        self.assert_composed_once(uuid, self.living.finish(task_uuid))
        self.assertEqual(1, self.pod.redfish_tasks)

    def test_after_allocate(self):
        uuid, task_uuid = self.begin()
        self.living.die()
        url = self.allocate_as(uuid)
        self.assert_composed_once(uuid, self.living.finish(task_uuid))
        self.assertEqual(url, self.living.node(uuid).resource_url)

    def test_after_assemble(self):
        uuid, task_uuid = self.begin()
        self.living.die()
        url = self.allocate_as(uuid)
        self.compute().assemble_node(url)
        self.assert_composed_once(uuid, self.living.finish(task_uuid))

    def test_while_a_task_of_the_pod_manager_assembles(self):
        uuid, task_uuid = self.begin()
        self.living.die()
        url = self.allocate_as(uuid)
        self.pod.set_modes(accept={'ms': 300, 'retry_after': None})
        self.compute().assemble_node(url)
        self.assert_composed_once(uuid, self.living.finish(task_uuid))

    def test_while_it_waited_for_the_assembly(self):
        self.pod.set_modes(assembly_ms=500)
        uuid, task_uuid = self.begin()
        self.living.wait_for_memo(task_uuid, 'node_url')
        self.living.die()
        self.living.restart()
        self.assert_composed_once(uuid, self.living.finish(task_uuid))

    def test_while_it_waited_for_a_monitor(self):
        self.pod.set_modes(accept={'ms': 300, 'retry_after': None})
        uuid, task_uuid = self.begin()
        self.living.wait_for_memo(task_uuid, 'monitor')
        self.living.die()
        self.living.restart()
        self.assert_composed_once(uuid, self.living.finish(task_uuid))

    def test_nodes_of_others_are_left_alone(self):
        self.allocate_as(rows.new_uuid())
        uuid, task_uuid = self.begin()
        self.living.die()
        self.living.finish(task_uuid)
        self.assertEqual(['1', '2'], [*self.pod.nodes])
        self.assertEqual('2', self.living.node(uuid).index)

    def test_it_is_away(self):
        uuid, task_uuid = self.begin()
        self.living.die()
        self.allocate_as(uuid)
        self.living.restart(give_up=0.05)
        self.pod.set_modes(away=True)
        self.assert_kept_for_a_person(uuid, self.living.finish(task_uuid))

    def test_it_is_away_for_a_while(self):
        uuid, task_uuid = self.begin()
        self.living.die()
        self.allocate_as(uuid)
        self.pod.set_modes(away=True)
        self.living.wait_for_state(task_uuid, 'waiting')
        self.pod.clear_modes()
        self.assert_composed_once(uuid, self.living.finish(task_uuid))

    def test_it_refuses_our_credentials(self):
        uuid, task_uuid = self.begin()
        self.living.die()
        self.allocate_as(uuid)
        self.living.with_wrong_password()
        self.assert_kept_for_a_person(uuid, self.living.finish(task_uuid))

    def test_it_tells_of_no_nodes_any_more(self):
        uuid, task_uuid = self.begin()
        self.living.die()
        self.allocate_as(uuid)
        meddling.without_nodes(self.pod)
        self.assert_kept_for_a_person(uuid, self.living.finish(task_uuid))


class ZombieTest(TakeoverTest):
    """The worker is frozen, and goes on after another one took over.

    Its request leaves before that, and is answered after it.
    """

    def setUp(self):
        super().setUp()
        self.uuid, self.task_uuid = self.begin()

    def freeze(self, act_ms):
        """Freeze a worker that waits for its answer; give its thread."""
        task = self.living.die()
        self.pod.set_modes(act_ms=act_ms)
        self.zombie, thread = self.living.turn_on(task)
        self.addCleanup(thread.join)
        self.wait_until_asked()
        self.pod.clear_modes()
        return thread

    def thaw(self, thread):
        """Let it go on; as it was frozen, it knows that time has passed."""
        self.zombie.lost()
        thread.join()

    def test_other_one_has_another_node(self):
        thread = self.freeze(3000)
        task = self.living.finish(self.task_uuid)
        self.assertEqual('completed', task.state, task)
        self.assertEqual(['1'], [*self.pod.nodes])
        self.thaw(thread)
        self.assertEqual(2, len(self.living.ever_made()))
        self.assertEqual(['1'], [*self.pod.nodes])
        self.assertEqual('1', self.living.node(self.uuid).index)

    def test_other_one_has_failed(self):
        thread = self.freeze(3000)
        self.pod.set_modes(assembly='fail')
        self.assertEqual('failed', self.living.finish(self.task_uuid).state)
        self.thaw(thread)
        self.assertEqual(2, len(self.living.ever_made()))
        self.assertEqual([], self.living.made())

    def test_other_one_was_cancelled(self):
        thread = self.freeze(3000)
        self.living.database.tasks.cancel(uuid=self.task_uuid)
        self.assertEqual('cancelled', self.living.finish(self.task_uuid).state)
        self.thaw(thread)
        self.assertEqual(1, len(self.living.ever_made()))
        self.assertEqual([], self.living.made())

    def test_other_one_adopts(self):
        self.living.restart(settle=5)
        thread = self.freeze(300)
        task = self.living.finish(self.task_uuid)
        self.thaw(thread)
        self.assert_composed_once(self.uuid, task)

    def test_other_one_has_not_decided(self):
        self.living.restart(settle=5)
        thread = self.freeze(500)
        self.living.wait_for_memo(self.task_uuid, 'unsure_since')
        self.thaw(thread)
        self.assertEqual(1, len(self.living.made()))
        task = self.living.finish(self.task_uuid)
        self.assert_composed_once(self.uuid, task)

    def test_before_its_request_leaves_it_does_not_leave(self):
        task = self.living.die()
        check = TaskRun.check

        def lost_since(run):
            # All but the check right before the request are over by then.
            if run is zombie and run.shown:
                run.lost()
            check(run)

        zombie = None
        self.patch(TaskRun, 'check', lost_since)
        asked = meddling.record(self.pod)
        zombie, thread = self.living.turn_on(task)
        thread.join()
        self.assertEqual([], self.living.ever_made())
        self.assertNotIn(meddling.ALLOCATE, asked)

    def test_it_goes_on_and_changes_nothing(self):
        # It was not frozen: it does not hear that it was taken over.
        self.living.restart(settle=5)
        thread = self.freeze(300)
        task = self.living.finish(self.task_uuid)
        thread.join()
        self.assert_composed_once(self.uuid, task)
        self.assertEqual(task, self.living.get(self.task_uuid))
