"""Fixtures: the API in one process, with all that stands behind it.

Nothing is mocked: a migrated SQLite file, the bus within the process, the
real services, the real application, and a simulated pod manager. What holds
for every answer is checked at every answer, by the client.
"""

import functools
import io
import json
import logging
import pathlib
import shutil
import tempfile
import threading
import time
import wsgiref.validate

import fixtures
import webob
from cheroot import wsgi
from oslo_config import fixture as config_fixture

from valence.api.app import Api
from valence.cmd import parts
from valence.common.local_bus import LocalBus
from valence.conf import CONF, GROUPS
from valence.db import connect
from valence.db.api import Query
from valence.simulator import server

#: The password of every simulated pod manager. It must be seen nowhere.
CANARY = 'canary-5ecr3t'
#: What :meth:`Valence.traces` gives of an empty house.
NOTHING = {'nodes': [], 'composed': [], 'running': [], 'reserved': []}

_ERROR_KEYS = {'status', 'code', 'title', 'detail', 'request_id'}
_PATIENCE = 20


def authentication(password=CANARY, username='admin'):
    items = {'username': username, 'password': password}
    return [{'type': 'basic', 'auth_items': items}]


def eventually(condition):
    """Wait until something is true."""
    end = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < end, 'it did not become true'
        time.sleep(0.005)


