"""The times at which tasks are due that a worker put to wait itself."""

import heapq
import threading
import time


class Alarms:
    """Monotonic times, earliest first. Thread-safe."""

    def __init__(self) -> None:
        self._times: list[float] = []
        self._lock = threading.Lock()

    def set(self, delay: float) -> None:
        """Set an alarm, in so many seconds."""
        with self._lock:
            heapq.heappush(self._times, time.monotonic() + delay)

    def forget_past(self) -> None:
        """Forget what is over: called before a look at what is due.

        One that goes off during the look may have been missed by it.
        """
        now = time.monotonic()
        with self._lock:
            while self._times and self._times[0] <= now:
                heapq.heappop(self._times)

    def seconds_to_next(self) -> float:
        """Give the seconds to the next alarm; infinity if there is none."""
        with self._lock:
            if not self._times:
                return float('inf')
            return max(0.0, self._times[0] - time.monotonic())
