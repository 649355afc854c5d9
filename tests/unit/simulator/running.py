"""A running simulator for a test, and a client for it.

The client is the requests library: the tests look at what is on the
wire, not at the simulator's inside.
"""

import base64
import json
import socket
import time
import urllib.parse
from collections.abc import Callable
from typing import Any

import fixtures
import requests

from valence.simulator import server

ROOT = '/redfish/v1'
NODES = f'{ROOT}/Nodes'
ALLOCATE = f'{NODES}/Actions/Allocate'
SYSTEM = f'{ROOT}/Systems/1-s-1'
SESSIONS = f'{ROOT}/SessionService/Sessions'
TASKS = f'{ROOT}/TaskService/Tasks'


def eventually(happens: Callable[[], Any]) -> Any:
    """Return the first that is true, of what there is no way to wait for."""
    end = time.monotonic() + 10
    while not (found := happens()) and time.monotonic() < end:
        time.sleep(0.01)
    return found


class Client:
    """Speak to one pod manager."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = ('admin', 'admin')

    def call(self, method: str, path: str, **more: Any) -> requests.Response:
        """Send a request and return the answer."""
        more.setdefault('timeout', 10)
        return self.session.request(method, self.url + path, **more)

    def get(self, path: str, **more: Any) -> Any:
        """Return a document that must be there."""
        answer = self.call('GET', path, **more)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, body: Any = None) -> requests.Response:
        """Send a POST."""
        return self.call('POST', path, json=body)

    def patch(self, path: str, body: Any) -> requests.Response:
        """Send a PATCH."""
        return self.call('PATCH', path, json=body)

    def delete(self, path: str) -> requests.Response:
        """Send a DELETE."""
        return self.call('DELETE', path)

    def allocate(self, **request: Any) -> str:
        """Return the path of a new node."""
        answer = self.post(ALLOCATE, request)
        answer.raise_for_status()
        return answer.headers['Location']

    def assemble(self, node: str) -> requests.Response:
        """Begin to assemble a node."""
        return self.post(f'{node}/Actions/ComposedNode.Assemble')

    def settle(self, node: str) -> str:
        """Return the state in which assembling ended."""
        eventually(lambda: self._state(node) != 'Assembling')
        return self._state(node)

    def _state(self, node: str) -> str:
        return str(self.get(node)['ComposedNodeState'])

    def login(self) -> requests.Response:
        """Open a session, with no other credentials."""
        return requests.post(
            self.url + SESSIONS,
            json={'UserName': 'admin', 'Password': 'admin'},
            timeout=10,
        )

    def send(self, method: str, path: str, body: Any = None) -> socket.socket:
        """Send a request; return the connection, with no answer read."""
        where = urllib.parse.urlsplit(self.url)
        credentials = base64.b64encode(b'admin:admin').decode()
        content = json.dumps(body or {})
        sock = socket.create_connection((where.hostname, where.port), 10)
        sock.sendall(
            f'{method} {path} HTTP/1.1\r\nHost: {where.netloc}\r\n'
            f'Authorization: Basic {credentials}\r\n'
            f'Content-Length: {len(content)}\r\n\r\n{content}'.encode()
        )
        return sock

    def is_reset(self, method: str, path: str, body: Any = None) -> bool:
        """Tell whether a request meets a reset in place of an answer."""
        with self.send(method, path, body) as sock:
            try:
                sock.recv(1)
            except ConnectionResetError:
                return True
            return False

    def system_of(self, node: str) -> str:
        """Return the path of a node's system."""
        return str(self.get(node)['Links']['ComputerSystem']['@odata.id'])

    def modes(self, **values: Any) -> requests.Response:
        """Set modes of the pod."""
        return self.post('/simulator/modes', values)

    def stats(self) -> Any:
        """Return the pod's counters and nodes."""
        return self.get('/simulator/stats')


class Running(fixtures.Fixture):
    """A simulator that runs as long as the test."""

    def __init__(self, **options: Any) -> None:
        self._options = options

    def _setUp(self) -> None:
        self.simulator = server.Simulator(**self._options)
        self.simulator.start()
        self.addCleanup(self.simulator.stop)
        self.clients = [Client(url) for url in self.simulator.urls]
        for client in self.clients:
            self.addCleanup(client.session.close)

    @property
    def pods(self) -> list[Any]:
        """The states of the pods."""
        return self.simulator.pods

    @property
    def client(self) -> Client:
        """The client of the first pod."""
        return self.clients[0]
