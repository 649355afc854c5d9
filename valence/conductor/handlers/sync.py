"""Brings our tables up to what a pod manager holds: resources, and nodes.

A url that is known keeps its row. What could be read is kept, whatever else
could not. What is gone is deleted by the rule of the module ``departed`` only:
never what was added during the walk, and never what a node of ours points to.
A sync may break off anywhere and be done again, also while a former worker
still believes that it is at it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from valence.common import exception, failpoints
from valence.conductor import pace, probe, usage
from valence.conductor.reconcile import Finding, Reconciler
from valence.conductor.walked import Walked
from valence.conductor.written import Writer, Written
from valence.db.api import Database, Query, Tables
from valence.objects.hardware import ComposedNode
from valence.objects.node import Node
from valence.objects.pod_manager import PodManager
from valence.objects.resource import ResourceType
from valence.objects.task import Task
from valence.podm import failures
from valence.podm.base import Compute, Connection
from valence.podm.pool import Pool
from valence.tasks.handler import Handler
from valence.tasks.outcome import Completed, Outcome
from valence.tasks.run import TaskRun

#: Errors of a read that need not be of the pod manager as a whole.
_OF_ONE = (*failures.OF_ONE, exception.PodManagerTimeout)


@dataclass(frozen=True, slots=True)
class _Nodes:
    """The composed nodes, as far as they could be read.

    :ivar number: how many there are.
    """

    live: Sequence[ComposedNode]
    number: int
    capacity: int | None
    findings: Sequence[Finding]


class Sync(Handler):
    """The handler of syncs.

    :param interval: seconds until the next one, more or less.
    """

    action = 'sync_pod_manager'

    def __init__(
        self, database: Database, pool: Pool, *, interval: float
    ) -> None:
        self._database = database
        self._pool = pool
        self._interval = interval
        self._writer = Writer(database)
        self._reconciler = Reconciler(database)

    def run(self, run: TaskRun) -> Outcome:
        podm = run.podm
        run.progress('probe', 0, 'Looking whether the pod manager is there')
        connection = self._pool.get(podm)
        podm = probe.renew_status(self._database, podm, connection)
        # Before the walk: what is added meanwhile is not taken for gone.
        known = self._database.resources.known(podm_id=podm.uuid)
        walked = _walk(run, connection, len(known))
        failpoints.reach('sync_walked')
        # After it: what is composed meanwhile is ours.
        nodes = self._database.nodes.list(
            query=Query(filters={'podm_id': podm.uuid})
        )
        run.progress('write', 80, f'Comparing {len(walked.found)} resources')
        written = self._writer.write(
            run,
            podm.uuid,
            walked,
            known=known,
            pointed_to={node.resource_uuid for node in nodes},
        )
        if walked.broken is not None:
            raise walked.broken
        run.progress('nodes', 90, 'Comparing the composed nodes')
        compared = self._compare(run, podm, connection.compute, walked)
        counted = _usage(walked, written, compared, nodes)
        return self._done(run, podm, walked, written, compared, counted)

    def may_stop(self, run: TaskRun) -> bool:
        # Whatever it has written is true, and the next one goes on.
        return True

    def _compare(
        self, run: TaskRun, podm: PodManager, compute: Compute, walked: Walked
    ) -> _Nodes:
        """Compare the nodes; where they cannot be read all stays as it was.

        :raises PodManagerError: if the pod manager went away.
        """
        try:
            live, capacity = [], None
            if compute.composes:
                live, capacity = compute.list_nodes(), compute.capacity()
            findings = self._reconciler.reconcile(run, podm, compute, live)
            return _Nodes(live, len(live), capacity, findings)
        except _OF_ONE as error:
            if ResourceType.COMPOSED_NODE not in walked.failed_types:
                walked.fail('composed nodes', failures.told(error, ''))
            number = podm.usage.get('composed_nodes', 0)
            capacity = podm.usage.get('capacity')
            return _Nodes([], number, capacity, podm.findings)

    def _done(
        self,
        run: TaskRun,
        podm: PodManager,
        walked: Walked,
        written: Written,
        nodes: _Nodes,
        counted: dict[str, usage.Number | None],
    ) -> Completed:
        lateness = None
        if podm.next_sync_at is not None:
            lateness = run.seconds_since(podm.next_sync_at)
        next_in = pace.next_in(lateness, self._interval)
        complaint = walked.complaint()

        def also(tables: Tables) -> None:
            tables.pod_managers.synced(
                uuid=podm.uuid,
                usage=counted,
                findings=nodes.findings,
                error=complaint,
                next_in=next_in,
            )
            if written.added or written.deleted:
                # What was read before does not tell of it.
                tables.pod_managers.note_change(uuid=podm.uuid)

        return Completed(
            f'{len(walked.found)} resources: {written.added} new, '
            f'{written.deleted} gone; {len(nodes.findings)} findings, '
            f'{len(walked.failures)} failures',
            result={
                'added': written.added,
                'deleted': written.deleted,
                **counted,
                'findings': len(nodes.findings),
                'failures': walked.listed(),
            },
            also=also,
        )

    def failed(
        self, tables: Tables, task: Task, error: exception.ValenceError
    ) -> None:
        if isinstance(error, exception.PodManagerNotFound):
            return
        tables.pod_managers.not_synced(
            uuid=task.podm_id or '',
            error=error.detail,
            next_in=self._interval,
        )


def _walk(run: TaskRun, connection: Connection, expected: int) -> Walked:
    """Read all that a pod manager holds, or as much as it lets.

    :param expected: how many resources there may be, to tell the progress.
    """
    walked = Walked()
    run.progress('walk', 10, 'Reading what the pod manager holds')
    try:
        for part in connection.inventory.walk():
            walked.note(part)
            number = len(walked.found)
            share = min(1.0, number / expected) if expected else 0.0
            percent = 10 + round(70 * share)
            run.progress('walk', percent, f'Read {number} resources')
        if walked.is_blank:
            _explain(walked, connection)
        walked.ended = True
    except exception.PodManagerError as error:
        walked.broken = error
    return walked


def _explain(walked: Walked, connection: Connection) -> NoReturn:
    """Tell why nothing at all could be read.

    :raises PodManagerError:
    """
    connection.check()
    raise exception.PodManagerUnreadable(
        url=connection.podm.url, reason=walked.failures[0].error
    )


def _usage(
    walked: Walked, written: Written, compared: _Nodes, nodes: Sequence[Node]
) -> dict[str, usage.Number | None]:
    return usage.count(
        written.systems,
        walked.sizes,
        taken=[each.system_url for each in (*compared.live, *nodes)],
        composed_nodes=compared.number,
        capacity=compared.capacity,
    )
