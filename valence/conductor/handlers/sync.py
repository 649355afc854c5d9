"""Brings our tables up to what a pod manager holds: resources, and nodes.

Uuids stay what they are: a url that is known keeps its row. What is gone is
deleted only after a complete walk, and never what was added during it.
"""

from collections.abc import Sequence

from valence.common import exception
from valence.conductor import probe
from valence.conductor.reconcile import Finding, Reconciler
from valence.db.api import Database, Query, Tables
from valence.objects.pod_manager import PodManager
from valence.objects.resource import ResourceType
from valence.objects.task import Task
from valence.podm.pool import Pool
from valence.tasks.handler import Handler
from valence.tasks.outcome import Completed, Outcome
from valence.tasks.run import TaskRun


class Sync(Handler):
    action = 'sync_pod_manager'

    """:param interval: seconds until the next one, more or less."""

    def __init__(
        self, database: Database, pool: Pool, *, interval: float
    ) -> None:
        self._database = database
        self._pool = pool
        self._interval = interval
        self._reconciler = Reconciler(database)

    def run(self, run: TaskRun) -> Outcome:
        podm = self._database.pod_managers.get(ident=run.task.podm_id or '')
        run.progress('probe', 0, 'Looking whether the pod manager is there')
        connection = self._pool.get(podm)
        podm = probe.renew_status(self._database, podm, connection)
        known = {
            row.resource_url: row.uuid
            for row in self._database.resources.list(
                query=Query(filters={'podm_id': podm.uuid})
            )
        }
        run.progress('walk', 10, 'Reading what the pod manager holds')
        found = {}
        for url, resource_type in connection.inventory.walk():
            run.check()
            found[url] = resource_type
        run.progress('write', 80, f'Writing {len(found)} resources')
        added = self._database.resources.add(
            podm_id=podm.uuid, found=list(found.items())
        )
        gone = [uuid for url, uuid in known.items() if url not in found]
        self._database.resources.delete(uuids=gone)
        run.progress('nodes', 90, 'Comparing the composed nodes')
        compute = connection.compute
        live, capacity = [], None
        if compute.composes:
            live, capacity = compute.list_nodes(), compute.capacity()
        usage = _usage(list(found.values()), len(live), capacity)
        findings = self._reconciler.reconcile(run, podm, compute, live)
        counts = {'added': added, 'deleted': len(gone)}
        return self._done(podm, len(found), usage, counts, findings)

    def _done(
        self,
        podm: PodManager,
        resources: int,
        usage: dict[str, int],
        counts: dict[str, int],
        findings: list[Finding],
    ) -> Completed:
        return Completed(
            f'{resources} resources: {counts["added"]} new, '
            f'{counts["deleted"]} gone; {len(findings)} findings',
            result={**counts, **usage, 'findings': len(findings)},
            also=lambda tables: tables.pod_managers.synced(
                uuid=podm.uuid,
                usage=usage,
                findings=findings,
                next_in=self._interval,
            ),
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


def _usage(
    kinds: Sequence[str], nodes: int, capacity: int | None
) -> dict[str, int]:
    """Count what a pod manager holds, and what it could."""
    usage = {
        'systems': kinds.count(ResourceType.COMPUTER_SYSTEM),
        'composed_nodes': nodes,
    }
    return usage if capacity is None else {**usage, 'capacity': capacity}
