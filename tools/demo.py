"""Shows the main job: Valence, two pod managers, a node composed of them.

Everything runs in a temporary directory and on free ports, and is gone with
this program.
"""

import argparse
import contextlib
import json
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

_BIN = pathlib.Path(sys.executable).parent
_PODS = 2
_PATIENCE = 60
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class DemoError(Exception):
    """Something did not go as it must; says what."""


def say(text: str) -> None:
    print(text, flush=True)


def free_ports(count: int) -> int:
    """Give the first of so many free ports in a row."""
    for first in range(9100, 60000, count):
        with contextlib.ExitStack() as stack:
            try:
                for port in range(first, first + count):
                    sock = stack.enter_context(socket.socket())
                    sock.bind(('127.0.0.1', port))
            except OSError:
                continue
            return first
    raise DemoError('There are no free ports.')


@contextlib.contextmanager
def running(name: str, *arguments: str) -> Iterator[None]:
    """Run a program of Valence's; show its log if it fails."""
    with tempfile.TemporaryFile('w+') as log:
        process = subprocess.Popen(
            [str(_BIN / name), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # Ctrl-C is for this program, which stops the others in order.
            start_new_session=True,
        )
        try:
            yield
        except DemoError:
            log.seek(0)
            say(f'--- {name}\n{log.read()[-4000:]}')
            raise
        finally:
            process.terminate()
            process.wait()


def request(method: str, url: str, body: Any = None) -> Any:
    """Send a request as JSON, and give the answer's body.

    :raises DemoError: if the answer is an error.
    """
    data = None if body is None else json.dumps(body).encode()
    headers = {'Content-Type': 'application/json'} if data else {}
    asked = urllib.request.Request(  # noqa: S310 - our own url
        url, data, headers, method=method
    )
    try:
        with _OPENER.open(asked, timeout=_PATIENCE) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        text = error.read().decode()
        raise DemoError(f'{method} {url}: {error.code} {text}') from None


def wait_for(url: str) -> None:
    """Wait until a server answers."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        with contextlib.suppress(OSError, DemoError):
            request('GET', url)
            return
        time.sleep(0.1)
    raise DemoError(f'{url} does not answer.')


def register(api: str, name: str, url: str) -> None:
    items = {'username': 'admin', 'password': 'admin'}
    record = request(
        'POST',
        f'{api}/v1/pod_managers',
        {
            'name': name,
            'url': url,
            'authentication': [{'type': 'basic', 'auth_items': items}],
        },
    )
    say(f'  {name} at {url}: {record["status"]}')
    follow(api, record['task_uuid'])


def follow(api: str, task_uuid: str) -> Any:
    """Show the progress of a task until it ends.

    :raises DemoError: if it does not complete.
    """
    shown = None
    while True:
        task = request('GET', f'{api}/v1/tasks/{task_uuid}')
        line = f'{task["status"]:12} {task["percent"]:3} %  {task["message"]}'
        if task['message'] is not None and line != shown:
            say(f'    {line}')
            shown = line
        if task['status'] == 'Completed':
            return task
        if task['status'] != 'In Progress':
            raise DemoError(f'The task failed: {task["error"]}')
        time.sleep(0.1)


def compose(api: str) -> Any:
    node = request(
        'POST',
        f'{api}/v1/nodes',
        {
            'name': 'demo',
            'description': 'Composed by the demo',
            'properties': {
                'processor': {'total_cores': 8},
                'memory': {'capacity_mib': 16384},
            },
        },
    )
    say(f'  accepted as task {node["task_uuid"]}')
    follow(api, node['task_uuid'])
    return request('GET', f'{api}/v1/nodes/{node["uuid"]}')


def delete(api: str, node: Any) -> None:
    answer = request('DELETE', f'{api}/v1/nodes/{node["uuid"]}')
    follow(api, answer['task_uuid'])


def keep_serving(api: str) -> None:
    say(
        f'\nValence is yours until Ctrl-C:\n'
        f'  {api}/v1/nodes\n  {api}/v1/systems\n  {api}/v1/pod_managers\n'
        f'  {api}/v1/tasks\n  {api}/healthcheck'
    )
    signal.pause()


def run(port: int, oneshot: bool, stack: contextlib.ExitStack) -> None:
    state = tempfile.mkdtemp(prefix='valence-demo-')
    stack.callback(shutil.rmtree, state, ignore_errors=True)
    api = f'http://127.0.0.1:{port}'
    first = free_ports(_PODS)
    stack.enter_context(
        running(
            'valence-podm-simulator',
            *('--port', str(first), '--pods', str(_PODS)),
            *('--systems', '10', '--assembly-ms', '2000'),
        )
    )
    stack.enter_context(
        running(
            'valence-standalone',
            *('--state-dir', state, '--port', str(port)),
        )
    )
    say('Starting Valence and two simulated pod managers')
    wait_for(f'{api}/healthcheck')
    pods = [
        (f'rack-{number + 1}', f'http://127.0.0.1:{first + number}')
        for number in range(_PODS)
    ]
    for _name, url in pods:
        wait_for(f'{url}/redfish/v1/')
    say('Registering the pod managers')
    for name, url in pods:
        register(api, name, url)
    say('Composing a node')
    node = compose(api)
    say(f'\n{json.dumps(node, indent=2)}')
    if not oneshot:
        keep_serving(api)
    say('\nDeleting the node')
    delete(api, node)
    say('Done.')


def choose_port(wanted: int | None) -> int:
    """Give the port to serve on: the usual one if it is free."""
    if wanted is not None:
        return wanted
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind(('127.0.0.1', 8181))
        except OSError:
            return free_ports(1)
    return 8181


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        '--oneshot',
        action='store_true',
        help='delete the node again, stop everything and end',
    )
    parser.add_argument('--port', type=int, help='port of the REST API')
    options = parser.parse_args()
    # A terminated demo cleans up as an interrupted one does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with contextlib.ExitStack() as stack:
            run(choose_port(options.port), options.oneshot, stack)
    except KeyboardInterrupt:
        say('\nStopped.')
    except DemoError as error:
        say(f'The demo failed: {error}')
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
