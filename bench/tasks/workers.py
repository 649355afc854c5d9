"""One worker, two and four, with pod managers that take their time.

A worker here has few threads, so that it waits for pod managers and not for
the processor: what is measured is whether work spreads, on a small machine
too. The others are frozen while some work alone.
"""

import functools

from bench import bodies, cpu, harness
from bench.processes import program
from bench.processes.simulator import Simulator
from bench.processes.valence import Valence
from bench.tasks import rate
from tests import fixtures

_COUNT = 96
_PODS = 4
_LATENCY_MS = 50
_THREADS = 4
_ROUNDS = 3
#: How many work.
_WORKERS = (1, 2, 4)


def run() -> None:
    harness.say('tasks: one worker, two and four')
    broker = fixtures.shared_rabbitmq()
    server = fixtures.shared_postgresql()
    with program.workspace() as workspace:
        ours = Valence(
            workspace,
            transport=broker.new_vhost(),
            database_url=server.new_database(),
            more=f'[tasks]\nthreads = {_THREADS}\nshort_threads = 0\n',
        )
        ours.start('conductor', 'compute')
        simulator = Simulator(
            workspace,
            latency_ms=_LATENCY_MS,
            pods=_PODS,
            systems=_COUNT // _PODS,
        )
        rounds = _Rounds(
            ours,
            others=[
                ours.start_service('compute', f'other{number}')
                for number in range(1, max(_WORKERS))
            ],
            podms=[
                ours.register(f'pod-{number}', url, driver='redfishv1')
                for number, url in enumerate(simulator.urls)
            ],
            servers={
                'broker': broker.pid,
                'database': server.pid,
                'simulator': simulator.pid,
            },
        )
        ours.wait_until_idle()
        found = harness.alternate(
            {
                f'{count}w': functools.partial(rounds.of, count)
                for count in _WORKERS
            },
            rounds=_ROUNDS,
        )
    for count in _WORKERS[1:]:
        harness.figure(
            f'tasks.done_{count}w_vs_1w',
            harness.ratio(found[f'{count}w']['done'], found['1w']['done']),
            'ratio',
        )
    for side, series in found.items():
        harness.figure(
            f'tasks.done_{side}', harness.median(series['done']), 'tasks/s'
        )


class _Rounds:
    """Rounds that compose all systems, and take the nodes apart again."""

    def __init__(
        self,
        ours: Valence,
        *,
        others: list[str],
        podms: list[str],
        servers: dict[str, int],
    ) -> None:
        self._ours = ours
        self._others = [cpu.tree(ours.running[name].pid) for name in others]
        self._podms = podms
        self._servers = servers
        self._round = 0

    def of(self, count: int) -> harness.Figures:
        """Let so many work."""
        frozen = [
            process
            for family in self._others[count - 1 :]
            for process in family
        ]
        for process in frozen:
            process.suspend()
        try:
            figures = self._compose()
        finally:
            for process in frozen:
                process.resume()
        self._ours.take_apart()
        return figures

    def _compose(self) -> harness.Figures:
        self._round += 1
        return rate.measure(
            self._ours,
            bodies.Compositions(f'round{self._round}', *self._podms),
            count=_COUNT,
            servers=self._servers,
        )
