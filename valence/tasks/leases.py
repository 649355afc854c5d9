"""Keeps the leases of all tasks that a worker has in hand, in one go."""

import threading
import time

from valence.common.periodic import Periodic
from valence.db.api import Database
from valence.tasks.run import TaskRun

#: Seconds after which a running task hears that it was cancelled.
_CANCEL_INTERVAL = 1


class Leases:
    """The tasks in hand, and the thread that renews their leases.

    :param lease: seconds; renewed at a sixth of it. It is given up at half of
        it, which leaves a third to a process that is busy.
    """

    def __init__(self, database: Database, owner: str, lease: float) -> None:
        self._database = database
        self._owner = owner
        self._lease = lease
        self._runs: dict[str, TaskRun] = {}
        self._lock = threading.Lock()
        self._periodics = [
            Periodic(
                self.renew, interval=lease / 6, name='leases', jitter=0.1
            ),
            Periodic(
                self.hear_cancels, interval=_CANCEL_INTERVAL, name='cancels'
            ),
        ]

    def __len__(self) -> int:
        with self._lock:
            return len(self._runs)

    def count_long(self) -> int:
        """Count the tasks in hand that are not short."""
        return sum(not run.task.short for run in self._all().values())

    def start(self) -> None:
        for periodic in self._periodics:
            periodic.start()

    def stop(self) -> None:
        for periodic in self._periodics:
            periodic.stop()

    def add(self, run: TaskRun) -> None:
        """Keep this task's lease from now on.

        A newer attempt takes the place of an older one of our own.
        """
        with self._lock:
            older = self._runs.get(run.task.uuid)
            self._runs[run.task.uuid] = run
        if older is not None:
            older.lost()

    def remove(self, run: TaskRun) -> None:
        with self._lock:
            if self._runs.get(run.task.uuid) is run:
                del self._runs[run.task.uuid]

    def leave(self) -> None:
        """Have the runs leave their tasks in good order, after their step."""
        for run in self._all().values():
            run.leave()

    def give_up(self) -> list[str]:
        """Have the runs stop before their next step; give their tasks."""
        runs = self._all()
        for run in runs.values():
            run.lost()
        return list(runs)

    def renew(self) -> None:
        """Renew all; what was lost is told to its run."""
        runs = self._all()
        if not runs:
            return
        asked_at = time.monotonic()
        held = self._database.tasks.renew(
            owner=self._owner, uuids=list(runs), lease=self._lease
        )
        for uuid, run in runs.items():
            if uuid in held:
                run.renewed(asked_at)
            else:
                run.lost()

    def hear_cancels(self) -> None:
        """Tell the runs whose tasks were cancelled."""
        runs = self._all()
        if not runs:
            return
        for uuid in self._database.tasks.cancelled(uuids=list(runs)):
            runs[uuid].cancel()

    def _all(self) -> dict[str, TaskRun]:
        with self._lock:
            return dict(self._runs)
