"""Composes a node: allocate, assemble, wait until it is assembled.

The node carries our tag at its pod manager, so that a worker that takes over
finds what its predecessor made, and makes nothing twice.
"""

from valence.common import exception
from valence.common.states import NodeState
from valence.conductor import rpcapi as conductor
from valence.db.api import Database, Tables
from valence.objects.hardware import ComposedNode
from valence.objects.node import node_tag
from valence.objects.pod_manager import PodManager
from valence.objects.requirements import Requirements
from valence.objects.resource import ResourceType
from valence.objects.task import Task
from valence.podm.base import Compute
from valence.podm.pool import Pool
from valence.tasks.handler import Handler
from valence.tasks.outcome import Completed, HandOver, Outcome, Wait
from valence.tasks.run import TaskRun

#: Errors after which a request may yet have taken effect.
UNSURE = (
    exception.PodManagerConnectionLost,
    exception.PodManagerTimeout,
    exception.PodManagerUnreachable,
)


class Compose(Handler):
    """The handler of compositions.

    :param host: this host, for the record of the node.
    :param poll_interval: seconds between two looks at an assembling node.
    :param assemble_timeout: seconds after which it is given up.
    """

    action = 'compose_node'

    def __init__(
        self,
        database: Database,
        pool: Pool,
        *,
        host: str,
        poll_interval: float,
        assemble_timeout: float,
    ) -> None:
        self._database = database
        self._pool = pool
        self._host = host
        self._poll_interval = poll_interval
        self._most_looks = max(1, round(assemble_timeout / poll_interval))

    def run(self, run: TaskRun) -> Outcome:
        podm = self._database.pod_managers.get(ident=run.task.podm_id or '')
        try:
            compute = self._pool.get(podm).compute
        except exception.PodManagerError as error:
            return self._out_of_reach(run, error)
        try:
            url = run.memo.get('node_url') or self._allocate(
                run, podm, compute
            )
        except exception.NoMatchingSystem as error:
            if run.task.request.get('podm_id') is not None:
                raise
            return self._try_another(run, podm, error)
        run.memo['node_url'] = url
        return self._assemble(run, podm, compute, url)

    def _out_of_reach(
        self, run: TaskRun, error: exception.PodManagerError
    ) -> Outcome:
        """Forget no node that an earlier turn has made, or may have made."""
        if run.memo.get('node_url') and isinstance(error, UNSURE):
            return self._look_again(run, None, '', error.detail)
        if run.memo.get('node_url') or run.taken_over:
            raise _needs_attention(error, error) from error
        raise error

    def _allocate(
        self, run: TaskRun, podm: PodManager, compute: Compute
    ) -> str:
        run.progress('allocate', 10, f'Allocating at {podm.name}')
        tag = _tag(run.task)
        found = _left_behind(compute, tag) if run.taken_over else None
        if found is not None:
            return found
        request = run.task.request
        try:
            return compute.allocate_node(
                name=request['name'],
                description=request['description'],
                tag=tag,
                requirements=Requirements.from_properties(
                    request['properties']
                ),
            )
        except UNSURE as error:
            return _adopt(compute, tag, error)

    def _try_another(
        self,
        run: TaskRun,
        podm: PodManager,
        error: exception.NoMatchingSystem,
    ) -> Outcome:
        """Let the scheduler choose again, without this pod manager."""
        tried = run.memo.setdefault('tried', {})
        tried[podm.uuid] = ' '.join(
            [f'{podm.name}: {error.detail}', *error.reasons]
        )
        return HandOver(conductor.TOPIC)

    def _assemble(
        self, run: TaskRun, podm: PodManager, compute: Compute, url: str
    ) -> Outcome:
        run.progress('assemble', 30, f'Assembling at {podm.name}')
        try:
            live = compute.get_node(url)
            if live.state == 'Allocated':
                run.check()
                compute.assemble_node(url)
                live = compute.get_node(url)
        except UNSURE as error:
            return self._look_again(run, compute, url, error.detail)
        except exception.PodManagerError as error:
            _undo(compute, url, error)
            raise
        if live.state == 'Assembled':
            return self._composed(run, podm, live)
        if live.state in ('Allocating', 'Assembling'):
            return self._look_again(run, compute, url, f'It is {live.state}')
        error_ = exception.CompositionFailed(podm=podm.name, state=live.state)
        _undo(compute, url, error_)
        raise error_

    def _look_again(
        self, run: TaskRun, compute: Compute | None, url: str, why: str
    ) -> Outcome:
        looks = run.memo['looks'] = run.memo.get('looks', 0) + 1
        if looks > self._most_looks:
            error = exception.CompositionFailed(
                podm=run.task.podm_id,
                state=f'not Assembled after {looks} looks ({why})',
            )
            if compute is None:
                raise _needs_attention(error, error)
            _undo(compute, url, error)
            raise error
        percent = min(90, 50 + looks)
        run.progress('assembling', percent, 'Waiting for the pod manager')
        return Wait(self._poll_interval)

    def _composed(
        self, run: TaskRun, podm: PodManager, live: ComposedNode
    ) -> Outcome:
        uuid = run.task.resource_uuid or ''

        def write(tables: Tables) -> None:
            tables.nodes.update(
                uuid=uuid,
                values={
                    'resource_uuid': tables.resources.ensure(
                        podm_id=podm.uuid,
                        url=live.url,
                        resource_type=ResourceType.COMPOSED_NODE,
                    ),
                    'index': live.id,
                    'system_url': live.system_url,
                    'state': NodeState.COMPOSED,
                    'host': self._host,
                    'task_uuid': None,
                },
            )

        return Completed(
            f'Composed at {podm.name}',
            result={'node_uuid': uuid, 'resource_url': live.url},
            also=write,
        )

    def failed(
        self, tables: Tables, task: Task, error: exception.ValenceError
    ) -> None:
        uuid = task.resource_uuid or ''
        crashed = error.status == exception.ValenceError.status
        if crashed or isinstance(error, exception.NeedsAttention):
            # The row stays: deleting the node looks for the rest again.
            tables.nodes.update(
                uuid=uuid,
                values={'state': NodeState.ERROR, 'task_uuid': None},
            )
        else:
            tables.nodes.delete(uuid=uuid)


