"""Takes a node apart and forgets it."""

from valence.common import exception
from valence.compute.handlers.compose import UNSURE
from valence.db.api import Database, Tables
from valence.objects.node import Node
from valence.objects.task import Task
from valence.podm.base import Compute
from valence.podm.pool import Pool
from valence.tasks.handler import Handler
from valence.tasks.outcome import Completed, Outcome
from valence.tasks.run import TaskRun


class Decompose(Handler):
    action = 'delete_node'

    def __init__(self, database: Database, pool: Pool) -> None:
        self._database = database
        self._pool = pool

    def run(self, run: TaskRun) -> Outcome:
        try:
            node = self._database.nodes.get(
                ident=run.task.resource_uuid or '', project_id=None
            )
        except exception.NodeNotFound:
            return Completed('The node is gone')
        if node.podm_id is not None:
            run.progress('decompose', 20, 'Taking the node apart')
            self._take_apart(node, node.podm_id)
        return Completed('Deleted', also=lambda tables: _forget(tables, node))

    def _take_apart(self, node: Node, podm_id: str) -> None:
        podm = self._database.pod_managers.get(ident=podm_id)
        compute = self._pool.get(podm).compute
        url = node.resource_url or compute.find_node(node.tag)
        if url is None:
            return
        try:
            compute.delete_node(url)
        except UNSURE:
            if _is_there(compute, url):
                raise

    def failed(
        self, tables: Tables, task: Task, error: exception.ValenceError
    ) -> None:
        tables.nodes.update(
            uuid=task.resource_uuid or '',
            values={'state': task.request['was'], 'task_uuid': None},
        )


def _is_there(compute: Compute, url: str) -> bool:
    try:
        compute.get_node(url)
    except exception.PodManagerResourceMissing:
        return False
    return True


def _forget(tables: Tables, node: Node) -> None:
    tables.nodes.delete(uuid=node.uuid)
    if node.resource_uuid is not None:
        tables.resources.delete(uuids=[node.resource_uuid])
