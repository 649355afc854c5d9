"""A thread that does one thing again and again, and survives its failures."""

import logging
import random
import threading
from collections.abc import Callable

LOG = logging.getLogger(__name__)


class Periodic:
    """Call a function every so many seconds, the first time at once.

    :param interval: seconds between two calls.
    :param jitter: share of the interval by which each pause varies, so that
        many processes do not act in step.
    """

    def __init__(
        self,
        function: Callable[[], object],
        *,
        interval: float,
        name: str,
        jitter: float = 0.0,
    ) -> None:
        self._function = function
        self._interval = interval
        self._jitter = jitter
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._run, name=name, daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Let the call in hand end, and make no more."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._function()
            except Exception:
                LOG.exception('%s failed; it goes on', self._thread.name)
            self._stop.wait(vary(self._interval, self._jitter))


def vary(interval: float, jitter: float) -> float:
    """Give the interval, more or less by up to the given share of it."""
    return interval * (1 + random.uniform(-jitter, jitter))  # noqa: S311
