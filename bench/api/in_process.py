"""What :mod:`bench.api.listing` runs in a process of its own.

It prints the CPU of each side, in ms, as JSON: ``whole`` is the request with
its fetch from the database, ``fetched`` the same with the rows at hand, and
``json`` is json.dumps of what is answered.
"""

# Chooses the backend of oslo.service before anything else loads it.
import valence  # noqa: F401  isort: skip
import gc
import io
import json
import sys
import time
from collections.abc import Callable
from typing import Any
from unittest import mock

from oslo_utils import uuidutils

from bench import bodies, harness
from valence.api.app import Api
from valence.common import service
from valence.common.local_bus import LocalBus
from valence.conf import CONF
from valence.db import connect
from valence.db.api import Query, Tables
from valence.objects.task import NewTask

_TASKS = 1000
_TIMES = 10
_ROUNDS = 9


def main(url: str) -> None:
    service.configure('bench', [], config_files=[])
    CONF.set_override('connection', url, group='database')
    connect.upgrade(CONF)
    with connect.opened(CONF) as database:
        database.write(_fill)
        bus = LocalBus(threads=1, timeout=10)
        application = Api(CONF, database, bus).application
        rows = database.tasks.list(query=Query(limit=_TASKS))
        assert len(rows) == _TASKS
        data = json.loads(_get(application))

        def whole() -> None:
            _get(application)

        def fetched() -> None:
            with mock.patch.object(database.tasks, 'list', lambda query: rows):
                _get(application)

        def dumps() -> None:
            json.dumps(data)

        sides = {'whole': whole, 'fetched': fetched, 'json': dumps}
        found = harness.alternate(
            {name: _timed(side) for name, side in sides.items()},
            rounds=_ROUNDS,
        )
    print(json.dumps(found))


def _timed(work: Callable[[], None]) -> Callable[[], harness.Figures]:
    def measure() -> harness.Figures:
        gc.collect()
        start = time.thread_time()
        for _ in range(_TIMES):
            work()
        return {'cpu': (time.thread_time() - start) / _TIMES * 1000}

    return measure


def _fill(tables: Tables) -> None:
    podm = uuidutils.generate_uuid()
    for number in range(_TASKS):
        tables.tasks.create(
            task=NewTask(
                uuid=uuidutils.generate_uuid(),
                action='compose_node',
                topic='valence-compute',
                request=bodies.compose(f'node-{number}', podm),
                podm_id=podm,
                resource_type='node',
                resource_uuid=uuidutils.generate_uuid(),
                request_id=f'req-{uuidutils.generate_uuid()}',
            )
        )


def _get(application: Callable[..., Any]) -> bytes:
    environ = {
        'REQUEST_METHOD': 'GET',
        'PATH_INFO': '/v1/tasks',
        'QUERY_STRING': f'limit={_TASKS}',
        'SCRIPT_NAME': '',
        'SERVER_NAME': 'localhost',
        'SERVER_PORT': '80',
        'SERVER_PROTOCOL': 'HTTP/1.1',
        'HTTP_HOST': 'localhost',
        'wsgi.url_scheme': 'http',
        'wsgi.input': io.BytesIO(),
        'wsgi.errors': sys.stderr,
    }
    answer = application(environ, lambda status, headers, *rest: None)
    return b''.join(answer)


if __name__ == '__main__':
    main(sys.argv[1])
