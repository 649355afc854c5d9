"""GET /v1/systems: as they are now, and as they were a moment ago.

The cold list is held against what the pod manager's connections allow: all its
answers, over as many connections as there may be, at the time that it takes
for each. The warm one is held against what the same bytes cost on their way:
made into JSON, and sent by the same server without any work.
"""

import json
import socket
import threading
import time
from typing import Any

from bench import harness, load
from bench.processes import program
from bench.processes.simulator import Simulator
from bench.processes.valence import Valence
from bench.redfish import pods
from tests import fixtures

_SYSTEMS = 1000
_ROUNDS = 3
#: Seconds that what was read is shown for: a round takes less.
_TTL = 60
_MORE = f"""
[inventory]
ttl = {_TTL}
"""
_DEAD = 100


def run() -> None:
    harness.say('inventory: systems as they are now')
    broker = fixtures.shared_rabbitmq()
    server = fixtures.shared_postgresql()
    with program.workspace() as workspace:
        ours = Valence(
            workspace,
            transport=broker.new_vhost(),
            database_url=server.new_database(),
            more=_MORE,
        )
        ours.start('conductor', 'compute')
        _one(ours, workspace)
        _spread(ours, workspace)


def _one(ours: Valence, workspace: program.Workspace) -> None:
    """A pod manager that expands nothing, with all the systems."""
    simulator = Simulator(
        workspace,
        latency_ms=pods.LATENCY_MS,
        systems=_SYSTEMS,
        mode=pods.WITHOUT_EXPAND,
    )
    podm = ours.register('one', simulator.urls[0], driver='redfishv1')
    ours.wait_until_idle(120)

    def cold() -> harness.Figures:
        ours.forget(podm)
        before = simulator.requests()
        seconds, _answer = _get(ours, podm)
        answers = simulator.requests() - before
        limit = answers * pods.LATENCY_MS / 1000 / pods.CONNECTIONS
        return {'seconds': seconds, 'limit': limit}

    def warm() -> harness.Figures:
        before = simulator.requests()
        seconds, answer = _get(ours, podm)
        if simulator.requests() != before:
            raise AssertionError('the pod manager was asked')
        return {'seconds': seconds, 'bare': _bare(answer)}

    found = harness.alternate({'cold': cold, 'warm': warm}, rounds=_ROUNDS)
    cold_found, warm_found = found['cold'], found['warm']
    harness.figure(
        'inventory.systems_cold_vs_limit',
        harness.ratio(cold_found['seconds'], cold_found['limit']),
        'ratio',
    )
    harness.figure(
        'inventory.systems_warm_ms',
        harness.median(warm_found['seconds']) * 1000,
        'ms',
    )
    harness.figure(
        'inventory.systems_warm_beyond_ms',
        harness.median(
            [
                (whole - bare) * 1000
                for whole, bare in zip(
                    warm_found['seconds'], warm_found['bare'], strict=True
                )
            ]
        ),
        'ms',
    )
    # Its systems are not to be listed among those of others.
    load.ask(ours.port, 'DELETE', f'/v1/pod_managers/{podm}')
    ours.wait_until_idle()
    simulator.stop()


def _spread(ours: Valence, workspace: program.Workspace) -> None:
    """A thousand pod managers of one system each, a tenth of them dead."""
    simulator = Simulator(
        workspace,
        latency_ms=pods.LATENCY_MS,
        pods=_SYSTEMS,
        systems=1,
        first_pod=1,
    )
    podms = [
        ours.register(f'pod-{number}', url, driver='redfishv1')
        for number, url in enumerate(simulator.urls)
    ]
    ours.wait_until_idle(300)
    for number in range(_DEAD):
        mode = {'dead': True} if number % 2 else {'hang': True}
        simulator.set_modes(number * (_SYSTEMS // _DEAD), **mode)
    for podm in podms:
        ours.forget(podm)
    seconds, answer = _get(ours, None)
    known = sum(system['health'] != 'Unknown' for system in answer)
    harness.figure('inventory.systems_100_dead_s', seconds, 's')
    harness.figure('inventory.systems_100_dead_listed', len(answer), 'systems')
    harness.figure('inventory.systems_100_dead_known', known, 'systems')


def _get(ours: Valence, podm: str | None) -> tuple[float, Any]:
    which = f'podm_id={podm}&' if podm else ''
    start = time.perf_counter()
    answer = load.ask(ours.port, 'GET', f'/v1/systems?{which}limit={_SYSTEMS}')
    seconds = time.perf_counter() - start
    if len(answer) != _SYSTEMS:
        raise AssertionError(f'{len(answer)} systems were listed')
    return seconds, answer


def _bare(answer: Any) -> float:
    """Give the seconds that it takes to make JSON, send it and read it."""
    with socket.create_server(('127.0.0.1', 0)) as server:

        def serve() -> None:
            connection, _address = server.accept()
            with connection:
                connection.recv(65536)
                body = json.dumps(answer).encode()
                head = f'HTTP/1.1 200 OK\r\nContent-Length: {len(body)}'
                connection.sendall(head.encode() + b'\r\n\r\n' + body)

        thread = threading.Thread(target=serve)
        thread.start()
        start = time.perf_counter()
        load.ask(server.getsockname()[1], 'GET', '/')
        seconds = time.perf_counter() - start
        thread.join()
    return seconds
