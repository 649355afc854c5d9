"""Deletes a pod manager's record with all that hangs on it.

Syncs are stopped first, so that nobody writes what is deleted. Its composed
nodes are taken apart: the request said so, or there are none. While one
cannot be, the record stays, so that nothing is lost.
"""

import contextlib
from collections.abc import Sequence

from valence.common import exception
from valence.common.states import ENDED, NodeState, TaskState
from valence.db.api import Database, Query, Tables
from valence.objects.node import Node
from valence.objects.pod_manager import PodManager
from valence.objects.task import Task
from valence.podm import whereabouts
from valence.podm.pool import Pool
from valence.tasks.handler import Handler
from valence.tasks.outcome import Completed, Outcome, Wait
from valence.tasks.run import TaskRun

#: Seconds between two looks at nodes that others are changing, or that the
#: pod manager is taking apart, and at syncs that are being stopped.
_BUSY_DELAY = 1
_OPEN = sorted(set(TaskState) - ENDED)
#: In the request, by the API: the status to go back to.
_WAS = 'was'


class DeletePodManager(Handler):
    action = 'delete_pod_manager'

    def __init__(self, database: Database, pool: Pool) -> None:
        self._database = database
        self._pool = pool

    def run(self, run: TaskRun) -> Outcome:
        try:
            podm = run.podm
        except exception.PodManagerNotFound:
            return Completed('The pod manager is gone')
        nodes = self._nodes(podm)
        if nodes and not run.task.request['force']:
            raise exception.PodManagerInUse(
                podm=podm.name, nodes=_names(nodes)
            )
        run.progress('syncs', 0, 'Waiting for the end of its syncs')
        if self._stop_syncs(podm) or self._take_all_apart(run, podm, nodes):
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

    def _nodes(self, podm: PodManager) -> Sequence[Node]:
        query = Query(filters={'podm_id': podm.uuid})
        return self._database.nodes.list(query=query)

    def _stop_syncs(self, podm: PodManager) -> bool:
        """Ask all syncs to stop; tell whether there are any."""
        query = Query(
            filters={
                'state': _OPEN,
                'podm_id': podm.uuid,
                'action': 'sync_pod_manager',
            }
        )
        syncs = self._database.tasks.list(query=query)
        for task in syncs:
            with contextlib.suppress(
                exception.TaskEnded, exception.TaskNotFound
            ):
                self._database.tasks.cancel(uuid=task.uuid)
        return bool(syncs)

    def _take_all_apart(
        self, run: TaskRun, podm: PodManager, nodes: Sequence[Node]
    ) -> bool:
        """Have the nodes deleted; tell whether that still goes on.

        :raises NodesLeft: if one of them cannot be.
        """
        for number, node in enumerate(nodes):
            if node.task_uuid not in (None, run.task.uuid):
                return True
            percent = 80 * number // len(nodes)
            run.progress('nodes', percent, f'Taking {node.name} apart')
            try:
                gone = self._take_apart(podm, node, run.task)
            except (exception.Busy, exception.NodeNotFound):
                # Another task was quicker, after the look above.
                return True
            except exception.DatabaseUnavailable:
                raise
            except exception.ValenceError as error:
                if _is_waited_for(run, error):
                    raise
                raise _left(podm, node, nodes[number:], error) from error
            if not gone:
                # To ask once more does no harm.
                return True
        return False

    def _take_apart(self, podm: PodManager, node: Node, task: Task) -> bool:
        """Have a node deleted; tell whether it is gone."""
        if node.task_uuid is None:
            self._database.nodes.reserve(
                uuid=node.uuid, task_uuid=task.uuid, state=NodeState.DELETING
            )
        compute = self._pool.get(podm).compute
        url = whereabouts.url_of(compute, node)
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
            values={'status': task.request[_WAS], 'task_uuid': None},
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


def _names(nodes: Sequence[Node]) -> str:
    return ', '.join(node.name for node in nodes)


def _is_waited_for(run: TaskRun, error: exception.ValenceError) -> bool:
    """Tell whether the task goes on when the pod manager is back."""
    return isinstance(error, exception.PodManagerUnreachable) and bool(
        run.seconds_left
    )


def _left(
    podm: PodManager,
    node: Node,
    left: Sequence[Node],
    error: exception.ValenceError,
) -> exception.NodesLeft:
    return exception.NodesLeft(
        podm=podm.name,
        node=node.name,
        why=error.detail,
        nodes=_names(left),
        reasons=error.reasons,
    )
