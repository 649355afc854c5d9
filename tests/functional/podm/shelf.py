"""A Shelf: the imaginary pod manager of the documentation, on a port."""

import base64
import itertools
import threading
from collections.abc import Callable
from typing import Any

from tests.unit.podm.scripted import Handler, Reply, Request, Scripted, drop

MACHINES, NODES = '/shelf/machines', '/shelf/nodes'
NOTHING = Reply(404, {'error': 'There is no such thing.'})

Object = dict[str, Any]


class Shelf(Scripted):
    """Four machines of 16 cores and 64 GiB; the script comes before them.

    :ivar machines, nodes, jobs: by url, as they are sent.
    :ivar made: notes of all nodes that were ever made.
    :ivar stuck: why power cannot be changed; None where it can.
    """

    def __init__(self, password: str = 'admin') -> None:
        super().__init__()
        self.check = self._reply
        self.machines = {
            f'{MACHINES}/{number}': _machine(number) for number in range(4)
        }
        self.nodes: dict[str, Object] = {}
        self.jobs: dict[str, Object] = {}
        self.made: list[str] = []
        self.stuck: str | None = None
        self._numbers = itertools.count(1)
        self._guard = threading.Lock()
        self.use_password(password)

    def use_password(self, password: str) -> None:
        pair = base64.b64encode(f'admin:{password}'.encode()).decode()
        self._credentials = f'Basic {pair}'

    def lose_answer(self, method: str, path: str) -> None:
        """Act on the next such request, and close the connection."""

        def act_only(handler: Handler, request: Request) -> None:
            del self.script[method, path]
            self._reply(request)
            drop(handler, request)

        self.script[method, path] = act_only

    def _reply(self, request: Request) -> Reply | None:
        if (request.method, request.path) in self.script:
            return None
        if request.headers.get('Authorization') != self._credentials:
            return Reply(401, {'error': 'Who are you?'})
        act: Callable[[Request], Reply] = {
            'GET': self._get,
            'PUT': self._put,
            'POST': self._post,
            'DELETE': self._delete,
        }[request.method]
        with self._guard:
            return act(request)

    def _get(self, request: Request) -> Reply:
        path = request.path
        if path == MACHINES:
            return Reply(body={'machines': list(self.machines.values())})
        if path == NODES:
            return Reply(body={'nodes': list(map(self._told, self.nodes))})
        if path in self.nodes:
            return Reply(body=self._told(path))
        if path in self.jobs:
            return Reply(body=self._look(path))
        if path in self.machines:
            return Reply(body=self.machines[path])
        return NOTHING

    def _put(self, request: Request) -> Reply:
        """Begin to change the power of a machine."""
        machine = self.machines.get(request.path.removesuffix('/power'))
        if machine is None:
            return NOTHING
        power = request.document['power']
        if machine['power'] == power:
            return Reply(204, b'')
        url = f'/shelf/jobs/{next(self._numbers)}'
        self.jobs[url] = {'state': 'running', 'power': power, 'of': machine}
        return Reply(202, {'job': url})

    def _post(self, request: Request) -> Reply:
        wanted = request.document
        taken = [node['machine'] for node in self.nodes.values()]
        for url, machine in self.machines.items():
            if url not in taken and all(
                machine[name] >= wanted.get(name, 0)
                for name in ('cores', 'memory_mib')
            ):
                return Reply(201, self._make(wanted, url))
        return Reply(409, {'error': 'There is no such machine free.'})

    def _make(self, wanted: Object, machine: str) -> Object:
        number = next(self._numbers)
        url = f'{NODES}/{number}'
        self.nodes[url] = {
            'url': url,
            'id': str(number),
            'name': wanted['name'],
            'note': wanted['note'],
            'machine': machine,
        }
        self.made.append(wanted['note'])
        return self._told(url)

    def _delete(self, request: Request) -> Reply:
        if self.nodes.pop(request.path, None) is None:
            return NOTHING
        return Reply(204, b'')

    def _told(self, url: str) -> Object:
        node = self.nodes[url]
        return {**node, 'power': self.machines[node['machine']]['power']}

    def _look(self, url: str) -> Object:
        """Tell how a job goes, and let it come to its end."""
        job = self.jobs[url]
        told = {'state': job['state']}
        if self.stuck is not None:
            return {'state': 'failed', 'why': self.stuck}
        job['of']['power'], job['state'] = job['power'], 'done'
        return told


def _machine(number: int) -> Object:
    return {
        'url': f'{MACHINES}/{number}',
        'id': f'm{number}',
        'cores': 16,
        'memory_mib': 65536,
        'mac': f'52:54:00:00:00:0{number}',
        'power': 'on',
    }
