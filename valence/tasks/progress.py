"""Writes the progress of all tasks of a worker, many in one transaction.

Only the latest step of each task counts, so a task that goes fast costs next
to nothing.
"""

import threading
from collections.abc import Mapping
from typing import Any

from valence.common.periodic import Periodic
from valence.db.api import Database, Lease

#: Seconds after which progress is in the database.
_INTERVAL = 0.5


class Progress:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._latest: dict[Lease, Mapping[str, Any]] = {}
        self._lock = threading.Lock()
        self._writer = Periodic(
            self.flush, interval=_INTERVAL, name='progress'
        )

    def start(self) -> None:
        self._writer.start()

    def stop(self) -> None:
        self._writer.stop()

    def put(self, lease: Lease, values: Mapping[str, Any]) -> None:
        """Have the values written soon, instead of earlier ones."""
        with self._lock:
            self._latest[lease] = values

    def drop(self, lease: Lease) -> None:
        """Forget what was not written yet: something better is."""
        with self._lock:
            self._latest.pop(lease, None)

    def flush(self) -> None:
        """Write what has gathered."""
        with self._lock:
            latest, self._latest = self._latest, {}
        if latest:
            self._database.tasks.record_many(records=list(latest.items()))
