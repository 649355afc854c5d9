"""What nobody asks for and has to be done all the same.

Pod managers are synced now and then, and those that did not answer are tried
again. Each such work is a task like all others, written once, by whichever
conductor comes first; there is no leader. Events that came too soon after
others take effect here, too.
"""

from oslo_utils import uuidutils

from valence.common.periodic import Periodic
from valence.conductor import rpcapi
from valence.conductor.handlers import probe, sync
from valence.db.api import Database, Tables
from valence.objects.task import NewTask
from valence.tasks.doorbell import Doorbell

#: Pod managers that one look takes.
_LIMIT = 100
#: Tasks that wait for a worker, from which on no more syncs are written: what
#: somebody asks for would wait behind them. Those that are late come later.
_BACKLOG = 200


class Rounds:
    """Looks for what is due.

    :param interval: seconds between two looks.
    :param probe_pause: seconds between two probes of a pod manager.
    """

    def __init__(
        self,
        database: Database,
        doorbell: Doorbell,
        *,
        interval: float,
        probe_pause: float,
    ) -> None:
        self._database = database
        self._doorbell = doorbell
        self._probe_pause = probe_pause
        self._periodic = Periodic(
            self.look, interval=interval, name='rounds', jitter=0.2
        )

    def start(self) -> None:
        self._periodic.start()

    def stop(self) -> None:
        self._periodic.stop()

    def look(self) -> None:
        """Write the tasks that are due now."""
        # First, since a sync may be what they are due for.
        self._database.pod_managers.take_due_events(limit=_LIMIT)
        written = self._database.write(self._write_probes)
        written += self._database.write(self._write_syncs)
        if written:
            self._doorbell.ring(rpcapi.TOPIC)

    def _write_probes(self, tables: Tables) -> int:
        due = tables.pod_managers.take_due_probes(
            pause=self._probe_pause, limit=_LIMIT
        )
        for uuid in due:
            _create(tables, _task(probe.ACTION, uuid, short=True))
        return len(due)

    def _write_syncs(self, tables: Tables) -> int:
        waiting = tables.tasks.count_pending(topic=rpcapi.TOPIC, most=_BACKLOG)
        room = min(_LIMIT, _BACKLOG - waiting)
        if not room:
            return 0
        due = tables.pod_managers.due_syncs(limit=room)
        for uuid in due:
            task = _task(sync.Sync.action, uuid)
            tables.pod_managers.reserve(uuid=uuid, task_uuid=task.uuid)
            _create(tables, task)
        return len(due)


def _task(action: str, podm_id: str, *, short: bool = False) -> NewTask:
    return NewTask(
        uuid=uuidutils.generate_uuid(),
        action=action,
        topic=rpcapi.TOPIC,
        short=short,
        request={},
        podm_id=podm_id,
        resource_type='pod_manager',
        resource_uuid=podm_id,
    )


def _create(tables: Tables, task: NewTask) -> None:
    """Write a task in the place of the last one of its kind."""
    tables.tasks.forget(
        action=task.action, resource_uuid=task.resource_uuid or ''
    )
    tables.tasks.create(task=task)
