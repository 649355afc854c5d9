"""What one dead pod manager among a thousand costs the others.

Compositions are spread over some dozens of the pod managers, and those at all
but one are timed. In every second round that one is dead: its port refuses
connections, so that the first compositions find it so; then its breaker is
open.
"""

import functools
import itertools
import time

from bench import bodies, harness, load
from bench.processes import program
from bench.processes.simulator import Simulator
from bench.processes.valence import Valence
from bench.tasks import rate
from tests import fixtures

_PODS = 1000
#: Pod managers that are composed at, all alike.
_USED = 48
#: Compositions at each.
_EACH = 4
_LATENCY_MS = 20
_ROUNDS = 5


def run() -> None:
    harness.say('tasks: one dead pod manager of a thousand')
    broker = fixtures.shared_rabbitmq()
    server = fixtures.shared_postgresql()
    with program.workspace() as workspace:
        ours = Valence(
            workspace,
            transport=broker.new_vhost(),
            database_url=server.new_database(),
        )
        ours.start('conductor', 'compute')
        simulator = Simulator(
            workspace, latency_ms=_LATENCY_MS, pods=_PODS, systems=4
        )
        podms = [
            ours.register(f'pod-{number}', url, driver='redfishv1')
            for number, url in enumerate(simulator.urls)
        ]
        ours.wait_until_idle()
        dead, *living = podms
        simulator.set_modes(0, dead=True)
        rounds = _Rounds(ours, living[:_USED], dead)
        found = harness.alternate(
            {
                'well': functools.partial(rounds.compose, with_dead=False),
                'dead': functools.partial(rounds.compose, with_dead=True),
            },
            rounds=_ROUNDS,
        )
    harness.figure(
        'tasks.others_with_one_dead',
        harness.ratio(found['dead']['done'], found['well']['done']),
        'ratio',
    )
    harness.figure(
        'tasks.dead_fails_ms', harness.median(found['dead']['fails']), 'ms'
    )


class _Rounds:
    def __init__(self, ours: Valence, living: list[str], dead: str) -> None:
        self._ours = ours
        self._living = living
        self._dead = dead
        self._round = itertools.count()

    def compose(self, *, with_dead: bool) -> harness.Figures:
        """Compose at all; time those at all but the last."""
        name = f'round{next(self._round)}'
        *others, last = self._living
        podms = [*others, self._dead if with_dead else last]
        since = self._ours.now()
        start = time.perf_counter()
        load.run(
            self._ours.port,
            bodies.Compositions(name, *podms),
            connections=rate.CLIENTS,
            count=_EACH * len(podms),
        )
        while self._open_elsewhere(podms[-1]):
            time.sleep(0.02)
        seconds = time.perf_counter() - start
        figures = {'done': _EACH * len(others) / seconds}
        if with_dead:
            figures['fails'] = self._seconds_to_fail(since) * 1000
        self._ours.take_apart()
        return figures

    def _open_elsewhere(self, podm: str) -> int:
        return self._ours.query(
            'SELECT count(*) FROM tasks WHERE podm_id <> %s '
            "AND state IN ('pending', 'running', 'waiting')",
            podm,
        )

    def _seconds_to_fail(self, since: int) -> float:
        """Give how long the typical task for the dead one ran."""
        self._ours.wait_until_idle()
        microseconds = self._ours.query(
            'SELECT percentile_disc(0.5) WITHIN GROUP '
            '(ORDER BY finished_at - started_at) FROM tasks '
            'WHERE podm_id = %s AND created_at >= %s '
            "AND action = 'compose_node'",
            self._dead,
            since,
        )
        return microseconds / 1e6
