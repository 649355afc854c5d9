"""Call on demand: ``python -m bench.messaging.ask <side> <url>``.

Each line on standard input is ``<threads> <seconds>``; the answer is one line
with the calls per second.
"""

import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from bench.messaging.chosen import SIDES


def measure(call: Callable[[], Any], threads: int, seconds: float) -> float:
    """Give the calls per second of so many threads."""
    counts = [0] * threads
    begin = threading.Barrier(threads + 1)
    ended = threading.Event()

    def work(number: int) -> None:
        call()
        begin.wait()
        while not ended.is_set():
            call()
            counts[number] += 1

    workers = [
        threading.Thread(target=work, args=(number,))
        for number in range(threads)
    ]
    for worker in workers:
        worker.start()
    begin.wait()
    start = time.perf_counter()
    time.sleep(seconds)
    ended.set()
    for worker in workers:
        worker.join()
    return sum(counts) / (time.perf_counter() - start)


def main(side: str, url: str) -> None:
    call = SIDES[side]().connect(url)
    for line in sys.stdin:
        threads, seconds = line.split()
        rate = measure(call, int(threads), float(seconds))
        print(f'{rate:.3f}', flush=True)


if __name__ == '__main__':
    main(*sys.argv[1:])
