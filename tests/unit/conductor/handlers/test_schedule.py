import testtools

from tests.fixtures import rows
from tests.unit.compute import living
from valence.conductor import rpcapi as conductor
from valence.conductor.scheduler import Scheduler


class ScheduleTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.living = self.useFixture(living.Living(pods=2))

    def test_next_one_is_tried(self):
        for pod in (0, 1):
            _, task = self.living.compose(
                name=f'fill-{pod}', podm=self.living.podms[pod]
            )
            self.assertEqual('completed', task.state)
        first, second = self.living.podms
        self.living.change(first, usage={'systems': 100})
        self.living.change(second, usage={'systems': 10})
        for number in range(2):
            self.living.composed(name=f'more-{number}')
        # All of the first one's are taken, which its record does not know.
        uuid, task = self.living.compose(name='last')
        self.assertEqual('completed', task.state, task)
        self.assertEqual(second.uuid, self.living.node(uuid).podm_id)
        self.assertEqual(second.uuid, task.podm_id)
        self.assertEqual(4, self.living.pod.calls['allocate'])

    def test_all_were_tried(self):
        _, task = self.living.compose(properties=living.TOO_MUCH)
        self.assertEqual('failed', task.state)
        self.assertEqual('No matching system', task.error['title'])
        reasons = '\n'.join(task.error['reasons'])
        for podm in self.living.podms:
            self.assertIn(f'{podm.name}: ', reasons)
        self.assertIn('available', reasons)
        self.assertEqual([], self.living.nodes())
        self.assertEqual([[], []], [self.living.made(pod) for pod in (0, 1)])

    def test_nobody_to_ask(self):
        for podm in self.living.podms:
            self.living.change(podm, status='Offline')
        _, task = self.living.compose()
        self.assertEqual('failed', task.state)
        self.assertEqual(2, len(task.error['reasons']))
        for reason in task.error['reasons']:
            self.assertIn('it is Offline', reason)
        self.assertEqual([], self.living.nodes())

    def delete_after_the_choice(self, *numbers):
        """Have pod managers being deleted once they were chosen from."""
        choose = Scheduler.choose

        def choose_and_delete(*args, **more):
            choice = choose(*args, **more)
            for number in numbers:
                podm = self.living.record(self.living.podms[number])
                if podm.task_uuid is None:
                    self.living.database.pod_managers.reserve_deletion(
                        uuid=podm.uuid, task_uuid=rows.new_uuid()
                    )
            return choice

        self.patch(Scheduler, 'choose', choose_and_delete)

    def test_one_that_is_deleted_by_now(self):
        first, second = self.living.podms
        self.living.change(first, usage={'systems': 100})
        self.delete_after_the_choice(0)
        uuid, task = self.living.compose()
        self.assertEqual('completed', task.state, task)
        self.assertEqual(second.uuid, self.living.node(uuid).podm_id)
        self.assertEqual([], self.living.ever_made(0))

    def test_all_are_deleted_by_now(self):
        self.delete_after_the_choice(0, 1)
        _, task = self.living.compose()
        self.assertEqual('No matching system', task.error['title'])
        self.assertEqual(2, len(task.error['reasons']))
        self.assertIn('is being changed by task', task.error['reasons'][0])
        self.assertEqual([], self.living.nodes())

    def test_takeover(self):
        uuid, task_uuid = self.living.begin_node()
        self.living.die(conductor.TOPIC)
        self.assertEqual('completed', self.living.finish(task_uuid).state)
        made = self.living.made(0) + self.living.made(1)
        self.assertEqual(self.living.tags(uuid), made)
