"""Nobody sees a password: a story with all that can go wrong, and a search."""

import base64
from collections.abc import Callable
from typing import Any, ClassVar

import requests
import testtools

from tests import fixtures as servers
from tests.fixtures import mariadb, postgresql, rest
from tests.fixtures.stack import Stack
from tests.unit.podm import scripted
from valence.simulator.server import Simulator

CANARY = 'canary-5ecr3t'
PASSWORDS = (CANARY, f'{CANARY}-new', f'{CANARY}-wrong')
ROOT = '/redfish/v1/'
SYSTEMS = '/redfish/v1/Systems'

#: All that Valence logs, and what its libraries are kept from by default.
_LOUD = (
    'default_log_levels = sqlalchemy=DEBUG,oslo_messaging=DEBUG,'
    'oslo.messaging=DEBUG,urllib3=DEBUG,stevedore=DEBUG'
)


def basic(password: str) -> str:
    """Give what a password looks like in a header."""
    return base64.b64encode(f'admin:{password}'.encode()).decode()


def _echo(status: int, form: Callable[[str], Any]) -> scripted.Step:
    """Answer with what the request had in its header."""

    def step(handler: Any, request: scripted.Request) -> None:
        shown = request.headers.get('Authorization', 'none')
        scripted.Reply(status, form(shown))(handler, request)

    return step


def _extended(shown: str) -> Any:
    info = {'MessageId': f'Base.1.0.{shown}', 'Message': f'You sent {shown}'}
    return {
        'error': {
            'code': f'Base.1.0.{shown}',
            'message': f'Look at {shown}',
            '@Message.ExtendedInfo': [info, shown],
        }
    }


#: How a pod manager may send back what it was told.
ECHOES = {
    'garbage': _echo(200, lambda shown: f'{{"x": {shown}'.encode()),
    'not an object': _echo(200, lambda shown: [shown]),
    'members': _echo(200, lambda shown: {'Members': shown}),
    'link': _echo(200, lambda shown: {'Members': [{'@odata.id': shown}]}),
    'refusal': _echo(400, _extended),
    'unauthorized': _echo(401, _extended),
    'failure': _echo(500, lambda shown: f'<h1>{shown}</h1>'.encode()),
    'text': _echo(503, lambda shown: shown.encode()),
    'decoded': _echo(
        400, lambda shown: base64.b64decode(shown[6:]) if shown else b''
    ),
}


