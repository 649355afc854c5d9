import sqlalchemy as sa
import testtools

from tests.fixtures import database, rows
from valence.db.api import Query
from valence.db.sqlalchemy import migration

#: Microseconds since 1970, long ago.
THEN = 1_600_000_000_000_000
_TIMES = {'created_at': THEN, 'updated_at': THEN}

TASK = {
    'uuid': rows.new_uuid(),
    'action': 'compose_node',
    'topic': rows.TOPIC,
    'state': 'waiting',
    'step': 'assemble',
    'percent': 50,
    'request': '{"name": "web"}',
    'memo': '{"node_url": "/n/1"}',
    'attempt': 3,
    'due_at': THEN,
    **_TIMES,
}
NODE = {
    'uuid': rows.new_uuid(),
    'name': 'web',
    'description': 'ünï ☃',
    'requirements': '{}',
    'project_id': 'blue',
    'state': 'composed',
    **_TIMES,
}
POD_MANAGER = {
    'uuid': rows.new_uuid(),
    'name': 'podm',
    'url': 'https://podm',
    'driver': 'redfishv1',
    'authentication': '[]',
    'status': 'Online',
    'max_tasks': 4,
    'usage': '{"systems": 3}',
    'synced_at': THEN,
    **_TIMES,
}


class UpgradeTest(testtools.TestCase):
    """Rows of earlier versions, after the upgrade."""

    backend = database.SQLITE

    def setUp(self):
        super().setUp()
        empty = self.useFixture(database.Empty(self.backend))
        self.database = database.connect(empty.url)
        self.addCleanup(self.database.close)

    def upgrade_from(self, revision, **tables):
        """Upgrade to a revision, insert a row in each table, go on."""
        engine = self.database.engine
        migration.upgrade(engine, revision)
        with engine.begin() as connection:
            for name, values in tables.items():
                table = sa.Table(name, sa.MetaData(), autoload_with=connection)
                connection.execute(table.insert().values(values))
        migration.upgrade(engine)

    def assert_kept(self, values, found):
        """Check that what was not JSON is as it was."""
        for name, value in values.items():
            if not str(value).startswith(('{', '[')):
                self.assertEqual(value, getattr(found, name), name)

    def test_task(self):
        self.upgrade_from('0001', tasks=TASK)
        task = self.database.tasks.get(uuid=TASK['uuid'])
        self.assert_kept(TASK, task)
        self.assertEqual(
            ({'name': 'web'}, {'node_url': '/n/1'}), (task.request, task.memo)
        )
        self.assertIs(False, task.short)
        self.assertIs(False, task.cancel_requested)
        self.assertIsNone(task.deadline_at)

    def test_task_is_claimed(self):
        self.upgrade_from('0001', tasks=TASK)
        (task,) = rows.claim(self.database)
        self.assertEqual((TASK['uuid'], 4), (task.uuid, task.attempt))

    def test_node(self):
        self.upgrade_from('0001', nodes=NODE)
        node = self.database.nodes.get(ident='web', project_id='blue')
        self.assert_kept(NODE, node)
        self.assertIsNone(node.state_reason)

    def test_pod_manager(self):
        self.upgrade_from('0001', pod_managers=POD_MANAGER)
        podm = self.database.pod_managers.get(ident='podm')
        self.assert_kept(POD_MANAGER, podm)
        self.assertEqual({'systems': 3}, podm.usage)
        self.assertEqual(
            ([], 0, None), (podm.findings, podm.failures, podm.retry_at)
        )

    def test_pod_manager_is_due_for_a_sync(self):
        self.upgrade_from('0001', pod_managers=POD_MANAGER)
        self.assertEqual(
            [POD_MANAGER['uuid']],
            list(self.database.pod_managers.due_syncs(limit=10)),
        )

    def test_new_rows_come_beside_the_old_ones(self):
        self.upgrade_from(
            '0001', tasks=TASK, nodes=NODE, pod_managers=POD_MANAGER
        )
        rows.add_task(self.database)
        rows.add_node(self.database)
        rows.add_pod_manager(self.database)
        for table in (
            self.database.tasks,
            self.database.nodes,
            self.database.pod_managers,
        ):
            self.assertEqual(2, len(table.list(query=Query())))
