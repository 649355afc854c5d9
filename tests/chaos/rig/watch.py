"""Somebody who looks at the open tasks all the time, as any user may.

Records show times in seconds, which is too coarse for what is measured here.
"""

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import fixtures
import requests

from tests.chaos.rig.load import Reply
from tests.fixtures.rest import RestClient

_PAUSE = 0.1
_OPEN = (
    '/v1/tasks?status=In%20Progress&action=compose_node'
    '&fields=uuid,state,attempt,podm_id'
)


@dataclass(frozen=True, slots=True)
class Look:
    """:ivar at: monotonic, before it; it tells of some moment after.

    :ivar open: the tasks in progress, by uuid.
    """

    at: float
    open: Mapping[str, Mapping[str, Any]]

    def running(self, podm: str) -> list[tuple[str, int]]:
        """Give the attempts that hold a thread for a pod manager."""
        return [
            (uuid, task['attempt'])
            for uuid, task in self.open.items()
            if task['state'] == 'running' and task['podm_id'] == podm
        ]


class Watch(fixtures.Fixture):
    """:param url: of the API.

    :ivar looks: in order, about ten a second.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self._rest = RestClient(url)
        self.looks: list[Look] = []

    def _setUp(self) -> None:
        self._ended = threading.Event()
        thread = threading.Thread(target=self._run, name='watch', daemon=True)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self._ended.set)

    def _run(self) -> None:
        while not self._ended.wait(_PAUSE):
            at = time.monotonic()
            try:
                tasks = self._rest.get(_OPEN)
            except (AssertionError, requests.RequestException):
                continue
            self.looks.append(Look(at, {task['uuid']: task for task in tasks}))

    def seconds(self, replies: Iterable[Reply]) -> list[float]:
        """Give how long tasks took, which have ended all.

        From the request to the first look at which the task is not open.
        """
        now = time.monotonic()
        while not self.looks or self.looks[-1].at < now:
            time.sleep(_PAUSE)
        return [self._ended_at(reply) - reply.sent_at for reply in replies]

    def _ended_at(self, reply: Reply) -> float:
        answered_at = reply.sent_at + reply.seconds
        return next(
            look.at
            for look in self.looks
            if look.at > answered_at and reply.task_uuid not in look.open
        )

    def most_running(self, podm: str) -> int:
        """Give how many tasks a pod manager was given at once."""
        return max(len(look.running(podm)) for look in self.looks)

    def longest_turn(self, podm: str) -> float:
        """Give for how many seconds a thread was held for a pod manager."""
        seen: dict[tuple[str, int], list[float]] = {}
        for look in self.looks:
            for attempt in look.running(podm):
                seen.setdefault(attempt, []).append(look.at)
        return max((at[-1] - at[0] for at in seen.values()), default=0.0)
