"""Brings the table of resources up to what a pod manager holds.

Uuids stay what they are: a url that is known keeps its row. What is gone is
deleted only after a complete walk, and never what was added during it.
"""

from valence.common import exception
from valence.conductor import probe
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

    def __init__(self, database: Database, pool: Pool) -> None:
        self._database = database
        self._pool = pool

    def run(self, run: TaskRun) -> Outcome:
        podm = self._database.pod_managers.get(ident=run.task.podm_id or '')
        run.progress('probe', 0, 'Looking whether the pod manager is there')
        podm = probe.renew_status(self._database, podm, self._pool.get(podm))
        known = {
            row.resource_url: row.uuid
            for row in self._database.resources.list(
                query=Query(filters={'podm_id': podm.uuid})
            )
        }
        run.progress('walk', 10, 'Reading what the pod manager holds')
        found = dict(self._pool.get(podm).inventory.walk())
        run.progress('write', 80, f'Writing {len(found)} resources')
        added = self._database.resources.add(
            podm_id=podm.uuid, found=list(found.items())
        )
        gone = [uuid for url, uuid in known.items() if url not in found]
        self._database.resources.delete(uuids=gone)
        return self._done(run, podm, found, added, len(gone))

    def _done(
        self,
        run: TaskRun,
        podm: PodManager,
        found: dict[str, str],
        added: int,
        deleted: int,
    ) -> Completed:
        kinds = list(found.values())
        usage = {
            'systems': kinds.count(ResourceType.COMPUTER_SYSTEM),
            'composed_nodes': kinds.count(ResourceType.COMPOSED_NODE),
        }
        return Completed(
            f'{len(found)} resources: {added} new, {deleted} gone',
            result={'added': added, 'deleted': deleted, **usage},
            also=lambda tables: tables.pod_managers.synced(
                uuid=podm.uuid, usage=usage
            ),
        )

    def failed(
        self, tables: Tables, task: Task, error: exception.ValenceError
    ) -> None:
        if isinstance(error, exception.PodManagerNotFound):
            return
        tables.pod_managers.update(
            uuid=task.podm_id or '',
            values={'sync_error': error.detail, 'task_uuid': None},
        )
