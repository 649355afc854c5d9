"""What the simulated pod managers say, to be said again with mistakes.

The documents are those of the simulator, with a node and with a task that
goes on. What changes something is answered as the simulator does, but
nothing changes.
"""

import dataclasses
import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson

from tests.functional.podm.replaying import Answer, Request
from tests.unit.podm import connected
from tests.unit.simulator import running
from tests.unit.simulator.test_walk import links
from valence.simulator import server

ROOT = '/redfish/v1/'
TAG = 'valence-5b7d8c1e-2f64-4c39-a9d1-6a1f0c7e3b52'

#: What the task that goes on is tagged with, where it makes a node.
PENDING = 'valence-0c4d7a52-9b1e-4e0f-8a77-3d1c6b2f9e10'

#: Seconds: longer than anybody waits, so that nobody does.
LATER = '3600'

#: Method and path, without a query.
Key = tuple[str, str]

_EXPAND = '?$expand=.($levels='
_TASK = '/redfish/v1/TaskService/Tasks/1'
_SESSIONS = '/redfish/v1/SessionService/Sessions'


@dataclasses.dataclass(frozen=True)
class Recording:
    """What one pod manager says.

    :ivar answers: to all that can be asked for.
    :ivar node: path of the node that is there; None where there is none.
    """

    answers: Mapping[Key, Answer]
    node: str | None

    @property
    def paths(self) -> list[str]:
        return sorted(path for method, path in self.answers if method == 'GET')

    @property
    def systems(self) -> list[str]:
        document = self.answers['GET', '/redfish/v1/Systems'].document
        return [each['@odata.id'] for each in document['Members']]


@functools.cache
def recording(mode: str, systems: int) -> Recording:
    """Give what the simulator says in a mode."""
    with server.Simulator(mode=mode, systems=systems) as simulator:
        pod, client = simulator.pods[0], running.Client(simulator.urls[0])
        node = None
        if mode != 'plain':
            collection = 'Nodes' if mode.startswith('rsd') else 'Systems'
            node = f'/redfish/v1/{collection}/{pod.appear(TAG, "node")}'
            _attach(client, node)
            if collection == 'Systems':
                pod.appear('another system')
            pod.set_modes(accept={'ms': 10**6})
            _begin(client, node)
        answers = dict(_answers(client))
        client.session.close()
    answers |= _changes(answers, node)
    return Recording(answers, node)


def _attach(client: running.Client, node: str) -> None:
    """Attach the first that can be attached."""
    with connected.Connected(client.url) as podm:
        compute = podm.connection.compute
        compute.attach_resource(node, compute.list_attachable(node)[0])


def _begin(client: running.Client, node: str) -> None:
    """Have a change accepted that is at work for ever."""
    if '/Nodes/' in node:
        sent = client.post(running.ALLOCATE, {'Description': PENDING})
    else:
        target = f'{node}/Actions/ComputerSystem.Reset'
        sent = client.post(target, {'ResetType': 'ForceOff'})
    sent.raise_for_status()


def _answers(client: running.Client) -> Iterator[tuple[Key, Answer]]:
    """Yield what is answered to each GET, from the root on."""
    todo, known = [ROOT], {ROOT}
    while todo:
        path = todo.pop()
        sent = client.call('GET', path)
        names = ('ETag', 'Location')
        headers = {
            name: sent.headers[name] for name in names if name in sent.headers
        }
        if 'Retry-After' in sent.headers:
            headers['Retry-After'] = LATER
        document = sent.json()
        yield ('GET', path), Answer(sent.status_code, headers, document)
        found = {each.partition('#')[0] for each in links(document)}
        found |= set(_texts(document))
        todo += sorted(found - known)
        known |= found


