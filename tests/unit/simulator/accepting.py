"""A pod manager that accepts operations, to be done later."""

from typing import Any

import requests

from tests.unit.simulator import running
from valence.simulator import tasks

FOR_EVER = 10**6
RESET = f'{running.SYSTEM}/Actions/ComputerSystem.Reset'


class Accepting(running.Running):
    """A simulator of two systems, and what is asked of its tasks."""

    def __init__(self, **options: Any) -> None:
        super().__init__(systems=2, **options)

    @property
    def pod(self) -> Any:
        """The state of the pod."""
        return self.pods[0]

    def accept(self, ms: object = FOR_EVER, **more: object) -> None:
        """Have operations accepted from now on."""
        self.client.modes(accept={'ms': ms, **more})

    def allocate(self, **body: Any) -> requests.Response:
        """Return the answer to what is asked for."""
        return self.client.post(running.ALLOCATE, body)

    def task(self, number: int = 1) -> Any:
        """Return a task."""
        return self.client.get(f'{running.TASKS}/{number}')

    def ended(self, number: int = 1) -> Any:
        """Return a task that has come to its end."""
        running.eventually(
            lambda: self.task(number)['TaskState'] != tasks.RUNNING
        )
        return self.task(number)

    def monitor(self, number: int = 1) -> requests.Response:
        """Return the answer of a task's monitor."""
        path = f'{running.TASKS}/{number}/Monitor'
        return self.client.call('GET', path)
