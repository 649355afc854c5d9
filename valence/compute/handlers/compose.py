"""Composes a node: allocate, assemble, wait until it is assembled.

Whatever ends it before, by an error or because it is stopped, the half-made
node is deleted at the pod manager first.
"""

from typing import Any

from valence.common import exception, failpoints
from valence.common.states import NodeState
from valence.compute.handlers import pending
from valence.compute.handlers.allocation import Allocation
from valence.compute.handlers.pending import Timing
from valence.conductor import rpcapi as conductor
from valence.db.api import Database, Tables
from valence.objects.hardware import ComposedNode
from valence.objects.task import Task
from valence.podm.base import Compute, Connection
from valence.podm.pool import Pool
from valence.tasks.handler import Handler
from valence.tasks.outcome import Completed, HandOver, Outcome, Wait
from valence.tasks.run import TaskRun

#: In the memo: why the half-made node is being deleted.
_ERROR = 'error'
#: In the memo, us by the database: since when it is assembled, and when that
#: was last asked for.
_SINCE, _ASKED_AT = 'assembling_since', 'assemble_asked_at'
#: The same of its deletion.
_UNDO_SINCE, _DELETE_ASKED_AT = 'undo_since', 'delete_asked_at'
#: Errors of a look at the pod manager.
_NOT_READ = (exception.PodManagerError, exception.UnsupportedAction)