class Answer:
    """What came back, as a test looks at it."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def request_id(self):
        return self.headers['X-Openstack-Request-Id']


class Client:
    """Calls a WSGI application, and holds each answer to the contract."""

    def __init__(self, application):
        self._application = wsgiref.validate.validator(application)

    def call(self, method, path, body=None, headers=None, raw=None):
        """Send a request.

        :param body: sent as JSON, unless it is None.
        :param raw: sent as it is, in the place of ``body``.
        """
        if raw is None and body is not None:
            raw = json.dumps(body).encode()
        request = webob.Request.blank(path, method=method)
        if raw is not None:
            request.body = raw
            request.content_type = 'application/json'
        request.headers.update(headers or {})
        return self.send(request)

    def send(self, request):
        response = request.get_response(self._application)
        answer = Answer(
            response.status_int, dict(response.headers), response.body
        )
        check(answer)
        return answer

    def get(self, path, **more):
        return self.call('GET', path, **more)

    def post(self, path, body=None, **more):
        return self.call('POST', path, body, **more)

    def patch(self, path, body=None, **more):
        return self.call('PATCH', path, body, **more)

    def delete(self, path, **more):
        return self.call('DELETE', path, **more)


def check(answer):
    """Check what is true of every answer."""
    assert CANARY.encode() not in answer.body, 'a password was shown'
    assert CANARY not in str(answer.headers), 'a password was shown'
    assert b'Traceback' not in answer.body, answer.body
    assert answer.request_id.startswith('req-'), answer.headers
    if answer.body:
        kind = answer.headers['Content-Type']
        assert kind.startswith('application/json'), kind
    if answer.status >= 400 and b'"database":' not in answer.body:
        check_error(answer)


def check_error(answer):
    """Check the one shape of an error."""
    error = answer.json
    assert error.keys() - {'reasons'} == _ERROR_KEYS, error
    assert error['status'] == answer.status, error
    assert error['request_id'] == answer.request_id, error
    assert all(error[key] for key in _ERROR_KEYS), error
    assert error.get('reasons', ['']) != [], error
    assert ('Retry-After' in answer.headers) == (answer.status in (429, 503))


class Configured(fixtures.Fixture):
    """``cfg.CONF`` as of a process without files, and restored after."""

    def __init__(self, **options):
        super().__init__()
        self._options = options

    def _setUp(self):
        # The fixture of oslo.config forgets the defaults that we set.
        self.addCleanup(self._set_defaults)
        config = self.useFixture(config_fixture.Config(CONF))
        CONF([], project='valence', default_config_files=[])
        config.config(host='here', rpc_call_timeout=10)
        config.config(group='conductor', probe_timeout=10)
        config.config(group='http_client', allowed_networks=['127.0.0.0/8'])
        # What is told by the pod managers would make syncs due.
        config.config(group='events', max_streams=0)
        config.config(
            group='tasks',
            threads=4,
            sweep_interval=0.05,
            poll_interval=0.02,
            assemble_timeout=10,
            # No test is to wait for one that was away to be called again.
            breaker_failures=1000,
        )
        for name, value in self._options.items():
            group, _, option = name.rpartition('__')
            config.config(group=group or None, **{option: value})

    def _set_defaults(self):
        for group in GROUPS:
            group.register_opts(CONF)


class Logged(fixtures.Fixture):
    """All that is logged, down to DEBUG, as text; the canary is not in it."""

    def _setUp(self):
        self._stream = io.StringIO()
        handler = logging.StreamHandler(self._stream)
        handler.setFormatter(logging.Formatter('%(name)s %(message)s'))
        root = logging.getLogger()
        self.addCleanup(root.setLevel, root.level)
        self.addCleanup(setattr, root, 'handlers', root.handlers)
        root.handlers = [handler]
        root.setLevel(logging.DEBUG)
        self.addCleanup(self._check)

    @property
    def text(self):
        return self._stream.getvalue()

    def _check(self):
        assert CANARY not in self.text, 'a password was logged'


@functools.cache
def _migrated():
    """Give a migrated database file, made once a process."""
    made = pathlib.Path(tempfile.mkdtemp(prefix='valence-')) / 'template'
    CONF.set_override('connection', f'sqlite:///{made}', group='database')
    connect.upgrade(CONF)
    content = made.read_bytes()
    shutil.rmtree(made.parent)
    return content


class Bare(fixtures.Fixture):
    """The API and its database; behind it nobody answers.

    :param options: of the configuration, as ``group__name``.
    """

    def __init__(self, **options):
        super().__init__()
        self._options = options

    def _setUp(self):
        self.log = self.useFixture(Logged())
        self.useFixture(Configured(**self._options))
        if 'database__connection' not in self._options:
            self._place_database()
        self._place_key()
        self.bus = LocalBus(threads=8, timeout=CONF.rpc_call_timeout)
        self.shared = parts.share(CONF, self.bus)
        self.addCleanup(self.shared.close)
        self.database = self.shared.database
        self.api = Api(CONF, self.database, self.bus)
        self.api.start()
        self.addCleanup(self.api.stop)
        self.client = Client(self.api.application)

    def _place_database(self):
        directory = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        content = _migrated()
        (directory / 'valence.sqlite').write_bytes(content)
        CONF.set_override(
            'connection',
            f'sqlite:///{directory}/valence.sqlite',
            group='database',
        )

    def _place_key(self):
        directory = self.useFixture(fixtures.TempDir()).path
        path = f'{directory}/credentials.keys'
        CONF.set_override('key_file', path, group='credentials')
        connect.key_file(CONF).make()


class Valence(Bare):
    """The whole of Valence, with simulated pod managers that it may know.

    :param simulator: see :class:`valence.simulator.server.Simulator`.
    """

    def __init__(self, simulator=None, **options):
        super().__init__(**options)
        settings = {'systems': 4, 'assembly_ms': 5, 'password': CANARY}
        self.simulator = server.Simulator(**settings | (simulator or {}))

    def _setUp(self):
        super()._setUp()
        self.simulator.start()
        self.addCleanup(self.simulator.stop)
        self.conductor = self._start(parts.conductor_parts)
        self.compute = self._start(parts.compute_parts)
        eventually(lambda: len(self.client.get('/v1/services').json) == 2)

    def _start(self, build):
        started = []
        for part in build(self.shared):
            part.start()
            self.addCleanup(part.stop)
            started.append(part)
        return started

    def endpoint(self, topic):
        """Give what answers the calls of a topic."""
        return self.bus._servers[topic].methods['ping'].__self__

    @property
    def pods(self):
        return self.simulator.pods

    @property
    def urls(self):
        return self.simulator.urls

    def register(self, number=0, settle=True, **more):
        """Register a simulated pod manager; give its record.

        :param settle: wait for the end of the first sync.
        """
        body = {
            'name': f'podm-{number}',
            'url': self.urls[number],
            'authentication': authentication(),
        }
        answer = self.client.post('/v1/pod_managers', body | more)
        assert answer.status == 201, answer.body
        record = answer.json
        if settle:
            self.task(record['task_uuid'])
            path = f'/v1/pod_managers/{record["uuid"]}'
            record = self.client.get(path).json
        return record

    def task(self, uuid):
        """Wait for the end of a task, and give it."""
        end = time.monotonic() + _PATIENCE
        while True:
            # The API may bound how long one may wait.
            answer = self.client.get(f'/v1/tasks/{uuid}?wait={_PATIENCE}')
            task = answer.json
            if task['status'] != 'In Progress':
                return task
            assert time.monotonic() < end, task

    def waiting(self, method, path, body=None):
        """Send a request that waits for its task."""
        prefer = {'Prefer': f'wait={_PATIENCE}'}
        return self.client.call(method, path, body, headers=prefer)

    def compose(self, name='node', **body):
        """Compose a node; give its full record."""
        answer = self.waiting('POST', '/v1/nodes', {'name': name, **body})
        assert answer.status == 200, answer.body
        return answer.json

    def traces(self):
        """Give what operations leave: see NOTHING for none."""
        self._settle()
        tasks = self.database.tasks.list(query=Query())
        podms = self.database.pod_managers.list(query=Query())
        nodes = self.database.nodes.list(query=Query())
        return {
            'nodes': [node.name for node in nodes],
            'composed': [
                node['name']
                for pod in self.pods
                for node in pod.stats()['nodes']
            ],
            'running': [task.action for task in tasks if not task.ended],
            'reserved': [podm.name for podm in podms if podm.task_uuid],
        }

    def _settle(self):
        """Wait for what works in the background."""
        eventually(
            lambda: all(
                task.ended for task in self.database.tasks.list(query=Query())
            )
        )


class Served(fixtures.Fixture):
    """An application on a port, by the server that standalone has."""

    def __init__(self, application):
        super().__init__()
        self._application = application

    def _setUp(self):
        served = wsgi.Server(('127.0.0.1', 0), self._application, numthreads=4)
        served.prepare()
        thread = threading.Thread(target=served.serve, daemon=True)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(served.stop)
        self.address = served.bind_addr
        self.url = 'http://{}:{}'.format(*served.bind_addr)
