"""GET of one object over HTTP, against pecan + WSME on the same server.

Both stacks run on granian with one process and 16 threads. Ours goes through
its whole middleware; the usual one through its hooks and its middleware.
Three paths, which mean the same on both sides:

* ``/v1/``: the version document, without a database;
* ``/v1/tasks/{uuid}``: a task's row, read by the API itself, by a Core
  statement here and by the ORM there;
* ``/v1/flavors/{uuid}``: a flavor's row, which a worker reads: one call over
  the bus on both sides.
"""

import functools
from collections.abc import Mapping
from typing import Protocol

from bench import bodies, cpu, harness, load
from bench.processes import program
from bench.processes.usual import Usual
from bench.processes.valence import Valence
from tests import fixtures

_SECONDS = 2.0
_CONNECTIONS = 8
#: Figure's name, other figure's name, and the path.
_PATHS = {
    'get': 'wsme',
    'get_nodb': 'wsme',
    'get_rpc': 'usual',
}


class Stack(Protocol):
    port: int

    def open_tasks(self) -> int: ...

    def pids(self) -> dict[str, int]: ...


def run() -> None:
    broker = fixtures.shared_rabbitmq()
    server = fixtures.shared_postgresql()
    with program.workspace() as workspace:
        ours = Valence(
            workspace,
            transport=broker.new_vhost(),
            database_url=server.new_database(),
        )
        ours.start('conductor', 'compute')
        usual = Usual(
            workspace,
            transport=broker.new_vhost(),
            database_url=server.new_database(),
        )
        usual.start()
        podm = ours.register('hollow', 'http://127.0.0.1:1')
        sides: dict[str, tuple[Stack, Mapping[str, str]]] = {
            'ours': (ours, _paths(ours, podm)),
            'usual': (usual, _paths(usual, podm)),
        }
        servers = {'broker': broker.pid, 'database': server.pid}
        for name, other in _PATHS.items():
            harness.say(f'api: {name}')
            found = harness.alternate(
                {
                    side: functools.partial(
                        _measure, stack, paths[name], servers
                    )
                    for side, (stack, paths) in sides.items()
                }
            )
            _report(name, other, found)


def _paths(stack: Stack, podm: str) -> Mapping[str, str]:
    """Make what is read; give the path of each figure."""
    made = load.ask(
        stack.port, 'POST', '/v1/nodes', bodies.compose('read', podm)
    )
    flavor = load.ask(stack.port, 'POST', '/v1/flavors', bodies.flavor('read'))
    return {
        'get': f'/v1/tasks/{made["task_uuid"]}',
        'get_nodb': '/v1/',
        'get_rpc': f'/v1/flavors/{flavor["uuid"]}',
    }


def _measure(
    stack: Stack, path: str, servers: Mapping[str, int]
) -> harness.Figures:
    with cpu.watched({**stack.pids(), **servers}) as taken:
        done = load.run(
            stack.port,
            bodies.Again(path),
            connections=_CONNECTIONS,
            seconds=_SECONDS,
        )
    return {
        'rate': done.rate,
        'p50': harness.median(done.latencies) * 1000,
        'cpu': sum(taken.values()) / done.count * 1e6,
        **{
            f'cpu-{name}': spent / done.count * 1e6
            for name, spent in taken.items()
        },
    }


def _report(name: str, other: str, found: dict[str, harness.Series]) -> None:
    ours, usual = found['ours'], found['usual']
    harness.figure(
        f'api.{name}_vs_{other}',
        harness.ratio(ours['rate'], usual['rate']),
        'ratio',
    )
    harness.figure(
        f'api.{name}_cpu_vs_{other}',
        harness.ratio(ours['cpu'], usual['cpu']),
        'ratio',
    )
    for side, series in found.items():
        harness.figure(
            f'api.{name}_{side}', harness.median(series['rate']), 'requests/s'
        )
        harness.figure(
            f'api.{name}_{side}_cpu', harness.median(series['cpu']), 'us'
        )
