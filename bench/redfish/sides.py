"""The same systems, read by our client, by ``requests`` and by sushy.

Each side reads the collection and then each of its systems. ``requests`` is
used plainly: a Session, and as many threads as we have. sushy, the library
of OpenStack, reads one after the other by itself.
"""

import concurrent.futures
import contextlib
import os
import time
from collections.abc import Callable

import requests
import requests.adapters
import sushy
import sushy.auth

from bench import harness
from bench.processes import program
from bench.redfish import pods

#: Fewer than of a walk: one side takes one after the other.
_SYSTEMS = 200
_ROUNDS = 3
_COLLECTION = '/redfish/v1/Systems'


#: By these requests trusts others than it is told to.
_VARIABLES = ('REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE')


def run() -> None:
    for name in _VARIABLES:
        os.environ.pop(name, None)
    for tls in (False, True):
        over = 'tls' if tls else 'plain'
        harness.say(f'redfish: three clients, {over}')
        with program.workspace() as workspace:
            _compare(workspace, over, tls=tls)


def _compare(workspace: program.Workspace, over: str, *, tls: bool) -> None:
    pod = pods.start(
        workspace, mode=pods.WITHOUT_EXPAND, systems=_SYSTEMS, tls=tls
    )
    quick = pods.start(
        workspace,
        mode=pods.WITHOUT_EXPAND,
        systems=_SYSTEMS,
        latency_ms=0,
    )
    sides: dict[str, Callable[[], harness.Figures]] = {
        'ours': lambda: _taken(lambda: _ours(pod, pods.CONNECTIONS)),
        'requests': lambda: _taken(lambda: _requests(pod, pods.CONNECTIONS)),
        'sushy': lambda: _taken(lambda: _sushy(pod)),
    }
    found = harness.alternate(sides, rounds=_ROUNDS)
    ours = found['ours']
    for other in ('requests', 'sushy'):
        harness.figure(
            f'redfish.walk_vs_{other}_{over}',
            harness.ratio(found[other]['seconds'], ours['seconds']),
            'times faster',
        )
    if not tls:
        _report_cpu(quick)


def _report_cpu(pod: pods.Pod) -> None:
    """Compare what a GET costs us, one after the other, no latency."""
    harness.say('redfish: CPU of a GET')
    found = harness.alternate(
        {
            'ours': lambda: _taken(lambda: _ours(pod, 1)),
            'requests': lambda: _taken(lambda: _requests(pod, 1)),
        }
    )
    ours, others = found['ours']['cpu'], found['requests']['cpu']
    harness.figure(
        'redfish.cpu_vs_requests', harness.ratio(ours, others), 'ratio'
    )
    harness.figure(
        'redfish.get_cpu_us',
        harness.median(ours) / (_SYSTEMS + 2) * 1e6,
        'us',
    )


def _taken(read: Callable[[], int]) -> harness.Figures:
    cpu, start = time.process_time(), time.perf_counter()
    count = read()
    figures = {
        'seconds': time.perf_counter() - start,
        'cpu': time.process_time() - cpu,
    }
    if count != _SYSTEMS:
        raise AssertionError(f'{count} systems were read')
    return figures


def _ours(pod: pods.Pod, threads: int) -> int:
    service = pod.service(threads)
    with contextlib.closing(service.client):
        service.root()
        paths = service.members(_COLLECTION)
        return len(service.each(service.get, paths))


def _requests(pod: pods.Pod, threads: int) -> int:
    with requests.Session() as session:
        session.auth = pods.CREDENTIALS
        session.verify = pod.ca or True
        adapter = requests.adapters.HTTPAdapter(pool_maxsize=threads)
        session.mount(pod.url, adapter)

        def get(path: str) -> dict[str, object]:
            answer = session.get(pod.url + path, timeout=30)
            answer.raise_for_status()
            return answer.json()

        get('/redfish/v1/')
        members = get(_COLLECTION)['Members']
        paths = [member['@odata.id'] for member in members]
        with concurrent.futures.ThreadPoolExecutor(threads) as executor:
            return len(list(executor.map(get, paths)))


def _sushy(pod: pods.Pod) -> int:
    root = sushy.Sushy(
        pod.url,
        verify=pod.ca or False,
        auth=sushy.auth.BasicAuth(*pods.CREDENTIALS),
    )
    return len(root.get_system_collection().get_members())
