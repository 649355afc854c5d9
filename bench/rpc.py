"""Calls between processes: ours against the libraries alone."""

import contextlib
import functools
import subprocess
from collections.abc import Iterator

from bench import cpu, harness
from bench.processes import program
from tests import fixtures
from tests.fixtures import processes

_THREADS = (1, 8)
_SECONDS = 2.0
_SIDES = ('ours', 'oslo', 'kombu')


class _Client:
    """A process that calls, and the one that answers it."""

    def __init__(
        self,
        asking: subprocess.Popen[str],
        serving: processes.Process,
        broker: int,
    ) -> None:
        self._asking = asking
        self._roots = {
            'client': asking.pid,
            'server': serving.pid,
            'broker': broker,
        }

    def measure(self, threads: int) -> harness.Figures:
        assert self._asking.stdin is not None
        assert self._asking.stdout is not None
        with cpu.watched(self._roots) as taken:
            self._asking.stdin.write(f'{threads} {_SECONDS}\n')
            self._asking.stdin.flush()
            rate = float(self._asking.stdout.readline())
        calls = rate * _SECONDS
        return {
            'calls': rate,
            'cpu': sum(taken.values()) / calls * 1e6,
            **{
                f'cpu-{name}': spent / calls * 1e6
                for name, spent in taken.items()
            },
        }


def run() -> None:
    broker = fixtures.shared_rabbitmq()
    with program.workspace() as workspace, contextlib.ExitStack() as stack:
        clients = {
            side: stack.enter_context(
                _client(workspace, side, broker.new_vhost(), broker.pid)
            )
            for side in _SIDES
        }
        for threads in _THREADS:
            harness.say(f'rpc: calls of {threads} threads')
            found = harness.alternate(
                {
                    side: functools.partial(client.measure, threads)
                    for side, client in clients.items()
                }
            )
            _report(found, '' if threads == 8 else f'_{threads}')


def _report(found: dict[str, harness.Series], suffix: str) -> None:
    ours = found['ours']
    for other in ('oslo', 'kombu'):
        for name, key in (('call', 'calls'), ('cpu', 'cpu')):
            harness.figure(
                f'rpc.{name}{suffix}_vs_{other}',
                harness.ratio(ours[key], found[other][key]),
                'ratio',
            )
    for side in _SIDES:
        harness.figure(
            f'rpc.{side}{suffix}',
            harness.median(found[side]['calls']),
            'calls/s',
        )


@contextlib.contextmanager
def _client(
    workspace: program.Workspace, side: str, url: str, broker: int
) -> Iterator[_Client]:
    serving = workspace.start(
        f'serve-{side}', program.module('bench.messaging.serve', side, url)
    )
    program.wait_until(
        lambda: 'ready' in serving.log_tail(), serving, f'server {side}'
    )
    with subprocess.Popen(
        program.module('bench.messaging.ask', side, url),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=program.ROOT,
        text=True,
    ) as asking:
        try:
            yield _Client(asking, serving, broker)
        finally:
            asking.kill()
