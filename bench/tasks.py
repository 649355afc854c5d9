"""The task engine: from the POST of a composition to its completion."""

import functools

from bench import compose_rate, harness, load
from bench.bodies import Compositions
from bench.processes import program
from bench.processes.usual import Usual
from bench.processes.valence import Valence
from tests import fixtures

_COUNT = 1000


def run() -> None:
    _done_vs_usual()


def _done_vs_usual() -> None:
    harness.say('tasks: compositions done, against the usual stack')
    broker = fixtures.shared_rabbitmq()
    server = fixtures.shared_postgresql()
    servers = {'broker': broker.pid, 'database': server.pid}
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
        stacks = {
            'ours': (ours, compose_rate.Batches('ours', podm)),
            'scheduled': (ours, compose_rate.Batches('scheduled', None)),
            'usual': (usual, compose_rate.Batches('usual', podm)),
            'coarse': (coarse, compose_rate.Batches('coarse', podm)),
        }

        def measure(name: str) -> harness.Figures:
            stack, batches = stacks[name]
            return compose_rate.measure(
                stack, batches.next(), count=_COUNT, servers=servers
            )

        found = harness.alternate(
            {name: functools.partial(measure, name) for name in stacks}
        )
