"""How many statements a composition writes, by PostgreSQL's own log.

What counts is INSERT, UPDATE and DELETE of the API and the worker together,
but for the state reports, which come without any task. There is one
composition at a time.
"""

import functools
import re
import time

from bench import bodies, harness, load
from bench.processes import database, program
from bench.processes.simulator import Simulator
from bench.processes.valence import Valence
from tests import fixtures
from tests.fixtures import postgresql

_COUNT = 10
_WRITE = re.compile(
    r'(?:statement|execute [^:]*): ((?:INSERT|UPDATE|DELETE)\b.*)'
)


def run() -> None:
    harness.say('tasks: statements that write')
    broker = fixtures.shared_rabbitmq()
    server = fixtures.shared_postgresql()
    url = server.new_database()
    _log_writes(url)
    with program.workspace() as workspace:
        ours = Valence(
            workspace, transport=broker.new_vhost(), database_url=url
        )
        ours.start('conductor', 'compute')
        hollow = ours.register('hollow', 'http://127.0.0.1:1')
        count = functools.partial(_count, ours, server)
        count('writes_per_compose', hollow)
        count('writes_per_compose_scheduled', None)
        simulator = Simulator(workspace, latency_ms=50)
        simulated = ours.register(
            'simulated', simulator.urls[0], driver='redfishv1'
        )
        ours.wait_until_idle()
        count('writes_per_compose_50ms', simulated)


def _log_writes(url: str) -> None:
    with database.connect(url) as connection:
        name = connection.info.dbname
        statement = f"ALTER DATABASE {name} SET log_statement = 'mod'"
        connection.execute(statement.encode())


def _count(
    ours: Valence,
    server: postgresql.PostgreSQL,
    name: str,
    podm: str | None,
) -> None:
    log = server.directory / 'log'
    before = log.stat().st_size
    for number in range(_COUNT):
        body = bodies.compose(f'{name}-{number}', podm)
        load.ask(ours.port, 'POST', '/v1/nodes', body)
        while ours.open_tasks():
            time.sleep(0.05)
    ours.check_completed()
    with log.open() as lines:
        lines.seek(before)
        writes = _WRITE.findall(lines.read())
    counted = [write for write in writes if 'services' not in write]
    for shape in sorted({_shape(write) for write in counted}):
        times = sum(_shape(write) == shape for write in counted) / _COUNT
        harness.say(f'  {name}: {times:.1f} {shape}')
    harness.figure(f'tasks.{name}', len(counted) / _COUNT, 'statements')


def _shape(statement: str) -> str:
    return re.sub(r'\$\d+', '?', statement)[:90]