def _changes(
    answers: Mapping[Key, Answer], node: str | None
) -> dict[Key, Answer]:
    """Give what is answered to what changes something."""
    found: dict[Key, Answer] = {}
    for (_method, path), answer in answers.items():
        found['PATCH', path] = found['DELETE', path] = Answer(204)
        for target in _targets(answer.document.get('Actions')):
            found['POST', target] = Answer(204)
    made = Answer(201, {'Location': node or ''}, {'Name': 'made'})
    for path in ('Nodes/Actions/Allocate', 'Systems'):
        found['POST', f'/redfish/v1/{path}'] = made
    token = {'X-Auth-Token': 'token', 'Location': f'{_SESSIONS}/1'}
    found['POST', _SESSIONS] = Answer(201, token, {'Id': '1'})
    found['DELETE', f'{_SESSIONS}/1'] = Answer(204)
    return found


def _texts(value: Any) -> Iterator[str]:
    """Yield the links that are plain strings."""
    for name, each in value.items() if isinstance(value, dict) else ():
        if name in ('@Redfish.ActionInfo', 'TaskMonitor'):
            yield each
        yield from _texts(each)


def _targets(value: Any) -> Iterator[str]:
    for each in value.values() if isinstance(value, dict) else ():
        if isinstance(each, dict) and 'target' in each:
            yield each['target']
        yield from _targets(each)


class World:
    """A pod manager with mistakes, as one example has it.

    :param expands: whether it gives a collection with what is below it.
    :param accepts: whether it accepts changes, to be done later.
    :param sessions: whether it wants a session.
    :param most: requests that it answers.
    """

    def __init__(
        self,
        recording: Recording,
        change: Callable[[dict[Key, Answer]], None] = lambda _answers: None,
        *,
        expands: bool = False,
        accepts: bool = False,
        sessions: bool = False,
        most: int = 10_000,
    ) -> None:
        self.answers = dict(recording.answers)
        if accepts and ('GET', _TASK) in self.answers:
            self._accept()
        change(self.answers)
        self.asked: set[Key] = set()
        self.count = 0
        self._expands = expands
        self._sessions = sessions
        self.most = most

    def _accept(self) -> None:
        task = self.answers['GET', _TASK].document
        headers = {'Location': task['TaskMonitor'], 'Retry-After': LATER}
        accepted = Answer(202, headers, task)
        for method, path in self.answers:
            if method != 'GET' and path != _SESSIONS:
                self.answers[method, path] = accepted

    def __call__(self, request: Request) -> Answer:
        self.count += 1
        path, _mark, query = request.path.partition('?')
        key = request.method, path
        self.asked.add(key)
        if self.count > self.most:
            return Answer(404)
        if self._sessions and not _is_known(request):
            return Answer(401)
        answer = self.answers.get(key, Answer(404))
        if query.startswith(_EXPAND[1:]):
            return self._expanded(answer, query)
        if 'if-none-match' in request.headers:
            return _unless_same(request, answer)
        return answer

    def _expanded(self, answer: Answer, query: str) -> Answer:
        if not self._expands:
            return Answer(501)
        levels = int(query[len(_EXPAND) - 1 : -1])
        if answer.status != 200 or answer.body is not None:
            return answer
        document = self._with_inside(answer.document, levels)
        return dataclasses.replace(answer, document=document)

    def _with_inside(self, value: Any, levels: int) -> Any:
        """Give a value with the documents that it links to, not in Links."""
        if isinstance(value, list):
            return [self._with_inside(each, levels) for each in value]
        if not isinstance(value, dict):
            return value
        if value.keys() == {'@odata.id'}:
            return self._inside(value, levels)
        return {
            name: each if name == 'Links' else self._with_inside(each, levels)
            for name, each in value.items()
        }

    def _inside(self, link: dict[str, Any], levels: int) -> Any:
        answer = self.answers.get(('GET', str(link['@odata.id'])))
        if levels == 0 or answer is None or answer.status != 200:
            return link
        try:
            document = orjson.loads(answer.content())
        except ValueError:
            return link
        return self._with_inside(document, levels - 1)


def _is_known(request: Request) -> bool:
    """Tell whether a request may be made, if only those with a session."""
    return (
        request.headers.get('x-auth-token') == 'token'
        or 'authorization' not in request.headers
    )


def _unless_same(request: Request, answer: Answer) -> Answer:
    same = request.headers['if-none-match'] == answer.headers.get('ETag')
    return Answer(304) if same and answer.wire is None else answer
