"""The usual stack: an API and a worker, as Valence's are started."""

from bench import load
from bench.processes import database, program
from bench.usual import config
from tests.fixtures import processes

_CONFIG = """
[DEFAULT]
transport_url = {transport}
save_steps = {save_steps}

[database]
connection = {database}
"""


class Usual:
    """:ivar port: of the API."""

    def __init__(
        self,
        workspace: program.Workspace,
        *,
        transport: str,
        database_url: str,
        save_steps: bool = True,
    ) -> None:
        self.port = processes.free_port()
        self.database = database_url
        self.running: dict[str, processes.Process] = {}
        self._name = 'usual' if save_steps else 'usual-coarse'
        self._workspace = workspace
        text = _CONFIG.format(
            transport=transport, database=database_url, save_steps=save_steps
        )
        path = workspace.write(f'{self._name}.conf', text)
        self._env = {config.FILE: str(path)}

    def start(self) -> None:
        schema = self._start('schema', program.module('bench.usual.schema'))
        if schema.wait(60):
            raise processes.ServerFailedError(schema.log_tail())
        worker = self._start('worker', program.module('bench.usual.worker'))
        # What is cast before its queue exists would vanish.
        program.wait_until(
            lambda: 'is working' in worker.log_tail(), worker, 'the worker'
        )
        api = self._start('api', program.module('bench.usual', str(self.port)))
        program.wait_until(
            lambda: processes.accepts(self.port), api, 'the usual API'
        )

    def analyze(self) -> None:
        database.analyze(self.database)

    def open_tasks(self) -> int:
        return database.query(
            self.database,
            'SELECT count(*) FROM tasks '
            "WHERE state NOT IN ('completed', 'failed')",
        )

    def check_completed(self) -> None:
        """Make sure that no task has failed.

        :raises LoadError: says how many did.
        """
        failed = database.query(
            self.database, "SELECT count(*) FROM tasks WHERE error <> ''"
        )
        if failed:
            raise load.LoadError(f'{failed} tasks have failed')

    def pids(self) -> dict[str, int]:
        return {
            name: one.pid for name, one in self.running.items() if one.running
        }

    def _start(self, name: str, command: list[str]) -> processes.Process:
        process = self._workspace.start(
            f'{self._name}-{name}', command, env=self._env
        )
        self.running[name] = process
        return process
