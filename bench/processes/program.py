"""A program of a stack: started with a log file, stopped with the run.

It runs under the guard of the test fixtures, so it does not outlive this
process, however that ends.
"""

import contextlib
import os
import pathlib
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from bench.hollow import distribution
from tests.fixtures import processes

ROOT = pathlib.Path(__file__).parents[2]
_BIN = pathlib.Path(sys.executable).parent
_READY = 60
_ENDING = 30


class Workspace:
    """A directory for the files of a run, and what runs in it."""

    def __init__(self, directory: pathlib.Path) -> None:
        self.directory = directory
        self._running: list[processes.Process] = []
        drivers = directory / 'drivers'
        drivers.mkdir()
        distribution.install(drivers)
        self._env = {
            **os.environ,
            'PYTHONPATH': os.pathsep.join([str(drivers), str(ROOT)]),
            # stevedore would keep what it found here among its own files.
            'XDG_CACHE_HOME': str(directory),
        }

    def write(self, name: str, text: str) -> pathlib.Path:
        path = self.directory / name
        path.write_text(text)
        return path

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
    ) -> processes.Process:
        """Start a program; what it prints goes to ``<name>.log``."""
        process = processes.Process(
            command,
            self.directory,
            log=f'{name}.log',
            env={**self._env, **(env or {})},
        )
        process.start()
        self._running.append(process)
        return process

    def run(self, name: str, command: Sequence[str]) -> None:
        """Run a program to its end.

        :raises ServerFailedError: if it fails.
        """
        process = self.start(name, command)
        if process.wait(_READY):
            raise processes.ServerFailedError(f'{name}: {process.log_tail()}')

    def stop(self, process: processes.Process) -> None:
        process.stop(signal.SIGTERM, _ENDING)
        self._running.remove(process)

    def close(self) -> None:
        while self._running:
            self.stop(self._running[-1])


@contextlib.contextmanager
def workspace() -> Iterator[Workspace]:
    """Give a workspace that is gone at the end, with all that runs in it."""
    directory = processes.make_directory('bench')
    # Removes the directory if this process is killed.
    keeper = processes.Process([str(directory)], directory, action='remove')
    keeper.start()
    made = Workspace(directory)
    try:
        yield made
    finally:
        made.close()
        keeper.kill()
        shutil.rmtree(directory, ignore_errors=True)


def script(name: str) -> str:
    """Give the path of a command that the project installs."""
    return str(_BIN / name)


def module(name: str, *args: str) -> list[str]:
    """Give the command that runs a module."""
    return [sys.executable, '-m', name, *args]


def wait_until(
    ready: Callable[[], bool],
    process: processes.Process,
    what: str,
    seconds: float = _READY,
) -> None:
    """Wait until a program is ready.

    :raises ServerFailedError: if it ends, or takes too long.
    """
    end = time.monotonic() + seconds
    while not ready():
        if not process.running or time.monotonic() > end:
            raise processes.ServerFailedError(f'{what}: {process.log_tail()}')
        time.sleep(0.05)
