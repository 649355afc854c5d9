"""Valence as an operator starts it: one process a service."""

import json
from collections.abc import Mapping

import psycopg

from bench import load
from bench.hollow import distribution
from bench.processes import program
from tests.fixtures import postgresql, processes

_CONFIG = """
[DEFAULT]
transport_url = {transport}
host = {host}
{default}

[database]
connection = {database}

[api]
bind_port = {port}

{more}
"""
_SERVICES = ('conductor', 'compute', 'network', 'storage')


class Valence:
    """:ivar port: of the API. :ivar running: the programs, by name."""

    def __init__(
        self,
        workspace: program.Workspace,
        *,
        transport: str,
        database: str,
        default: str = '',
        more: str = '',
    ) -> None:
        self.port = processes.free_port()
        self.running: dict[str, processes.Process] = {}
        self._workspace = workspace
        self._database = database
        self._settings = {
            'transport': transport,
            'database': database,
            'port': self.port,
            'default': default,
            'more': more,
        }

    def start(self, *services: str) -> None:
        """Make the schema; start the services and the API."""
        self._workspace.run(
            'db-sync', [*self._command('manage'), 'db', 'sync']
        )
        for service in services or _SERVICES:
            self.start_service(service)
        api = self._start('api', 'api')
        program.wait_until(self._answers, api, 'valence-api')

    def start_service(self, service: str, host: str = 'bench') -> str:
        """Start one more process of a service; give its name here."""
        name = service if host == 'bench' else f'{service}-{host}'
        before = self.reports(service)
        process = self._start(name, service, host)
        program.wait_until(
            lambda: self.reports(service) > before, process, name
        )
        return name

    def stop_service(self, name: str) -> None:
        self._workspace.stop(self.running.pop(name))

    def pids(self) -> dict[str, int]:
        return {name: one.pid for name, one in self.running.items()}

    def query(self, statement: str, *args: object) -> int:
        """Give the one number that a statement selects."""
        with _connect(self._database) as connection:
            row = connection.execute(statement, args).fetchone()
        return int(str(row[0])) if row else 0

    def register(
        self, name: str, url: str, *, driver: str = distribution.NAME
    ) -> str:
        """Register a pod manager, wait for its sync, give its uuid."""
        account = {'username': 'admin', 'password': 'admin'}
        body = {
            'name': name,
            'url': url,
            'driver': driver,
            'authentication': [{'type': 'basic', 'auth_items': account}],
        }
        uuid = load.ask(self.port, 'POST', '/v1/pod_managers', body)['uuid']
        program.wait_until(
            lambda: not self.open_tasks(),
            self.running['conductor'],
            'the sync of a pod manager',
        )
        return str(uuid)

    def open_tasks(self) -> int:
        return self.query(
            'SELECT count(*) FROM tasks '
            "WHERE state IN ('pending', 'running', 'waiting')"
        )

    def reports(self, service: str) -> int:
        """Count the state reports of all processes of a service."""
        return self.query(
            'SELECT coalesce(sum(report_count), 0) FROM services '
            'WHERE binary_ = %s'.replace('binary_', '"binary"'),
            f'valence-{service}',
        )

    def _start(
        self, name: str, service: str, host: str = 'bench'
    ) -> processes.Process:
        process = self._workspace.start(name, self._command(service, host))
        self.running[name] = process
        return process

    def _command(self, service: str, host: str = 'bench') -> list[str]:
        text = _CONFIG.format(host=host, **self._settings)
        path = self._workspace.write(f'valence-{host}.conf', text)
        command = program.script(f'valence-{service}')
        return [command, '--config-file', str(path)]

    def _answers(self) -> bool:
        if not processes.accepts(self.port):
            return False
        # The application is made at the first request.
        load.ask(self.port, 'GET', '/v1/')
        return True


def _connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    plain = url.replace('postgresql+psycopg://', 'postgresql://')
    return psycopg.connect(plain, autocommit=True)


def compose_body(name: str, podm: str | None) -> dict[str, object]:
    """Give the body of a composition; both stacks take the same one."""
    return {
        'name': name,
        'description': 'A node of the benchmark',
        **({} if podm is None else {'podm_id': podm}),
        'properties': {
            'processor': {'total_cores': 8, 'model': 'Xeon'},
            'memory': {'capacity_mib': 16384, 'type': 'DDR4'},
            'local_drive': {'capacity_gib': 100, 'type': 'SSD'},
        },
    }


def compose_requests(prefix: str, podm: str | None) -> 'Compositions':
    return Compositions(prefix, podm)


class Compositions:
    """Gives the request of a number, at the price of one replacement."""

    _NUMBER = 'NNNNNNNN'

    def __init__(self, prefix: str, podm: str | None) -> None:
        body = compose_body(f'{prefix}-{self._NUMBER}', podm)
        self._template = load.request('POST', '/v1/nodes', body)

    def __call__(self, number: int) -> bytes:
        shown = f'{number:08}'.encode()
        return self._template.replace(self._NUMBER.encode(), shown, 1)


__all__ = ['Compositions', 'Mapping', 'Valence', 'json', 'postgresql']
