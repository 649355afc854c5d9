"""Valence as an operator starts it: one process a service."""

from bench import load
from bench.hollow import distribution
from bench.processes import database, program
from tests.fixtures import processes

_CONFIG = """
[DEFAULT]
transport_url = {transport}
host = {host}
{default}

[credentials]
key_file = {key_file}

[database]
connection = {database}

[api]
bind_port = {port}

[conductor]
sync_interval = 86400

[http_client]
allowed_networks = 127.0.0.0/8

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
        database_url: str,
        default: str = '',
        more: str = '',
    ) -> None:
        self.port = processes.free_port()
        self.running: dict[str, processes.Process] = {}
        self._workspace = workspace
        self._database = database_url
        self._settings = {
            'transport': transport,
            'database': database_url,
            'key_file': workspace.directory / 'credentials.keys',
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
        return database.query(self._database, statement, *args)

    def register(
        self, name: str, url: str, *, driver: str = distribution.NAME
    ) -> str:
        """Register a pod manager; give its uuid."""
        account = {'username': 'admin', 'password': 'admin'}
        body = {
            'name': name,
            'url': url,
            'driver': driver,
            # It is the engine that is measured, not what a pod can bear.
            'max_tasks': 1000,
            'authentication': [{'type': 'basic', 'auth_items': account}],
        }
        uuid = load.ask(self.port, 'POST', '/v1/pod_managers', body)['uuid']
        if driver == distribution.NAME:
            self.wait_until_idle()
            self._enlarge(uuid)
        return str(uuid)

    def wait_until_idle(self, seconds: float = 60) -> None:
        """Wait until no task is open, as after a registration."""
        program.wait_until(
            lambda: not self.open_tasks(),
            self.running['conductor'],
            'the end of all tasks',
            seconds,
        )

    def take_apart(self) -> None:
        """Delete all nodes."""
        for node in load.ask(self.port, 'GET', '/v1/nodes'):
            load.ask(self.port, 'DELETE', f'/v1/nodes/{node["uuid"]}')
        self.wait_until_idle()

    def forget(self, podm: str) -> None:
        """Let nothing be shown that was read of a pod manager before."""
        database.execute(
            self._database,
            'UPDATE pod_managers SET changes = changes + 1 WHERE uuid = %s',
            podm,
        )

    def now(self) -> int:
        """Give the time of the database, microseconds since 1970."""
        return self.query(
            'SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint'
        )

    def _enlarge(self, uuid: str) -> None:
        """Let the scheduler take a hollow pod manager for a big one."""
        database.execute(
            self._database,
            'UPDATE pod_managers SET usage = %s WHERE uuid = %s',
            '{"systems": 10000000}',
            uuid,
        )

    def analyze(self) -> None:
        database.analyze(self._database)

    def open_tasks(self) -> int:
        return self.query(
            'SELECT count(*) FROM tasks '
            "WHERE state IN ('pending', 'running', 'waiting')"
        )

    def check_completed(self) -> None:
        """Make sure that no task has failed.

        :raises LoadError: says how many did.
        """
        failed = self.query("SELECT count(*) FROM tasks WHERE error <> ''")
        if failed:
            raise load.LoadError(f'{failed} tasks have failed')

    def reports(self, service: str) -> int:
        """Count the state reports of all processes of a service."""
        return self.query(
            'SELECT coalesce(sum(report_count), 0) FROM services '
            'WHERE "binary" = %s',
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
