"""Adopts a node that exists at a pod manager already.

Nothing is changed there, so nothing has to be taken back: an adoption that
fails, or is stopped, leaves no row, and its task keeps the reason. It may be
done again from the start at any point.

The node is made ours first, which only one of several can, and is read after
that: whatever was done to it before, as by the deletion of the node that it
was until then, is seen.
"""

from collections.abc import Sequence

from valence.common import exception, failpoints
from valence.common.states import NodeState
from valence.db.api import Database, Query, Tables
from valence.objects.hardware import ComposedNode
from valence.objects.node import Node, tagged
from valence.objects.pod_manager import PodManager
from valence.objects.resource import url_key
from valence.objects.task import Task
from valence.podm.base import Compute
from valence.podm.pool import Pool
from valence.tasks.handler import Handler
from valence.tasks.outcome import Completed, Outcome
from valence.tasks.run import TaskRun

#: The one state in which nobody works on a node.
_SETTLED = 'Assembled'
_LONGEST_NAME = 255


class Manage(Handler):
    """The handler of adoptions.

    :param host: this host, for the record of the node.
    """

    action = 'manage_node'

    def __init__(self, database: Database, pool: Pool, *, host: str) -> None:
        self._database = database
        self._pool = pool
        self._host = host

    def run(self, run: TaskRun) -> Outcome:
        podm = run.podm
        run.progress('find', 10, f'Looking for the node at {podm.name}')
        compute = self._pool.get(podm).compute
        found = _find(podm, compute.list_nodes(), run.task)
        self._check_nobodys(podm, compute, found)
        failpoints.reach('before_adopt')
        run.progress('adopt', 50, f'Adopting {found.url}')
        self._take(run, podm, found)
        failpoints.reach('after_adopt')
        run.progress('look', 80, f'Reading {found.url}')
        live = compute.get_node(found.url)
        if live.state != _SETTLED:
            raise exception.NodeNotAdoptable(
                node=found.id,
                podm=podm.name,
                why=f'it is {live.state or "in no state that is told"}, and '
                f'only a node that is {_SETTLED} is adopted',
            )
        return self._adopted(run.task, podm, live)

    def may_stop(self, run: TaskRun) -> bool:
        return True

    def _check_nobodys(
        self, podm: PodManager, compute: Compute, found: ComposedNode
    ) -> None:
        """Make sure that a node is not ours, or on the way to be.

        :raises NodeManaged, NodeNotAdoptable:
        """
        maker = tagged(found.description, found.name)
        if maker is not None and self._is_node(maker):
            raise exception.NodeManaged(node=found.id)
        query = Query(filters={'podm_id': podm.uuid})
        if any(
            compute.may_be(found, node.tag)
            for node in self._database.nodes.list(query=query)
            if _is_searched_for(node)
        ):
            raise exception.NodeManaged(node=found.id)
        if maker is not None and self._was_ours(maker):
            raise exception.NodeNotAdoptable(
                node=found.id,
                podm=podm.name,
                why=f'it is what is left of node {maker}, which was deleted '
                'here, and the next sync takes it apart',
            )

    def _is_node(self, uuid: str) -> bool:
        try:
            self._database.nodes.get(ident=uuid, project_id=None)
        except exception.NodeNotFound:
            return False
        return True

    def _was_ours(self, uuid: str) -> bool:
        query = Query(filters={'resource_uuid': uuid}, limit=1)
        return bool(self._database.tasks.list(query=query))

    def _take(
        self, run: TaskRun, podm: PodManager, found: ComposedNode
    ) -> None:
        """Make the node ours, unless it is somebody's.

        :raises NodeManaged, NodeNameTaken, LeaseLost:
        """
        uuid = run.task.resource_uuid or ''
        name = run.task.request['name'] or _name(found, uuid)
        values = {
            'name': name,
            'index': found.id,
            'system_url': found.system_url,
            'tag_uuid': tagged(found.description, found.name),
        }

        def write(tables: Tables) -> None:
            tables.tasks.hold(lease=run.lease)
            resource = tables.resources.ensure(
                podm_id=podm.uuid,
                url=found.url,
                resource_type=found.resource_type,
            )
            tables.nodes.adopt(
                uuid=uuid, resource_uuid=resource, values=values
            )

        self._database.write(write)

    def _adopted(
        self, task: Task, podm: PodManager, live: ComposedNode
    ) -> Completed:
        uuid = task.resource_uuid or ''

        def write(tables: Tables) -> None:
            tables.nodes.update(
                uuid=uuid,
                values={
                    'system_url': live.system_url,
                    'state': NodeState.COMPOSED,
                    'host': self._host,
                    'task_uuid': None,
                },
            )

        return Completed(
            f'Adopted at {podm.name}',
            result={'node_uuid': uuid, 'resource_url': live.url},
            also=write,
        )

    def failed(
        self, tables: Tables, task: Task, error: exception.ValenceError
    ) -> None:
        tables.nodes.delete(uuid=task.resource_uuid or '')


def _is_searched_for(node: Node) -> bool:
    """Tell whether it may be there, and nobody has written down where."""
    return node.resource_url is None and node.state != NodeState.ADOPTING


def _find(
    podm: PodManager, live: Sequence[ComposedNode], task: Task
) -> ComposedNode:
    """Find the node that is meant.

    :raises NotFound: if there is none.
    :raises Conflict: if there are several.
    """
    index, url = task.request['node_index'], task.request['resource_url']
    if url is not None:
        found = [node for node in live if url_key(node.url) == url_key(url)]
    else:
        found = [node for node in live if node.id == index] or [
            node for node in live if _last_part(node.url) == index
        ]
    if not found:
        raise exception.NotFound(
            detail=f'Node {index or url} not found at Pod Manager {podm.name}.'
        )
    if len(found) > 1:
        raise exception.Conflict(
            detail=f'Pod Manager {podm.name} has more than one node {index}: '
            'give its resource_url instead.'
        )
    return found[0]


def _last_part(url: str) -> str:
    return url.rstrip('/').rpartition('/')[2]


def _name(live: ComposedNode, uuid: str) -> str:
    """Give a node's own name, or what it is called else."""
    for name in (live.name, live.id):
        if name and _is_name(name):
            return name
    return uuid


def _is_name(name: str) -> bool:
    """Tell whether a node of ours may be called so: see the API's types."""
    return (
        len(name) <= _LONGEST_NAME
        and '/' not in name
        and name.isprintable()
        and name == name.strip()
    )