class Compose(Handler):
    """The handler of compositions.

    :param host: this host, for the record of the node.
    """

    action = 'compose_node'

    def __init__(
        self, database: Database, pool: Pool, *, host: str, timing: Timing
    ) -> None:
        self._pool = pool
        self._host = host
        self._timing = timing
        self._allocation = Allocation(database, timing)

    def run(self, run: TaskRun) -> Outcome:
        self._allocation.note_takeover(run)
        if run.memo.get(_ERROR):
            return self._give_up(run, run.memo[_ERROR])
        podm = run.podm
        try:
            connection = self._pool.get(podm)
            url = self._allocation.node(run, connection)
            if isinstance(url, Wait):
                return url
            return self._assemble(run, connection, url)
        except exception.NoMatchingSystem as error:
            if run.task.request.get('podm_id') is not None:
                raise
            return _try_another(run, podm.name, error)
        except _NOT_READ as error:
            if not self._allocation.may_be_there(run):
                raise
            return self._timing.look_again(run, error)

    def may_stop(self, run: TaskRun) -> bool:
        return not run.memo.get(_ERROR)

    def undo(self, run: TaskRun) -> Wait | None:
        self._allocation.note_takeover(run)
        if run.task.podm_id is None or not self._allocation.may_be_there(run):
            return None
        podm = run.podm
        try:
            return self._clear(run, self._pool.get(podm))
        except _NOT_READ as error:
            return self._timing.look_again(run, error)

    def _clear(self, run: TaskRun, connection: Connection) -> Wait | None:
        """Delete what was made, and see that it is gone."""
        run.progress('undo', 90, f'Clearing up at {connection.podm.name}')
        try:
            url = self._allocation.made(run, connection)
        except (exception.AllocationFailed, exception.TaskFailed):
            return None
        if url is None or isinstance(url, Wait):
            return url
        if not connection.compute.has_node(url):
            return None
        pending.answered(run)
        since = run.memo.setdefault(_UNDO_SINCE, run.now)
        if run.seconds_since(since) > self._timing.give_up:
            raise pending.unfinished(connection.podm.name, 'deleting')
        return self._delete(run, connection, url)

    def _delete(
        self, run: TaskRun, connection: Connection, url: str
    ) -> Wait | None:
        """Have the node deleted, unless the pod manager is at it."""
        asked_at = run.memo.get(_DELETE_ASKED_AT)
        if asked_at is not None:
            if run.memo.get(pending.MONITOR):
                monitor = pending.look(run, connection)
                if pending.goes_on(monitor):
                    return pending.wait(monitor.delay, self._timing.poll)
                del run.memo[pending.MONITOR]
            if run.seconds_since(asked_at) < self._timing.settle:
                return Wait(self._timing.poll)
        # What may be there is the monitor of what came before.
        run.memo.pop(pending.MONITOR, None)
        try:
            going_on = connection.compute.delete_node(url)
        finally:
            run.memo[_DELETE_ASKED_AT] = run.now
        # Without one it is done; some show a deleted node for a while.
        return going_on and pending.keep(run, going_on, self._timing.poll)

    def _give_up(self, run: TaskRun, error: dict[str, Any]) -> Outcome:
        """End with an error, once nothing is left of the node."""
        run.memo[_ERROR] = error
        run.stoppable = False
        pause = self.undo(run)
        if pause is None:
            raise exception.TaskFailed(error=error)
        return pause

    def _assemble(
        self, run: TaskRun, connection: Connection, url: str
    ) -> Outcome:
        podm = connection.podm.name
        run.progress('assemble', 50, f'Assembling at {podm}')
        since = run.memo.setdefault(_SINCE, run.now)
        try:
            live, pause = self._look(run, connection, url)
        except (exception.PodManagerError, exception.ChangeFailed) as error:
            if pending.temporary(error):
                raise
            return self._give_up(run, error.to_dict())
        pending.answered(run)
        if live.state == 'Assembled':
            return self._composed(run, live, podm)
        too_long = run.seconds_since(since) > self._timing.give_up
        if too_long or live.state not in _ON_THE_WAY:
            error_ = exception.CompositionFailed(podm=podm, state=live.state)
            return self._give_up(run, error_.to_dict())
        return pause

    def _look(
        self, run: TaskRun, connection: Connection, url: str
    ) -> tuple[ComposedNode, Wait]:
        """Look how far it is, and have an allocated node assembled.

        :returns: the node, and when to look again.
        """
        live = connection.compute.get_node(url)
        if live.state is None:
            raise exception.PodManagerMalformed(
                url=connection.podm.url, path=url, reason='it has no state'
            )
        usual = Wait(self._timing.poll)
        if live.state != 'Allocated':
            return live, usual
        if run.memo.get(pending.MONITOR):
            monitor = pending.look(run, connection)
            if pending.has_failed(monitor):
                raise exception.ChangeFailed(
                    podm=connection.podm.name,
                    what='assembling the node',
                    reasons=list(monitor.reasons),
                )
            if pending.goes_on(monitor):
                return live, pending.wait(monitor.delay, self._timing.poll)
            del run.memo[pending.MONITOR]
        asked_at = run.memo.get(_ASKED_AT)
        if asked_at is not None and (
            run.seconds_since(asked_at) < self._timing.settle
        ):
            return live, usual
        return self._ask(run, connection.compute, url)

    def _ask(
        self, run: TaskRun, compute: Compute, url: str
    ) -> tuple[ComposedNode, Wait]:
        run.memo[_ASKED_AT] = run.now
        pause = Wait(self._timing.poll)
        failpoints.reach('before_assemble')
        try:
            going_on = compute.assemble_node(url)
        except exception.PodManagerRefused:
            # Whoever had the task before may have asked for it.
            seen = compute.get_node(url)
            if seen.state == 'Allocated':
                raise
            return seen, pause
        failpoints.reach('after_assemble')
        if going_on is not None:
            pause = pending.keep(run, going_on, self._timing.poll)
        return compute.get_node(url), pause

    def _composed(
        self, run: TaskRun, live: ComposedNode, podm: str
    ) -> Outcome:
        uuid = run.task.resource_uuid or ''
        podm_id = run.task.podm_id or ''

        def write(tables: Tables) -> None:
            tables.nodes.update(
                uuid=uuid,
                values={
                    'resource_uuid': tables.resources.ensure(
                        podm_id=podm_id,
                        url=live.url,
                        resource_type=live.resource_type,
                    ),
                    'index': live.id,
                    'system_url': live.system_url,
                    'state': NodeState.COMPOSED,
                    'host': self._host,
                    'task_uuid': None,
                },
            )
            if run.task.request['properties'].get('pci_device'):
                # They are free no more; of systems, the node says that.
                tables.pod_managers.note_change(uuid=podm_id)

        return Completed(
            f'Composed at {podm}',
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
                values={
                    'state': NodeState.ERROR,
                    'state_reason': error.detail,
                    'task_uuid': None,
                },
            )
        else:
            tables.nodes.delete(uuid=uuid)


_ON_THE_WAY = ('Allocated', 'Allocating', 'Assembling')


def _try_another(
    run: TaskRun, podm: str, error: exception.NoMatchingSystem
) -> Outcome:
    """Let the scheduler choose again, without this pod manager."""
    Allocation.forget(run)
    tried = run.memo.setdefault('tried', {})
    tried[run.task.podm_id] = ' '.join(
        [f'{podm}: {error.detail}', *error.reasons]
    )
    return HandOver(conductor.TOPIC, short=True)
