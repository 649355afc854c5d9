"""The pod managers, in one process of their own."""

import pathlib
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import fixtures
import requests

from tests.fixtures import processes

_PROGRAM = pathlib.Path(sys.executable).parent / 'valence-podm-simulator'
_READY = 60


@dataclass(frozen=True, slots=True)
class MadeNode:
    """A node that a pod manager once made, whatever became of it.

    :ivar tags: the words of its description.
    """

    url: str
    id: str
    tags: frozenset[str]
    present: bool


class Pods(fixtures.Fixture):
    """Simulated pod managers on neighbouring ports.

    :param options: of valence-podm-simulator, by name.
    :ivar urls: one each.
    """

    urls: Sequence[str]

    def __init__(self, count: int, **options: int | str) -> None:
        super().__init__()
        self._count = count
        self._options = options

    def _setUp(self) -> None:
        self.directory = processes.own_directory(self, 'pods')
        # One more than asked for: it answers for those that are dead.
        self._ports = processes.free_ports(self._count + 1)
        *self.urls, self._porter = [
            f'http://{processes.LOOPBACK}:{port}' for port in self._ports
        ]
        self._session = requests.Session()
        self._session.trust_env = False
        self.addCleanup(self._session.close)
        self._start()

    def _start(self) -> None:
        options = {
            'port': self._ports[0],
            'pods': len(self._ports),
            **self._options,
        }
        self.process = processes.Process(
            [
                *processes.setpriv(None),
                str(_PROGRAM),
                *(
                    f'--{name.replace("_", "-")}={value}'
                    for name, value in options.items()
                ),
            ],
            self.directory,
        )
        self.addCleanup(self.process.stop, signal.SIGTERM, 10)
        self.process.start()
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        end = time.monotonic() + _READY
        while not all(map(processes.accepts, self._ports)):
            if not self.process.running or time.monotonic() > end:
                raise processes.ServerFailedError(self.process.log_tail())
            time.sleep(0.05)

    def set_modes(self, url: str, **modes: Any) -> None:
        """Make one misbehave; see doc/source/simulator.rst."""
        self._control('POST', 'modes', url, json=modes)

    def clear_modes(self) -> None:
        """Let all behave again."""
        for url in self.urls:
            self._control('DELETE', 'modes', url)

    def stats(self, url: str) -> Any:
        """Give what one has counted."""
        return self._control('GET', 'stats', url).json()

    def made(self) -> list[MadeNode]:
        """Give every node that any of them ever made."""
        return [
            node for url in self.urls for node in _made(url, self.stats(url))
        ]

    def forget(self, url: str, node_id: str) -> None:
        """Let a node vanish behind everybody's back."""
        self._control('DELETE', f'nodes/{node_id}', url)

    def appear(self, url: str, **node: str) -> str:
        """Make a node that nobody asked for, and give its id.

        :param node: its description and name.
        """
        answer = self._control('POST', 'nodes', url, json=node)
        return str(answer.json()['id'])

    def _control(
        self, method: str, what: str, url: str, **options: Any
    ) -> requests.Response:
        number = self.urls.index(url)
        answer = self._session.request(
            method,
            f'{self._porter}/simulator/{what}?pod={number}',
            timeout=30,
            **options,
        )
        assert answer.ok, answer.text
        return answer


def _made(url: str, stats: Any) -> list[MadeNode]:
    # Without a history those that are there have to do.
    nodes = stats.get('made', stats['nodes'])
    return [
        MadeNode(
            url=url,
            id=node['id'],
            tags=frozenset(node['description'].split()),
            present=not node.get('deleted', False),
        )
        for node in nodes
    ]
