"""How many compositions a stack does, from the POST to Completed."""

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from bench import cpu, load
from bench.bodies import Compositions

CLIENTS = 32


class Stack(Protocol):
    port: int

    def analyze(self) -> None: ...

    def open_tasks(self) -> int: ...

    def check_completed(self) -> None: ...

    def pids(self) -> dict[str, int]: ...


def measure(
    stack: Stack,
    make: Callable[[int], bytes],
    *,
    count: int,
    servers: Mapping[str, int],
    clients: int = CLIENTS,
) -> dict[str, float]:
    """Post compositions and wait until all are done.

    :param servers: process ids of what the stack uses beside its own.
    :returns: ``accepted`` and ``done`` per second, ``p99`` of the answers in
        ms, and the CPU of each program in us a composition.
    """
    # As PostgreSQL does by itself once a minute, but not in the first ones.
    stack.analyze()
    roots = {**stack.pids(), **servers}
    with cpu.watched(roots) as taken, _timed() as seconds:
        accepted = load.run(stack.port, make, connections=clients, count=count)
        while stack.open_tasks():
            time.sleep(0.05)
    stack.check_completed()
    figures = {
        'accepted': accepted.rate,
        'done': count / seconds[0],
        'cpu': sum(taken.values()) / count * 1e6,
    }
    for name, spent in taken.items():
        figures[f'cpu-{name}'] = spent / count * 1e6
    return figures


@contextlib.contextmanager
def _timed() -> Iterator[list[float]]:
    start = time.perf_counter()
    seconds: list[float] = []
    yield seconds
    seconds.append(time.perf_counter() - start)


class Batches:
    """Gives each round names of its own."""

    def __init__(self, prefix: str, podm: str | None) -> None:
        self._prefix = prefix
        self._podm = podm
        self._round = 0

    def next(self) -> Compositions:
        self._round += 1
        return Compositions(f'{self._prefix}-{self._round}', self._podm)
