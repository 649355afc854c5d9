"""Two workers against one, with pod managers that take their time."""

import functools

from bench import bodies, harness
from bench.processes import program
from bench.processes.simulator import Simulator
from bench.processes.valence import Valence
from bench.tasks import rate
from tests import fixtures

_COUNT = 120
_PODS = 4
_LATENCY_MS = 50


def run() -> None:
    harness.say('tasks: two workers against one')
    broker = fixtures.shared_rabbitmq()
    server = fixtures.shared_postgresql()
    with program.workspace() as workspace:
        ours = Valence(
            workspace,
            transport=broker.new_vhost(),
            database_url=server.new_database(),
        )
        ours.start('conductor', 'compute')
        servers = {'broker': broker.pid, 'database': server.pid}
        rounds = _Rounds(workspace, ours, servers)
        found = harness.alternate(
            {
                f'{workers}w': functools.partial(rounds.measure, workers)
                for workers in (1, 2)
            },
            rounds=3,
        )
    harness.figure(
        'tasks.done_2w_vs_1w',
        harness.ratio(found['2w']['done'], found['1w']['done']),
        'ratio',
    )
    for side, series in found.items():
        harness.figure(
            f'tasks.done_{side}', harness.median(series['done']), 'tasks/s'
        )


class _Rounds:
    """Rounds with new pod managers each, since systems get used up."""

    def __init__(
        self,
        workspace: program.Workspace,
        ours: Valence,
        servers: dict[str, int],
    ) -> None:
        self._workspace = workspace
        self._ours = ours
        self._servers = servers
        self._round = 0

    def measure(self, workers: int) -> harness.Figures:
        self._round += 1
        simulator = Simulator(
            self._workspace,
            latency_ms=_LATENCY_MS,
            pods=_PODS,
            systems=_COUNT // _PODS,
            first_pod=self._round * _PODS,
        )
        podms = [
            self._ours.register(
                f'{self._round}-{number}', url, driver='redfishv1'
            )
            for number, url in enumerate(simulator.urls)
        ]
        self._ours.wait_until_idle()
        second = None
        if workers == 2:
            second = self._ours.start_service('compute', 'second')
        try:
            return rate.measure(
                self._ours,
                bodies.Compositions(f'round{self._round}', *podms),
                count=_COUNT,
                servers={**self._servers, 'simulator': simulator.pid},
            )
        finally:
            if second is not None:
                self._ours.stop_service(second)
            simulator.stop()
