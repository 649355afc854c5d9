"""A destination of events, by real HTTP."""

import threading
from collections.abc import Sequence
from typing import Any

import fixtures

from tests.unit.podm import scripted
from tests.unit.simulator import running

PATH = '/heard'


class Hearing(fixtures.Fixture):
    """Answers 204 to what is sent, or what a test wants; keeps it."""

    def __init__(self, statuses: Sequence[int] = (204,)) -> None:
        super().__init__()
        self._statuses = list(statuses)
        self._lock = threading.Lock()

    def _setUp(self) -> None:
        self.server = self.useFixture(scripted.Scripted())
        self.server.script['POST', PATH] = [
            scripted.Reply(status, b'') for status in self._statuses
        ]

    @property
    def url(self) -> str:
        return self.server.url + PATH

    @property
    def documents(self) -> list[Any]:
        return [each.document for each in self.server.requests]

    def heard(self, count: int) -> list[Any]:
        """Wait for so many; give the events in them, in order."""
        running.eventually(lambda: len(self.server.requests) >= count)
        return [
            event
            for document in self.documents
            for event in document['Events']
        ]
