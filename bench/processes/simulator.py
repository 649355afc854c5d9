"""The simulated pod managers."""

from typing import Any

from bench import load
from bench.processes import program
from tests.fixtures import processes


class Simulator:
    """:ivar urls: of the pod managers.

    :param more: further options of the command.
    """

    def __init__(
        self,
        workspace: program.Workspace,
        *,
        latency_ms: int,
        pods: int = 1,
        systems: int = 50,
        first_pod: int = 0,
        **more: Any,
    ) -> None:
        self._workspace = workspace
        first = _free_ports(pods)
        ports = range(first, first + pods)
        self._ports, self._first_pod = ports, first_pod
        scheme = 'https' if 'tls_cert' in more else 'http'
        self.urls = [f'{scheme}://127.0.0.1:{port}' for port in ports]
        options = {
            'port': first,
            'pods': pods,
            'systems': systems,
            'latency-ms': latency_ms,
            'first-pod': first_pod,
            **{name.replace('_', '-'): value for name, value in more.items()},
        }
        self._process = workspace.start(
            f'simulator-{first_pod}',
            [
                program.script('valence-podm-simulator'),
                *(f'--{name}={value}' for name, value in options.items()),
            ],
        )
        program.wait_until(
            lambda: all(map(processes.accepts, ports)),
            self._process,
            'the simulator',
        )

    def set_modes(self, pod: int, **modes: Any) -> None:
        """Make one misbehave; see doc/source/simulator.rst."""
        # A dead one is told by a neighbour.
        neighbour = self._ports[-1]
        path = f'/simulator/modes?pod={self._first_pod + pod}'
        load.ask(neighbour, 'POST', path, modes)

    def requests(self) -> int:
        """Count the requests that the first one was sent so far."""
        stats = load.ask(self._ports[0], 'GET', '/simulator/stats')
        return sum(stats['requests'].values())

    @property
    def pid(self) -> int:
        return self._process.pid

    def stop(self) -> None:
        self._workspace.stop(self._process)


def _free_ports(count: int) -> int:
    """Give the first of some neighbouring ports that are free."""
    while True:
        first = processes.free_port()
        if not any(map(processes.accepts, range(first, first + count))):
            return first
