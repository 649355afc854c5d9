import testtools

from tests.fixtures import rows
from tests.unit.compute import living
from valence.db.api import Query


class PowerTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.living = self.useFixture(living.Living())

    def system(self):
        """Give the row of a system."""
        self.living.sync()
        found = self.living.database.resources.list(
            query=Query(filters={'resource_type': 'ComputerSystem'})
        )
        return found[0]

    def reset_system(self, uuid, reset_type):
        return self.living.finish(
            self.living.submit(
                'reset_system',
                rows.TOPIC,
                resource_uuid=uuid,
                request={'reset_type': reset_type},
            )
        )

    def test_node(self):
        node = self.living.composed()
        task = self.living.act('reset_node', node, reset_type='ForceOff')
        self.assertEqual('completed', task.state, task)
        self.assertIn('ForceOff', task.message)
        detail = self.living.make_pool().get(self.living.podm).compute
        self.assertEqual('Off', detail.get_node(node.resource_url).power_state)
        self.assertIsNone(self.living.node(node.uuid).task_uuid)

    def test_node_with_a_value_that_is_not_allowed(self):
        node = self.living.composed()
        task = self.living.act('reset_node', node, reset_type='Explode')
        self.assertEqual('failed', task.state)
        self.assertEqual('Unsupported value', task.error['title'])
        self.assertIn('Explode', task.error['detail'])
        self.assertEqual(node.state, self.living.node(node.uuid).state)
        self.assertIsNone(self.living.node(node.uuid).task_uuid)

    def test_node_that_is_not_composed(self):
        node = rows.add_node(self.living.database, state='error')
        task = self.living.act('reset_node', node, reset_type='On')
        self.assertEqual('failed', task.state)
        self.assertIn('needs a composed node', task.error['detail'])
        self.assertIsNone(self.living.node(node.uuid).task_uuid)

    def test_node_away(self):
        node = self.living.composed()
        self.living.pod.set_modes(away=True)
        task = self.living.act('reset_node', node, reset_type='On')
        self.assertEqual('Pod manager unreachable', task.error['title'])
        self.assertIsNone(self.living.node(node.uuid).task_uuid)

    def test_node_that_is_gone(self):
        task = self.living.finish(
            self.living.submit(
                'reset_node',
                rows.TOPIC,
                resource_uuid=rows.new_uuid(),
                request={'reset_type': 'On'},
            )
        )
        self.assertEqual(404, task.error['status'])

    def test_system(self):
        row = self.system()
        task = self.reset_system(row.uuid, 'ForceOff')
        self.assertEqual('completed', task.state, task)
        compute = self.living.make_pool().get(self.living.podm).compute
        self.assertEqual(
            'Off', compute.get_system(row.resource_url).power_state
        )

    def test_system_that_is_not_known(self):
        task = self.reset_system(rows.new_uuid(), 'On')
        self.assertEqual(404, task.error['status'])

    def interrupted(self, reset_type):
        """Take over a reset of which nobody knows whether it was sent."""
        row = self.system()
        uuid = self.living.submit(
            'reset_system',
            rows.TOPIC,
            resource_uuid=row.uuid,
            request={'reset_type': reset_type},
        )
        task = self.living.die()
        return uuid, task

    def test_takeover_of_what_was_not_sent(self):
        uuid, _ = self.interrupted('ForceRestart')
        self.assertEqual('completed', self.living.finish(uuid).state)

    def test_takeover_of_what_may_have_been_sent(self):
        uuid, task = self.interrupted('ForceRestart')
        self.living.database.tasks.record(
            lease=rows.lease_of(task), values={'memo': {'sent': True}}
        )
        task = self.living.finish(uuid)
        self.assertEqual('failed', task.state)
        self.assertEqual('needs_attention', task.error['code'])

    def memo_of(self, reset_type):
        """Give what is remembered when the request is on its way."""
        row = self.system()
        seen = []
        pod = self.living.pod

        class Look:
            value = None

            async def before(look, call):
                if call.method == 'POST':
                    (task,) = self.living.database.tasks.list(
                        query=Query(filters={'action': 'reset_system'})
                    )
                    seen.append(task.memo)

            async def after(look, call, reply):
                return reply

        pod.modes = {**pod.modes, 'look': Look()}
        self.reset_system(row.uuid, reset_type)
        return seen

    def test_intent_is_written_before_what_cannot_be_repeated(self):
        self.assertEqual([{'sent': True}], self.memo_of('ForceRestart'))

    def test_no_intent_is_written_of_what_can_be_repeated(self):
        self.assertEqual([{}], self.memo_of('ForceOff'))