class Canaries:
    """A whole Valence that logs all it can, and whose bus is listened to."""

    server: ClassVar[Callable[[], mariadb.MariaDB | postgresql.PostgreSQL]]

    def setUp(self: Any) -> None:
        super().setUp()
        self.pods = self.enterContext(
            Simulator(pods=2, systems=2, assembly_ms=10, password=CANARY)
        )
        self.echo = self.useFixture(scripted.Scripted())
        self.echo.get(ROOT, {'Systems': {'@odata.id': SYSTEMS}})
        self.echo.get(SYSTEMS, {'Members': []})
        broker = servers.shared_rabbitmq()
        vhost = broker.new_vhost()
        self.messages = broker.tap(vhost)
        self.url = self.server().new_database()
        options = {
            'DEFAULT': ['debug = true', _LOUD],
            'http_client': ['connect_timeout = 2'],
            # No test is to wait for one that was away to be called again.
            'tasks': ['breaker_failures = 1000'],
        }
        self.stack = self.useFixture(Stack(self.url, vhost, options=options))
        self.rest = self.stack.rest
        self.answers: list[str] = []
        self.rest.session.hooks['response'].append(self.keep)

    def keep(self, answer: requests.Response, **_options: Any) -> None:
        self.answers.append(f'{answer.headers} {answer.text}')

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        return self.rest.request(method, path, body)

    def ends(
        self: Any, status: str, method: str, path: str, **body: Any
    ) -> None:
        """Ask for a task, and check how it ends."""
        accepted = self.rest.accepted(method, path, body or None)
        task = self.rest.ended(accepted['task_uuid'])
        self.assertEqual(status, task['status'], task)

    def change(self: Any, name: str, password: str) -> None:
        body = rest.pod_manager(name, '', password)['authentication']
        path = f'/v1/pod_managers/{name}'
        answer = self.ask('PATCH', path, {'authentication': body})
        self.assertEqual(200, answer.status_code, answer.text)

    def look(self) -> None:
        for path in (
            '/v1/pod_managers',
            '/v1/pod_managers/pod0',
            '/v1/systems',
            '/v1/nodes',
            '/v1/tasks',
            '/v1/services',
            '/healthcheck',
        ):
            self.ask('GET', path)

    def send_what_is_wrong(self: Any) -> None:
        good = rest.pod_manager('x', self.pods.urls[0], CANARY)
        for password in ({'x': CANARY}, [CANARY], [[{'y': CANARY}]]):
            wrong = rest.pod_manager('x', good['url'], password)
            changed = {'authentication': wrong['authentication']}
            for answer in (
                self.ask('POST', '/v1/pod_managers', wrong),
                self.ask('PATCH', '/v1/pod_managers/pod0', changed),
            ):
                self.assertEqual(400, answer.status_code, answer.text)
        for wrong in (
            {**good, 'authentication': CANARY},
            {**good, 'authentication': {'password': CANARY}},
            {**good, 'url': f'http://admin:{CANARY}@host'},
        ):
            answer = self.ask('POST', '/v1/pod_managers', wrong)
            self.assertEqual(400, answer.status_code, answer.text)

    def fail_in_all_ways(self: Any) -> None:
        sync = '/v1/pod_managers/pod0/sync'
        self.change('pod0', f'{CANARY}-wrong')
        self.ends('Failed', 'POST', sync)
        podm = self.ask('GET', '/v1/pod_managers/pod0').json()
        compose = {'name': 'two', 'podm_id': podm['uuid']}
        self.ends('Failed', 'POST', '/v1/nodes', **compose)
        self.change('pod0', CANARY)
        for modes in ({'away': True}, {'status': 401}, {'status': 500}):
            self.pods.pods[0].set_modes(**modes)
            self.ends('Failed', 'POST', sync)
            self.ends('Failed', 'POST', '/v1/nodes', **compose)
            self.look()
            self.pods.pods[0].clear_modes()
        refused = rest.pod_manager('refused', 'http://127.0.0.1:1', CANARY)
        self.ask('POST', '/v1/pod_managers', refused)

    def hear_echoes(self: Any) -> None:
        for step in ECHOES.values():
            self.echo.script['GET', SYSTEMS] = step
            self.rest.register('echo', self.echo.url, password=CANARY)
            self.look()
            path = '/v1/pod_managers/echo?force=true'
            self.ends('Completed', 'DELETE', path)

    def rotate(self: Any) -> None:
        self.stack.manage('credentials', 'new-key')
        self.change('pod1', f'{CANARY}-new')
        self.stack.manage('credentials', 'rotate')
        self.stack.manage('credentials', 'status')
        self.ends('Completed', 'POST', '/v1/pod_managers/pod0/sync')

    def test_password_is_seen_nowhere(self: Any) -> None:
        podm, _other = [
            self.rest.register(f'pod{number}', url, password=CANARY)
            for number, url in enumerate(self.pods.urls)
        ]
        self.send_what_is_wrong()
        node = {'name': 'one', 'podm_id': podm['uuid']}
        self.ends('Completed', 'POST', '/v1/nodes', **node)
        self.look()
        self.fail_in_all_ways()
        self.hear_echoes()
        self.rotate()
        self.ends('Completed', 'DELETE', '/v1/nodes/one')
        self.stack.stop()
        places = self.places()
        self.assert_searched(places)
        for place, text in places.items():
            for needle in self.needles():
                if needle in text:
                    at = text.index(needle)
                    self.fail(f'{place}: {text[max(at - 300, 0) : at + 50]}')

    def places(self) -> dict[str, str]:
        """Give all that can be read, by what it is."""
        names = [*self.stack.processes, 'manage']
        return {
            'answers': '\n'.join(self.answers),
            'database': self.server().dump(self.url),
            'bus': b'\n'.join(self.messages()).decode(errors='replace'),
            **{f'log of {name}': self.stack.log(name) for name in names},
        }

    def needles(self) -> list[str]:
        keys = (self.stack.directory / 'credentials.keys').read_text()
        return [
            *PASSWORDS,
            *(basic(password) for password in PASSWORDS),
            *keys.split(),
        ]

    def assert_searched(self: Any, places: dict[str, str]) -> None:
        """Check that there was something to be found."""
        self.assertIn('***', places['answers'])
        self.assertIn('"sealed', places['database'].replace('\\', ''))
        self.assertIn('probe_pod_manager', places['bus'])
        for name in ('conductor1', 'compute1', 'api1'):
            log = places[f'log of {name}']
            self.assertIn('DEBUG sqlalchemy', log)
        heard = {
            request.headers.get('Authorization')
            for request in self.echo.requests
        }
        self.assertIn(f'Basic {basic(CANARY)}', heard)
        self.assertEqual(2, len(self.needles()) - 2 * len(PASSWORDS))


class MariadbCanaryTest(Canaries, testtools.TestCase):
    server = staticmethod(servers.shared_mariadb)


class PostgresqlCanaryTest(Canaries, testtools.TestCase):
    server = staticmethod(servers.shared_postgresql)
