"""The CPU time that processes take, with all that they started."""

import contextlib
from collections.abc import Iterator, Mapping

import psutil

Seconds = dict[str, float]


@contextlib.contextmanager
def watched(roots: Mapping[str, int]) -> Iterator[Seconds]:
    """Fill in, by name, what each tree of processes took meanwhile.

    :param roots: process ids. What ends meanwhile is not counted.
    """
    before = {name: _times(pid) for name, pid in roots.items()}
    taken: Seconds = {}
    yield taken
    for name, pid in roots.items():
        taken[name] = sum(
            seconds - before[name].get(process, 0.0)
            for process, seconds in _times(pid).items()
        )


def tree(pid: int) -> list[psutil.Process]:
    """Give a process and all below it."""
    root = psutil.Process(pid)
    return [root, *root.children(recursive=True)]


def _times(pid: int) -> dict[psutil.Process, float]:
    times: dict[psutil.Process, float] = {}
    for process in tree(pid):
        with contextlib.suppress(psutil.NoSuchProcess):
            spent = process.cpu_times()
            times[process] = spent.user + spent.system
    return times
