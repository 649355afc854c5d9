"""Writes what a walk has told into the table of resources.

Only what has changed, in batches, each a short transaction that the lease of
the task guards. It may break off behind any of them, and be done again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from valence.common import failpoints
from valence.common.batched import batched
from valence.conductor.departed import departed
from valence.conductor.walked import Walked
from valence.db.api import Database, Known
from valence.objects.resource import ResourceType
from valence.tasks.run import TaskRun

#: How many rows are written between two looks at the task.
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Written:
    """What became of the rows.

    :ivar systems: urls of all systems that there are, found or not.
    """

    added: int
    deleted: int
    systems: Sequence[str]


class Writer:
    """Writes the resources of one pod manager. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(
        self,
        run: TaskRun,
        podm_id: str,
        walked: Walked,
        *,
        known: Mapping[str, Known],
        pointed_to: Collection[str | None],
    ) -> Written:
        """Add what is new, and delete what is gone.

        :param known: as it was read before the walk.
        :param pointed_to: uuids of what is not deleted, listed or not.
        :raises PodManagerNotFound, Busy: if the pod manager was deleted
            meanwhile, or is being deleted; then nothing is added.
        :raises LeaseLost, Leaving, Stopped: see :meth:`TaskRun.check`.
        """
        added = self._add(run, podm_id, walked, known)
        failpoints.reach('sync_added')
        kinds = {url: row.resource_type for url, row in known.items()}
        gone = set(departed(kinds.items(), walked))
        rows = [known[url] for url in sorted(gone)]
        deleted = self._delete(
            run, [row for row in rows if row.uuid not in pointed_to]
        )
        failpoints.reach('sync_deleted')
        there = {**kinds, **walked.found}
        systems = [
            url
            for url, kind in there.items()
            if kind == ResourceType.COMPUTER_SYSTEM and url not in gone
        ]
        return Written(added, deleted, systems)

    def _add(
        self,
        run: TaskRun,
        podm_id: str,
        walked: Walked,
        known: Mapping[str, Known],
    ) -> int:
        news = [
            (url, kind)
            for url, kind in walked.found.items()
            if url not in known or known[url].resource_type != kind
        ]
        added = 0
        for batch in batched(news, _BATCH):
            run.check()
            added += self._database.resources.add(
                podm_id=podm_id, found=batch, lease=run.lease
            )
        return added

    def _delete(self, run: TaskRun, gone: Sequence[Known]) -> int:
        deleted = 0
        for batch in batched(gone, _BATCH):
            run.check()
            deleted += self._database.resources.delete_gone(
                gone=batch, lease=run.lease
            )
        return deleted
