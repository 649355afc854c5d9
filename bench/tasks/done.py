"""Compositions per second, without a pod manager, against the usual stack."""

import functools

from bench import harness
from bench.processes import program
from bench.processes.usual import Usual
from bench.processes.valence import Valence
from bench.tasks import rate
from tests import fixtures

_COUNT = 600


def run() -> None:
    harness.say('tasks: compositions done, against the usual stack')
    broker = fixtures.shared_rabbitmq()
    server = fixtures.shared_postgresql()
    with program.workspace() as workspace:
        ours = Valence(
            workspace,
            transport=broker.new_vhost(),
            database_url=server.new_database(),
        )
        ours.start('conductor', 'compute')
        podm = ours.register('hollow', 'http://127.0.0.1:1')
        usual, coarse = (
            Usual(
                workspace,
                transport=broker.new_vhost(),
                database_url=server.new_database(),
                save_steps=save_steps,
            )
            for save_steps in (True, False)
        )
        usual.start()
        coarse.start()
        sides: dict[str, tuple[rate.Stack, str | None]] = {
            'ours': (ours, podm),
            'scheduled': (ours, None),
            'usual': (usual, podm),
            'coarse': (coarse, podm),
        }
        servers = {'broker': broker.pid, 'database': server.pid}
        found = harness.alternate(
            {
                name: functools.partial(
                    _round, stack, rate.Batches(name, named), servers
                )
                for name, (stack, named) in sides.items()
            }
        )
    _report(found)


def _round(
    stack: rate.Stack, batches: rate.Batches, servers: dict[str, int]
) -> harness.Figures:
    return rate.measure(stack, batches.next(), count=_COUNT, servers=servers)


def _report(found: dict[str, harness.Series]) -> None:
    usual, coarse = found['usual'], found['coarse']
    for name, ours, others in (
        ('', 'ours', usual),
        ('_coarse', 'ours', coarse),
        ('_scheduled', 'scheduled', usual),
    ):
        for key in ('done', 'cpu'):
            harness.figure(
                f'tasks.{key}{name}_vs_usual',
                harness.ratio(found[ours][key], others[key]),
                'ratio',
            )
    for side, series in found.items():
        for key, unit in (('done', 'tasks/s'), ('accepted', 'tasks/s')):
            harness.figure(
                f'tasks.{key}_{side}', harness.median(series[key]), unit
            )
        for key, values in series.items():
            if key.startswith('cpu-'):
                harness.figure(
                    f'tasks.cpu_{side}_{key[4:]}',
                    harness.median(values),
                    'us/task',
                )
