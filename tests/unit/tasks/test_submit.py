import testtools

from tests.fixtures import rows
from tests.unit.tasks import working
from valence.common import exception
from valence.db.api import Query
from valence.tasks.submit import Submitter


class SubmitterTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.engine = self.useFixture(working.Engine())
        self.submitter = Submitter(self.engine.database, self.engine.doorbell)

    def tasks(self):
        return self.engine.database.tasks.list(query=Query())

    def test_written_with_what_belongs_to_it(self):
        node, task = rows.node(), rows.new_task()
        self.submitter.submit(
            task, lambda tables: tables.nodes.create(values=node)
        )
        self.assertEqual([task.uuid], [each.uuid for each in self.tasks()])
        found = self.engine.database.nodes.list(query=Query())
        self.assertEqual([node['uuid']], [each.uuid for each in found])

    def test_bell_rings(self):
        self.submitter.submit(rows.new_task())
        working.wait_until(lambda: self.engine.bells.rung)
        self.assertEqual([rows.TOPIC], self.engine.bells.rung)

    def test_nothing_is_left_of_what_was_refused(self):
        node = rows.add_node(self.engine.database, task_uuid=rows.new_uuid())
        task = rows.new_task()
        self.assertRaises(
            exception.Busy,
            self.submitter.submit,
            task,
            lambda tables: tables.nodes.reserve(
                uuid=node.uuid, task_uuid=task.uuid
            ),
        )
        self.assertEqual([], self.tasks())
        self.assertEqual([], self.engine.bells.rung)
