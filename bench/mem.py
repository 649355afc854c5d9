"""The memory of our processes once they have started and have nothing to do.

Of the processes of a service, its master and its child, the larger one
counts. ``mem.idle_mib`` is the largest RSS of all, as ps shows it, which
counts in full what processes share; of each service its PSS is printed, which
counts of that a share only.
"""

import time

import psutil

from bench import cpu, harness, load
from bench.processes import program
from bench.processes.valence import Valence
from tests import fixtures
from tests.fixtures import processes

_IDLE = 10
_MIB = 1024 * 1024


def run() -> None:
    harness.say('mem: all services, and the one that is all of them')
    broker = fixtures.shared_rabbitmq()
    server = fixtures.shared_postgresql()
    with program.workspace() as workspace:
        ours = Valence(
            workspace,
            transport=broker.new_vhost(),
            database_url=server.new_database(),
        )
        ours.start()
        pids = {**ours.pids(), 'standalone': _standalone(workspace).pid}
        for path in ('nodes', 'flavors', 'tasks', 'services'):
            load.ask(ours.port, 'GET', f'/v1/{path}')
        time.sleep(_IDLE)
        _report(pids)


def _standalone(workspace: program.Workspace) -> processes.Process:
    port = processes.free_port()
    state = workspace.directory / 'standalone'
    process = workspace.start(
        'standalone',
        [
            program.script('valence-standalone'),
            f'--state-dir={state}',
            f'--port={port}',
        ],
    )
    program.wait_until(
        lambda: processes.accepts(port), process, 'valence-standalone'
    )
    load.ask(port, 'GET', '/v1/nodes')
    return process


def _report(pids: dict[str, int]) -> None:
    largest = {'pss': 0.0, 'rss': 0.0}
    for name, pid in pids.items():
        sizes = [_size(process) for process in cpu.tree(pid)]
        for kind in largest:
            largest[kind] = max(largest[kind], *(size[kind] for size in sizes))
        pss = max(size['pss'] for size in sizes)
        harness.figure(f'mem.idle_pss_mib_{name}', pss, 'MiB')
    harness.figure('mem.idle_pss_mib', largest['pss'], 'MiB')
    harness.figure('mem.idle_mib', largest['rss'], 'MiB')


def _size(process: psutil.Process) -> dict[str, float]:
    info = process.memory_full_info()
    return {'pss': info.pss / _MIB, 'rss': info.rss / _MIB}
