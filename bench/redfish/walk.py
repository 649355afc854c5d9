"""Walking a thousand systems, with totals and places, as a sync does.

The limit is what the server itself needs: all its answers, over as many
connections as there may be, at the time that it takes for each.
"""

import contextlib
import time

from bench import harness
from bench.processes import program
from bench.redfish import pods

_SYSTEMS = 1000
_ROUNDS = 3


def run() -> None:
    harness.say('redfish: a walk of a thousand systems')
    with program.workspace() as workspace:
        one_by_one = pods.start(
            workspace, mode=pods.WITHOUT_EXPAND, systems=_SYSTEMS
        )
        at_once = pods.start(
            workspace, mode=pods.WITH_EXPAND, systems=_SYSTEMS
        )
        found = harness.alternate(
            {
                'one_by_one': lambda: _walk(one_by_one),
                'at_once': lambda: _walk(at_once),
            },
            rounds=_ROUNDS,
        )
    plain, expanded = found['one_by_one'], found['at_once']
    limits = [
        answers * pods.LATENCY_MS / 1000 / pods.CONNECTIONS
        for answers in plain['requests']
    ]
    harness.figure(
        'redfish.walk_vs_limit',
        harness.ratio(plain['seconds'], limits),
        'ratio',
    )
    harness.figure(
        'redfish.walk_requests', harness.median(plain['requests']), 'requests'
    )
    harness.figure('redfish.walk_s', harness.median(plain['seconds']), 's')
    harness.figure(
        'redfish.expand_requests', max(expanded['requests']), 'requests'
    )
    harness.figure(
        'redfish.expand_s', harness.median(expanded['seconds']), 's'
    )


def _walk(pod: pods.Pod) -> harness.Figures:
    """Read all systems over a new connection."""
    before = pod.simulator.requests()
    with contextlib.closing(pod.connect()) as connection:
        start = time.perf_counter()
        found = connection.inventory.systems()
        seconds = time.perf_counter() - start
    whole = [
        system
        for system in found
        if None not in (system.cores, system.storage_gib, system.interfaces)
        and system.location
    ]
    if len(whole) != _SYSTEMS:
        raise AssertionError(f'{len(whole)} systems were read whole')
    requests = pod.simulator.requests() - before
    return {'seconds': seconds, 'requests': requests}
