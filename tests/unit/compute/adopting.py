"""How a test adopts nodes, whatever their pod manager is."""

from tests.fixtures import rows
from valence.compute import rpcapi as compute


class Adopting:
    """For test cases with a ``living``."""

    def begin(self, podm=None, **request):
        """Ask for an adoption, as the API does; give node and task."""
        podm = podm or self.living.podm
        values = rows.node(
            state='adopting',
            podm_id=podm.uuid,
            index=request.get('node_index'),
        )
        task = rows.new_task(
            action='manage_node',
            topic=compute.TOPIC,
            request={
                'node_index': None,
                'resource_url': None,
                'name': None,
                **request,
            },
            podm_id=podm.uuid,
            resource_type='node',
            resource_uuid=values['uuid'],
        )
        values['task_uuid'] = task.uuid
        self.living.database.nodes.create(values=values)
        self.living.database.tasks.create(task=task)
        return values['uuid'], task.uuid

    def adopt(self, **values):
        uuid, task_uuid = self.begin(**values)
        return uuid, self.living.finish(task_uuid)

    def adopted(self, **values):
        uuid, task = self.adopt(**values)
        self.assertEqual('completed', task.state, task)
        return self.living.node(uuid)

    def refused(self, title, **values):
        """Make sure that an adoption fails and leaves no row."""
        before = self.living.nodes()
        _uuid, task = self.adopt(**values)
        self.assertEqual('failed', task.state, task)
        self.assertEqual(title, task.error['title'])
        self.assertEqual(before, self.living.nodes())
        return task.error['detail']

    def findings(self):
        task = self.living.sync()
        self.assertEqual('completed', task.state, task)
        return [
            (each['kind'], each['node_uuid'], each['repaired'])
            for each in self.living.record(self.living.podm).findings
        ]
