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

    def test_breaker(self):
        podm = rows.add_pod_manager(self.database)
        closed = {'state': 'closed', 'failures': 0, 'retry_at': None}
        self.assertEqual(closed, podm.as_dict()['breaker'])
        self.assertFalse(podm.broken)
        self.database.pod_managers.unanswered(
            uuid=podm.uuid, reason='why', most=2, pause=60
        )
        podm = self.database.pod_managers.get(ident=podm.uuid)
        self.assertEqual(closed | {'failures': 1}, podm.as_dict()['breaker'])
        self.database.pod_managers.unanswered(
            uuid=podm.uuid, reason='why', most=2, pause=60
        )
        podm = self.database.pod_managers.get(ident=podm.uuid)
        shown = podm.as_dict()['breaker']
        self.assertTrue(podm.broken)
        self.assertEqual(('open', 2), (shown['state'], shown['failures']))
        self.assertRegex(shown['retry_at'], r' UTC$')
        self.assert_travels(podm.as_dict())

    def test_findings(self):
        podm = rows.add_pod_manager(self.database)
        self.assertEqual([], podm.as_dict()['findings'])
        finding = {
            'kind': 'missing',
            'node_uuid': rows.new_uuid(),
            'resource_url': None,
            'detail': 'd',
            'repaired': False,
        }
        self.database.pod_managers.synced(
            uuid=podm.uuid, usage={}, findings=[finding], next_in=60
        )
        shown = self.database.pod_managers.get(ident=podm.uuid).as_dict()
        self.assertEqual([finding], shown['findings'])
        self.assertRegex(shown['next_sync_at'], r' UTC$')
        self.assert_travels(shown)

    def test_node(self):
        node = rows.add_node(self.database)
        self.assertEqual(f'valence-{node.uuid}', node.tag)
        self.assert_travels(node.as_dict())
        self.assertLessEqual(node.brief().items(), node.as_dict().items())

    def test_node_that_is_missing(self):
        values = {'state': 'missing', 'state_reason': 'it is gone'}
        shown = rows.add_node(self.database, **values).as_dict()
        self.assertEqual(values, {name: shown[name] for name in values})

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
        for name in ('memo', 'owner', 'topic', 'short', 'due_at'):
            self.assertNotIn(name, shown)

    def test_task_with_a_deadline(self):
        uuid = rows.add_task(self.database, deadline=60)
        task = self.database.tasks.get(uuid=uuid)
        self.assertEqual(60_000_000, task.deadline_at - task.created_at)
        self.assertRegex(task.as_dict()['deadline_at'], r' UTC$')
        self.assert_travels(task.as_dict())

    def test_task_that_is_cancelled(self):
        uuid = rows.add_task(self.database)
        self.database.tasks.cancel(uuid=uuid)
        shown = self.database.tasks.get(uuid=uuid).as_dict()
        self.assertIs(True, shown['cancel_requested'])

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
