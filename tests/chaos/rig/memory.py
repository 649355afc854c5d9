"""Somebody who looks all the time how much memory each process has."""

import contextlib
import threading

import fixtures
import psutil

from tests.chaos.rig.faults import Services

_PAUSE = 0.5
_MIB = 1024 * 1024


class MemoryWatch(fixtures.Fixture):
    """:ivar most: MiB of each process, by service and process id."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.most: dict[str, int] = {}

    def _setUp(self) -> None:
        self._ended = threading.Event()
        thread = threading.Thread(target=self._run, name='memory', daemon=True)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self._ended.set)

    def _run(self) -> None:
        while not self._ended.wait(_PAUSE):
            for name in self._services.names():
                with contextlib.suppress(psutil.Error):
                    self._look(name)

    def _look(self, name: str) -> None:
        for process in self._services.family(name):
            key = f'{name}/{process.pid}'
            now = process.memory_info().rss // _MIB
            self.most[key] = max(now, self.most.get(key, 0))
