"""The doorbell: tells workers at once that there is a task.

Nothing depends on it but latency, so it may be lost. It is rung from a thread
of its own and can neither block nor fail a request, whatever the bus does.
"""

import logging
import threading

from valence.common.bus import Bus

LOG = logging.getLogger(__name__)

#: Bells of one topic within so many seconds become one.
_PAUSE = 0.02
#: Seconds that the end of the process waits for a bell in hand.
_PATIENCE = 1


class Doorbell:
    """Rings topics in the background; bells of one topic coalesce."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._topics: set[str] = set()
        self._lock = threading.Lock()
        self._rung = threading.Event()
        self._stopping = threading.Event()
        self._silent = False
        self._thread = threading.Thread(
            target=self._run, name='doorbell', daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._rung.set()
        self._thread.join(_PATIENCE)

    def ring(self, topic: str) -> None:
        """Have a topic's workers look for tasks; returns at once."""
        with self._lock:
            self._topics.add(topic)
        self._rung.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._rung.wait()
            self._rung.clear()
            with self._lock:
                topics, self._topics = self._topics, set()
            for topic in topics:
                self._try(topic)
            self._stopping.wait(_PAUSE)

    def _try(self, topic: str) -> None:
        try:
            self._bus.ring(topic)
        except Exception as error:
            if not self._silent:
                LOG.warning(
                    'The bus takes no doorbells (%s); workers find tasks by '
                    'their sweep until it does',
                    error,
                )
            self._silent = True
            return
        if self._silent:
            LOG.info('The bus takes doorbells again')
        self._silent = False
