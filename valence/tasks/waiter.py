"""Waits for tasks to end, for many requests with one query.

The number of requests that wait is bounded: past that nobody waits.
"""

import threading
import time

from valence.common.periodic import Periodic
from valence.db.api import Database

#: Seconds between two looks, while somebody waits.
_INTERVAL = 0.05


class Waiter:
    """Lets threads sleep until a task has ended.

    :param most: how many may wait at once.
    """

    def __init__(self, database: Database, most: int) -> None:
        self._database = database
        self._places = threading.BoundedSemaphore(most)
        self._condition = threading.Condition()
        self._waiting: dict[str, int] = {}
        self._ended: set[str] = set()
        self._watcher = Periodic(self.look, interval=_INTERVAL, name='waiter')

    def start(self) -> None:
        self._watcher.start()

    def stop(self) -> None:
        self._watcher.stop()

    def wait(self, uuid: str, seconds: float) -> bool:
        """Wait for a task; tell whether it has ended.

        Returns at once, with False, when too many are waiting.
        """
        if seconds <= 0 or not self._places.acquire(blocking=False):
            return False
        try:
            return self._wait(uuid, time.monotonic() + seconds)
        finally:
            self._places.release()

    def _wait(self, uuid: str, end: float) -> bool:
        with self._condition:
            self._waiting[uuid] = self._waiting.get(uuid, 0) + 1
            try:
                return self._condition.wait_for(
                    lambda: uuid in self._ended,
                    max(0.0, end - time.monotonic()),
                )
            finally:
                self._waiting[uuid] -= 1
                if not self._waiting[uuid]:
                    del self._waiting[uuid]
                    self._ended.discard(uuid)

    def look(self) -> None:
        """See which of the awaited tasks have ended."""
        with self._condition:
            awaited = list(self._waiting)
        if not awaited:
            return
        ended = self._database.tasks.ended(uuids=awaited)
        with self._condition:
            self._ended |= ended & self._waiting.keys()
            self._condition.notify_all()
