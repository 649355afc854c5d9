"""Call on demand: ``python -m bench.messaging.ask <side> <url>``.

Each line on standard input is ``<threads> <seconds>``; the answer is one line
with the calls per second.
"""

import concurrent.futures
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from bench.messaging.chosen import SIDES

#: Seconds that the first calls may take.
_PATIENCE = 30


def measure(call: Callable[[], Any], threads: int, seconds: float) -> float:
    """Give the calls per second of so many threads."""
    begin = threading.Barrier(threads + 1, timeout=_PATIENCE)
    ended = threading.Event()

    def work() -> int:
        call()
        begin.wait()
        done = 0
        while not ended.is_set():
            call()
            done += 1
        return done

    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        counts = [pool.submit(work) for _ in range(threads)]
        begin.wait()
        start = time.perf_counter()
        time.sleep(seconds)
        ended.set()
        done = sum(count.result() for count in counts)
        return done / (time.perf_counter() - start)


def main(side: str, url: str) -> None:
    call = SIDES[side]().connect(url)
    for line in sys.stdin:
        threads, seconds = line.split()
        rate = measure(call, int(threads), float(seconds))
        print(f'{rate:.3f}', flush=True)


if __name__ == '__main__':
    main(*sys.argv[1:])
