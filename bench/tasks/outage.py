"""How long a POST takes while the broker is stopped, or does not answer."""

from bench import bodies, harness, load
from bench.processes import program
from bench.processes.valence import Valence
from tests import fixtures
from tests.fixtures import rabbitmq

_COUNT = 200
_CLIENTS = 8


def run() -> None:
    harness.say('tasks: POST without a broker')
    server = fixtures.shared_postgresql()
    with rabbitmq.RabbitMQ() as broker, program.workspace() as workspace:
        ours = Valence(
            workspace,
            transport=broker.url,
            database_url=server.new_database(),
        )
        ours.start('conductor', 'compute')
        podm = ours.register('hollow', 'http://127.0.0.1:1')
        # The first requests of a process are slower than all that follow.
        _post(ours, podm, 'first')
        _report(ours, podm, 'up')
        broker.pause()
        _report(ours, podm, 'frozen')
        broker.resume()
        broker.stop()
        _report(ours, podm, 'down')


def _post(ours: Valence, podm: str, state: str) -> load.Outcome:
    return load.run(
        ours.port,
        bodies.Compositions(f'broker-{state}', podm),
        connections=_CLIENTS,
        count=_COUNT,
    )


def _report(ours: Valence, podm: str, state: str) -> None:
    harness.figure(
        f'tasks.post_p99_ms_broker_{state}',
        harness.p99(_post(ours, podm, state).latencies) * 1000,
        'ms',
    )
