"""The command as a process, and the library's ends."""

import os
import pathlib
import signal
import socket
import subprocess
import sys
from typing import Any

import fixtures
import requests
import testtools

from tests.fixtures import processes
from tests.unit.simulator import running
from valence.simulator import server, sockets

COMMAND = (sys.executable, '-W', 'ignore', '-m', 'valence.cmd.podm_simulator')


def certificate(directory: str) -> tuple[str, str]:
    """Return the files of a new certificate and its key."""
    cert, key = (str(pathlib.Path(directory, n)) for n in ('c.pem', 'k.pem'))
    subprocess.run(
        ('openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes')
        + ('-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1')
        + ('-days', '2', '-keyout', key, '-out', cert),
        check=True,
        capture_output=True,
    )
    return cert, key


class CommandTest(testtools.TestCase):
    def start(self, *arguments: Any) -> 'subprocess.Popen[str]':
        process = subprocess.Popen(
            (*COMMAND, *map(str, arguments)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, 'PYTHONUNBUFFERED': ''},
        )

        def end() -> None:
            process.kill()
            process.communicate()

        self.addCleanup(end)
        return process

    def refused(self, *arguments: Any) -> str:
        """Return the one line that says why it did not begin."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=30)
        self.assertEqual((2, ''), (process.returncode, out))
        self.assertEqual(1, err.count('\n'), err)
        return err

    def test_serves_until_a_signal(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            port = processes.free_ports(3)[0]
            process = self.start(
                '--port', port, '--pods', 3, '--systems', 5, '--mode', 'rsd'
            )
            self.assertEqual(
                'Serving 3 pod managers on '
                f'http://127.0.0.1:{port} ... http://127.0.0.1:{port + 2}\n',
                process.stdout.readline(),
            )
            clients = [
                running.Client(f'http://127.0.0.1:{port + n}')
                for n in range(3)
            ]
            for each, client in enumerate(clients):
                self.addCleanup(client.session.close)
                self.assertEqual(each, client.stats()['pod'])
                systems = client.get(f'{running.ROOT}/Systems')
                self.assertEqual(5, len(systems['Members']))
            process.send_signal(number)
            out, err = process.communicate(timeout=30)
            self.assertEqual((0, '', ''), (process.returncode, out, err))

    def test_stops_in_the_middle_of_things(self) -> None:
        port = processes.free_port()
        process = self.start('--port', port, '--assembly-ms', 60000)
        self.assertEqual(
            f'Serving 1 pod manager on http://127.0.0.1:{port}\n',
            process.stdout.readline(),
        )
        client = running.Client(f'http://127.0.0.1:{port}')
        self.addCleanup(client.session.close)
        client.assemble(client.allocate())
        client.modes(hang=True)
        self.assertRaises(
            requests.ReadTimeout, client.get, running.ROOT, timeout=0.1
        )
        process.terminate()
        _, err = process.communicate(timeout=30)
        self.assertEqual((0, ''), (process.returncode, err))

    def test_port_in_use(self) -> None:
        port = processes.free_ports(2)[0]
        with socket.socket() as other:
            other.bind(('127.0.0.1', port + 1))
            other.listen()
            line = self.refused('--port', port, '--pods', 2)
        self.assertEqual(
            'valence-podm-simulator: error: cannot listen on 127.0.0.1 port '
            f'{port + 1}: it is in use\n',
            line,
        )
        with socket.socket() as first:
            first.bind(('127.0.0.1', port))

    def test_bad_arguments(self) -> None:
        for arguments, word in (
            (('--port', 'x'), '--port'),
            (('--port', 0), '--port'),
            (('--port', 65535, '--pods', 2), '65535'),
            (('--pods', 0), '--pods'),
            (('--systems', -1), '--systems'),
            (('--latency-ms', -1), '--latency-ms'),
            (('--mode', 'odd'), '--mode'),
            (('--colour', 'red'), '--colour'),
            (('--tls-cert', 'x'), '--tls-key'),
            (('--modes', '{'), 'argument --modes: invalid JSON value'),
            (('--modes', '[]'), '[] is not a JSON object'),
            (('--modes', '{"drip": 0}'), 'drip must be a number of bytes'),
            (('--some-modes', '{"drip": 1}'), '--some'),
            (('--some', 1), '--some-modes'),
            (('--some', 1.5), '1.5 is not between 0 and 1'),
            (('--tls-cert', '/none', '--tls-key', '/none'), '/none'),
        ):
            self.assertIn(word, self.refused(*arguments))

    def test_modes(self) -> None:
        port = processes.free_ports(2)[0]
        process = self.start(
            *('--port', port, '--pods', 2, '--seed', 7),
            *('--modes', '{"latency_ms": 1}'),
            *('--some-modes', '{"dead": true}', '--some', 0.5),
        )
        self.assertIn('Serving 2', process.stdout.readline())
        client = running.Client(f'http://127.0.0.1:{port}')
        self.addCleanup(client.session.close)
        self.assertEqual(1, client.stats()['modes']['latency_ms'])
        other = running.Client(f'http://127.0.0.1:{port + 1}')
        self.assertRaises(
            ConnectionRefusedError, other.send, 'GET', running.ROOT
        )

    def test_tls(self) -> None:
        cert, key = certificate(self.useFixture(fixtures.TempDir()).path)
        port = processes.free_port()
        process = self.start(
            '--port', port, '--tls-cert', cert, '--tls-key', key
        )
        self.assertIn(f'https://127.0.0.1:{port}', process.stdout.readline())
        answer = requests.get(
            f'https://127.0.0.1:{port}{running.ROOT}', verify=cert, timeout=10
        )
        self.assertEqual(200, answer.status_code)
        process.terminate()
        self.assertEqual(0, process.wait(timeout=30))


class LibraryTest(testtools.TestCase):
    def test_context_manager(self) -> None:
        with server.Simulator(pods=2) as simulator:
            self.assertEqual(2, len(set(simulator.urls)))
            url = simulator.urls[1]
            answer = requests.get(f'{url}{running.ROOT}', timeout=10)
            self.assertEqual(200, answer.status_code)
        self.assertRaises(
            requests.ConnectionError, requests.get, url, timeout=10
        )
        simulator.stop()

    def test_port_in_use(self) -> None:
        with server.Simulator() as simulator:
            port = int(simulator.urls[0].rpartition(':')[2])
            other = server.Simulator(port=port)
            self.assertRaises(sockets.Unavailable, other.start)

    def test_tls(self) -> None:
        files = certificate(self.useFixture(fixtures.TempDir()).path)
        with server.Simulator(tls=files) as simulator:
            answer = requests.get(
                f'{simulator.urls[0]}{running.ROOT}',
                verify=files[0],
                timeout=10,
            )
        self.assertEqual(200, answer.status_code)

    def test_first_pod(self) -> None:
        with server.Simulator(first_pod=3) as simulator:
            self.assertEqual(3, simulator.pods[0].layout.pod)
