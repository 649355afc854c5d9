"""A pod manager that deviates, and a client for it."""

from typing import Any

import requests

from tests.unit.simulator import running
from valence.simulator.modes import deviations


class Deviating(running.Running):
    """A simulator of ten systems."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{'systems': 10, 'assembly_ms': 0} | options)

    def deviate(self, *names: str) -> None:
        """Have the pod deviate in these ways from now on."""
        self.client.modes(deviate=names).raise_for_status()

    def get(self, path: str, **more: Any) -> requests.Response:
        """Return the answer to a GET."""
        return self.client.call('GET', path, **more)

    def bare(self, method: str, path: str, **more: Any) -> requests.Response:
        """Return the answer to a request without credentials."""
        return requests.request(
            method, self.client.url + path, timeout=10, **more
        )


def names() -> set[str]:
    """Return the names of all deviations."""
    return set(deviations.ALL)
