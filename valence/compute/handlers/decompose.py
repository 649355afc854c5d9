"""Takes a node apart and forgets it.

A DELETE without an answer is sent again, since it does no more than once; the
node is forgotten when the pod manager does not have it any more. By force it
is also given up: forgotten when the pod manager cannot be asked. What is left
of it there, a sync clears up when the pod manager is back.
"""

import logging

from valence.common import exception
from valence.compute.handlers import pending
from valence.compute.handlers.pending import Timing
from valence.db.api import Database, Tables
from valence.objects.node import Node
from valence.objects.task import Task
from valence.podm import whereabouts
from valence.podm.base import Compute, Connection
from valence.podm.pool import Pool
from valence.tasks.handler import Handler
from valence.tasks.outcome import Completed, Outcome, Wait
from valence.tasks.run import TaskRun

LOG = logging.getLogger(__name__)

#: Errors of a pod manager that does not say what becomes of a node; but for a
#: refusal with a 4xx, which tells that it is there.
_NO_WORD = (
    exception.DriverNotFound,
    exception.NeedsAttention,
    exception.PodManagerError,
    exception.PodManagerNotFound,
    exception.UnsupportedAction,
)
#: In the memo: how often the DELETE was sent.
_TRIES = 'tries'
_MOST_TRIES = 3
#: In the memo: the url to which it was sent.
_URL = 'url'
#: In the memo: since when (us, by the database) its monitor says no more.
_ENDED_AT = 'ended_at'


class Decompose(Handler):
    action = 'delete_node'

    def __init__(
        self, database: Database, pool: Pool, *, timing: Timing
    ) -> None:
        self._database = database
        self._pool = pool
        self._timing = timing

    def run(self, run: TaskRun) -> Outcome:
        try:
            node = self._database.nodes.get(
                ident=run.task.resource_uuid or '', project_id=None
            )
        except exception.NodeNotFound:
            return Completed('The node is gone')
        done = 'Deleted'
        if node.podm_id is not None:
            run.progress('decompose', 20, 'Taking the node apart')
            try:
                podm = self._database.pod_managers.get(ident=node.podm_id)
                pause = self._take_apart(run, node, self._pool.get(podm))
            except _NO_WORD as error:
                done = _given_up(run, error)
                pause = None
            if pause is not None:
                return pause
        return Completed(done, also=lambda tables: _forget(tables, node))

    def may_stop(self, run: TaskRun) -> bool:
        return super().may_stop(run) and not run.memo.get(_TRIES)

    def _take_apart(
        self, run: TaskRun, node: Node, connection: Connection
    ) -> Wait | None:
        """Have the node deleted; give None once it is gone."""
        compute = connection.compute
        url = run.memo.get(_URL) or whereabouts.url_of(compute, node)
        if url is None:
            going_on = compute.find_pending(node.tag)
            return going_on and pending.wait(going_on.delay, self._timing.poll)
        if run.memo.get(_TRIES) and not compute.has_node(url):
            return None
        if run.memo.get(pending.MONITOR):
            return self._follow(run, connection)
        ended_at = run.memo.get(_ENDED_AT)
        if ended_at and run.seconds_since(ended_at) < self._timing.settle:
            return Wait(self._timing.poll)
        return self._delete(run, compute, url)

    def _delete(self, run: TaskRun, compute: Compute, url: str) -> Wait | None:
        run.memo[_URL] = url
        tries = run.memo[_TRIES] = run.memo.get(_TRIES, 0) + 1
        run.memo.pop(_ENDED_AT, None)
        try:
            if run.task.request.get('force'):
                going_on = compute.force_delete_node(url)
            else:
                going_on = compute.delete_node(url)
        except (
            exception.PodManagerConnectionLost,
            exception.PodManagerTimeout,
        ):
            if tries >= _MOST_TRIES:
                raise
            return Wait(self._timing.poll)
        except exception.PodManagerUnreachable:
            # It was not sent.
            run.memo[_TRIES] = tries - 1
            raise
        return going_on and pending.keep(run, going_on, self._timing.poll)

    def _follow(self, run: TaskRun, connection: Connection) -> Wait:
        pause = pending.follow(
            run, connection, what='taking the node apart', timing=self._timing
        )
        if pause is None:
            # It says no more; it may still be at it.
            run.memo[_ENDED_AT] = run.now
        return pause or Wait(self._timing.poll)

    def failed(
        self, tables: Tables, task: Task, error: exception.ValenceError
    ) -> None:
        tables.nodes.update(
            uuid=task.resource_uuid or '',
            values={'state': task.request['was'], 'task_uuid': None},
        )


def _given_up(run: TaskRun, error: exception.ValenceError) -> str:
    """Tell that a node is given up, as was asked for.

    :raises ValenceError: the error, if that was not asked for.
    """
    refused = isinstance(error, exception.PodManagerRefused)
    if (refused and not pending.temporary(error)) or not run.task.request.get(
        'force'
    ):
        raise error
    LOG.warning('Node %s is given up: %s', run.task.resource_uuid, error)
    return f'Given up: {error.detail}'


def _forget(tables: Tables, node: Node) -> None:
    tables.nodes.delete(uuid=node.uuid)
    if node.podm_id is not None:
        tables.pod_managers.note_change(uuid=node.podm_id)
    if node.resource_uuid is not None:
        tables.resources.delete(uuids=[node.resource_uuid])
