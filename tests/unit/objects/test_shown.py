"""What is shown of each object: what travels, and no secrets."""

import orjson
import testtools

from tests.fixtures import database, rows
from valence.common import states
from valence.db.api import Query


class ShownTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.database = self.useFixture(database.Database()).database

    def assert_travels(self, shown):
        self.assertEqual(shown, orjson.loads(orjson.dumps(shown)))

    def test_pod_manager_without_its_password(self):
        podm = rows.add_pod_manager(
            self.database, authentication=rows.basic('root', 'secret')
        )
        self.assertNotIn('secret', str(podm.as_dict()))
        self.assertNotIn('secret', repr(podm))
        self.assertIn('root', str(podm.as_dict()))
        self.assertEqual(('root', 'secret'), podm.credentials())
        self.assert_travels(podm.as_dict())

    def test_node(self):
        node = rows.add_node(self.database)
        self.assertEqual(f'valence-{node.uuid}', node.tag)
        self.assert_travels(node.as_dict())
        self.assertLessEqual(node.brief().items(), node.as_dict().items())

    def test_node_without_projects(self):
        node = rows.add_node(self.database, project_id='')
        self.assertIsNone(node.as_dict()['project_id'])

    def test_flavor(self):
        flavor = self.database.flavors.create(values=rows.flavor())
        self.assert_travels(flavor.as_dict())

    def test_task_without_what_is_the_engine_s(self):
        uuid = rows.add_task(self.database)
        shown = self.database.tasks.get(uuid=uuid).as_dict()
        self.assert_travels(shown)
        self.assertEqual(
            ('pending', 'In Progress'), (shown['state'], shown['status'])
        )
        self.assertNotIn('memo', shown)
        self.assertNotIn('owner', shown)

    def test_service(self):
        boot_id = rows.new_uuid()
        self.database.services.report(
            host='a',
            binary='valence-compute',
            topic=rows.TOPIC,
            boot_id=boot_id,
            version='1',
        )

        def shown():
            (service,) = self.database.services.list(
                query=Query(), down_time=60
            )
            self.assert_travels(service.as_dict())
            return service.as_dict()

        self.assertEqual('up', shown()['status'])
        self.assertIsNotNone(shown()['last_seen'])
        self.database.services.retire(
            host='a', binary='valence-compute', boot_id=boot_id
        )
        self.assertEqual('down', shown()['status'])
        self.assertIsNone(shown()['last_seen'])


class StatesTest(testtools.TestCase):
    def test_each_state_of_a_task_has_a_status(self):
        self.assertEqual(set(states.TaskState), set(states.TASK_STATUS))

    def test_ended_is_what_is_not_in_progress(self):
        self.assertEqual(
            states.ENDED,
            {
                state
                for state, status in states.TASK_STATUS.items()
                if status != 'In Progress'
            },
        )
