"""The CPU of a list of 1,000 tasks, against json.dumps of the same data.

The process that measures is one of its own, since the API configures the one
that it runs in: ``python -m bench.api.listing <database url>``.
"""

import gc
import io
import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any
from unittest import mock

from bench import harness
from bench.processes import program
from tests import fixtures

_TASKS = 1000
_TIMES = 10


def run() -> None:
    harness.say('api: a list of 1,000 tasks')
    server = fixtures.shared_postgresql()
    answer = subprocess.run(
        program.module('bench.api.listing', server.new_database()),
        cwd=program.ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found: dict[str, harness.Series] = json.loads(answer.stdout)
    names = {'list1000': 'whole', 'list1000_nodb': 'fetched'}
    for name, side in names.items():
        harness.figure(
            f'api.{name}_vs_json',
            harness.ratio(found[side]['cpu'], found['json']['cpu']),
            'ratio',
        )
    for side, series in found.items():
        harness.figure(
            f'api.list1000_{side}_ms', harness.median(series['cpu']), 'ms'
        )


def main(url: str) -> None:
    """Print the CPU of each side, in ms, as JSON."""
    # Here, so that who only starts this process does not configure itself.
    from valence.api.app import Api
    from valence.common import service
    from valence.common.local_bus import LocalBus
    from valence.conf import CONF
    from valence.db import connect

    service.configure('bench', [], config_files=[])
    CONF.set_override('connection', url, group='database')
    connect.upgrade(CONF)
    with connect.opened(CONF) as database:
        _fill(database)
        application = Api(
            CONF, database, LocalBus(threads=1, timeout=10)
        ).application
        rows = database.tasks.list(query=_query())
        assert len(rows) == _TASKS
        data = json.loads(_get(application))

        def fetched() -> None:
            with mock.patch.object(database.tasks, 'list', lambda query: rows):
                for _ in range(_TIMES):
                    _get(application)

        def whole() -> None:
            for _ in range(_TIMES):
                _get(application)

        def dumps() -> None:
            for _ in range(_TIMES):
                json.dumps(data)

        sides = {'whole': whole, 'fetched': fetched, 'json': dumps}
        found = harness.alternate(
            {name: _timed(side) for name, side in sides.items()}, rounds=9
        )
    print(json.dumps(found))


def _timed(work: Callable[[], None]) -> Callable[[], harness.Figures]:
    def measure() -> harness.Figures:
        gc.collect()
        start = time.thread_time()
        work()
        return {'cpu': (time.thread_time() - start) / _TIMES * 1000}

    return measure


def _query() -> Any:
    from valence.db.api import Query

    return Query(limit=_TASKS)


def _fill(database: Any) -> None:
    from oslo_utils import uuidutils

    from bench import bodies
    from valence.objects.task import NewTask

    podm = uuidutils.generate_uuid()

    def work(tables: Any) -> None:
        for number in range(_TASKS):
            body = bodies.compose(f'node-{number}', podm)
            tables.tasks.create(
                task=NewTask(
                    uuid=uuidutils.generate_uuid(),
                    action='compose_node',
                    topic='valence-compute',
                    request=body,
                    podm_id=podm,
                    resource_type='node',
                    resource_uuid=uuidutils.generate_uuid(),
                    request_id=f'req-{uuidutils.generate_uuid()}',
                )
            )

    database.write(work)


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
