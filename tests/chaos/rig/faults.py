"""What is done to a service: signals to all of its processes, or to some.

A service is a parent and the child that works; systemd knows the parent.
"""

import contextlib
import signal
import time
from collections.abc import Callable, Mapping

import psutil

from tests.fixtures.stack import Stack

#: Seconds in which a service must have ended after SIGTERM.
STOP_TIME = 30


class Services:
    """The services of a stack, by name (``compute2``), and their ends."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def names(self, kind: str = '') -> list[str]:
        """Name those of a kind, or all of them."""
        return [
            name for name in self._stack.processes if name.startswith(kind)
        ]

    def family(self, name: str) -> list[psutil.Process]:
        """Give the processes of a service, parents first."""
        parent = psutil.Process(self._stack.processes[name].pid)
        return [parent, *parent.children(recursive=True)]

    def kill(self, name: str) -> None:
        """Kill all of it (SIGKILL), as a crash of its machine would."""
        self._stack.processes[name].kill()

    def kill_child(self, name: str) -> None:
        """Kill what works, as a crash would; its parent starts a new one."""
        for child in self.family(name)[1:]:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()

    def freeze(self, name: str) -> None:
        """Stop all of it where it stands (SIGSTOP)."""
        for process in self.family(name):
            process.suspend()

    def thaw(self, name: str) -> None:
        """Let it go on (SIGCONT)."""
        for process in self.family(name):
            process.resume()

    def kill_all(self) -> None:
        """Kill whatever runs, frozen or not."""
        for name in self.names():
            self.kill(name)

    def terminate(self, name: str) -> float:
        """Stop it in order (SIGTERM); give the seconds that it took.

        :raises subprocess.TimeoutExpired: if that is too long.
        """
        start = time.monotonic()
        process = self._stack.processes[name]
        process.send(signal.SIGTERM)
        process.wait(STOP_TIME)
        return time.monotonic() - start

    def start(self, name: str, env: Mapping[str, str] | None = None) -> None:
        self._stack.start(name, env)

    def restart(self, name: str, env: Mapping[str, str] | None = None) -> None:
        """Stop it in order, and start it."""
        self.terminate(name)
        self.start(name, env)

    def crash(self, name: str, env: Mapping[str, str] | None = None) -> None:
        """Kill it, and start it as systemd would."""
        self.kill(name)
        self.start(name, env)

    def running(self, name: str) -> bool:
        return self._stack.processes[name].running

    def log_size(self, name: str) -> int:
        """Give how much it has logged so far, in characters."""
        return len(self._stack.log(name))

    def log_since(self, name: str, size: int) -> str:
        """Give what it has logged since then."""
        return self._stack.log(name)[size:]


def wait_until(
    condition: Callable[[], object], seconds: float, pause: float = 0.1
) -> bool:
    """Wait until a condition holds; tell whether it does."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True