def _tag(task: Task) -> str:
    return node_tag(task.resource_uuid or '')


def _left_behind(compute: Compute, tag: str) -> str | None:
    """Find what the worker made that had the task before.

    :raises NeedsAttention: if that cannot be told.
    """
    try:
        return compute.find_node(tag)
    except exception.PodManagerError as error:
        raise _needs_attention(error, error) from error


def _adopt(
    compute: Compute, tag: str, error: exception.PodManagerError
) -> str:
    """Find what a request without an answer made.

    :raises PodManagerError: the request's, if it made nothing.
    :raises NeedsAttention: if that cannot be told.
    """
    try:
        url = compute.find_node(tag)
    except exception.PodManagerUnreachable as unreachable:
        if isinstance(error, exception.PodManagerUnreachable):
            # It could not be reached in the first place.
            raise error from unreachable
        raise _needs_attention(error, unreachable) from unreachable
    except exception.PodManagerError as unknown:
        raise _needs_attention(error, unknown) from unknown
    if url is None:
        raise error
    return url


def _undo(compute: Compute, url: str, error: exception.ValenceError) -> None:
    """Delete a half-made node.

    :raises NeedsAttention: if it cannot be.
    """
    try:
        compute.delete_node(url)
    except exception.PodManagerError as left:
        raise _needs_attention(error, left) from left


def _needs_attention(
    error: exception.ValenceError, then: exception.ValenceError
) -> exception.NeedsAttention:
    return exception.NeedsAttention(
        detail=f'{error.detail} What is left of the node at the pod manager '
        'is not known: delete the node when the pod manager is back.',
        reasons=[then.detail],
    )
