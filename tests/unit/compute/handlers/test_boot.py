import testtools

from tests.fixtures import rows
from tests.unit.compute import living
from valence.db.api import Query

PXE = {'enabled': 'Once', 'target': 'Pxe'}


class BootTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.living = self.useFixture(living.Living())
        self.compute = self.living.make_pool().get(self.living.podm).compute

    def test_node(self):
        node = self.living.composed()
        task = self.living.act('boot_node', node, boot=PXE)
        self.assertEqual('completed', task.state, task)
        boot = self.compute.get_node(node.resource_url).boot
        self.assertEqual('Pxe', boot['BootSourceOverrideTarget'])
        self.assertEqual('Once', boot['BootSourceOverrideEnabled'])
        self.assertIsNone(self.living.node(node.uuid).task_uuid)

    def test_node_with_a_value_that_is_not_allowed(self):
        node = self.living.composed()
        boot = {'enabled': 'Once', 'target': 'Floppy'}
        task = self.living.act('boot_node', node, boot=boot)
        self.assertEqual('Unsupported value', task.error['title'])
        self.assertIn('Floppy', task.error['detail'])
        self.assertIsNone(self.living.node(node.uuid).task_uuid)

    def test_system(self):
        self.living.sync()
        (row, *_) = self.living.database.resources.list(
            query=Query(filters={'resource_type': 'ComputerSystem'})
        )
        task = self.living.finish(
            self.living.submit(
                'boot_system',
                rows.TOPIC,
                resource_uuid=row.uuid,
                request={'boot': PXE},
            )
        )
        self.assertEqual('completed', task.state, task)
        boot = self.compute.get_system(row.resource_url).boot
        self.assertEqual('Pxe', boot['BootSourceOverrideTarget'])
