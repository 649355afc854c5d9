"""Deletes a pod manager's record with all that hangs on it.

Its composed nodes are taken apart first: the request said so, or there are
none. While one cannot be, the record stays, so that nothing is lost.
"""

from valence.common import exception
from valence.common.states import NodeState
from valence.db.api import Database, Query, Tables
from valence.objects.node import Node
from valence.objects.pod_manager import PodManager
from valence.objects.task import Task
from valence.podm.pool import Pool
from valence.tasks.handler import Handler
from valence.tasks.outcome import Completed, Outcome, Wait
from valence.tasks.run import TaskRun

#: Seconds between two looks at nodes that others are changing, or that the
#: pod manager is taking apart.
_BUSY_DELAY = 1


class DeletePodManager(Handler):
    action = 'delete_pod_manager'

    def __init__(self, database: Database, pool: Pool) -> None:
        self._database = database
        self._pool = pool

    def run(self, run: TaskRun) -> Outcome:
        try:
            podm = self._database.pod_managers.get(
                ident=run.task.podm_id or ''
            )
        except exception.PodManagerNotFound:
            return Completed('The pod manager is gone')
        nodes = self._database.nodes.list(
            query=Query(filters={'podm_id': podm.uuid})
        )
        if nodes and not run.task.request['force']:
            raise exception.PodManagerInUse(
                podm=podm.name, nodes=', '.join(node.name for node in nodes)
            )
        for number, node in enumerate(nodes):
            if node.task_uuid not in (None, run.task.uuid):
                return Wait(_BUSY_DELAY)
            percent = 80 * number // len(nodes)
            run.progress('nodes', percent, f'Taking {node.name} apart')
            try:
                gone = self._take_apart(podm, node, run.task)
            except exception.Busy:
                # Another task was quicker, after the look above.
                return Wait(_BUSY_DELAY)
            if not gone:
                # To ask once more does no harm.
                return Wait(_BUSY_DELAY)
        run.progress('records', 80, 'Deleting the records')
        self._database.resources.delete_of_pod_manager(podm_id=podm.uuid)
        self._pool.discard(podm.uuid)
        return Completed(
            f'Pod Manager {podm.name} deleted',
            also=lambda tables: tables.pod_managers.delete(uuid=podm.uuid),
        )

    def may_stop(self, run: TaskRun) -> bool:
        # What was taken apart is not put together again.
        return False

    def _take_apart(self, podm: PodManager, node: Node, task: Task) -> bool:
        """Have a node deleted; tell whether it is gone."""
        if node.task_uuid is None:
            self._database.nodes.reserve(
                uuid=node.uuid, task_uuid=task.uuid, state=NodeState.DELETING
            )
        compute = self._pool.get(podm).compute
        url = node.resource_url or compute.find_node(node.tag)
        if url is not None:
            going_on = compute.delete_node(url)
            if going_on is not None and compute.has_node(url):
                return False
        self._database.nodes.delete(uuid=node.uuid)
        return True

    def failed(
        self, tables: Tables, task: Task, error: exception.ValenceError
    ) -> None:
        tables.pod_managers.update(
            uuid=task.podm_id or '',
            values={'status': task.request['was'], 'task_uuid': None},
        )
        for node in tables.nodes.list(
            query=Query(filters={'task_uuid': task.uuid})
        ):
            # Without a url it never was composed, as far as is known.
            state = (
                NodeState.COMPOSED if node.resource_url else NodeState.ERROR
            )
            tables.nodes.update(
                uuid=node.uuid, values={'state': state, 'task_uuid': None}
            )
