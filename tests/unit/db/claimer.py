"""A process whose threads claim and finish tasks until none is open.

``python -m tests.unit.db.claimer URL THREADS``: says ``ready``, waits for a
line, works, and prints each :class:`Turn` that it had.
"""

import concurrent.futures
import os
import sys
import threading
import time
from dataclasses import astuple, dataclass
from typing import Self

from tests.fixtures import rows
from valence.db.sqlalchemy.database import SqlDatabase

#: Seconds that a task takes, and until one who got none asks again.
_WORK, _PAUSE = 0.1, 0.1


@dataclass(frozen=True)
class Turn:
    """The time between the claim of a task and its end.

    :ivar began: by the monotonic clock, which all processes share.
    """

    uuid: str
    podm_id: str
    began: float
    ended: float

    def __str__(self) -> str:
        return ','.join(map(str, astuple(self)))

    @classmethod
    def read(cls, text: str) -> Self:
        uuid, podm_id, began, ended = text.split(',')
        return cls(uuid, podm_id, float(began), float(ended))


def work(database: SqlDatabase, owner: str) -> list[Turn]:
    """Claim tasks, one or two at a time, and finish each."""
    turns = []
    while database.tasks.count_open(most=1):
        tasks = rows.claim(database, owner=owner, limit=2)
        began = time.monotonic()
        time.sleep(_WORK if tasks else _PAUSE)
        for task in tasks:
            turns.append(
                Turn(task.uuid, str(task.podm_id), began, time.monotonic())
            )
            database.tasks.finish(
                lease=rows.lease_of(task), state='completed', message=''
            )
    return turns


def main(url: str, threads: int) -> None:
    database = SqlDatabase(url, pool_size=threads)
    barrier = threading.Barrier(threads)

    def each(number: int) -> list[Turn]:
        barrier.wait()
        return work(database, f'{os.getpid()}:{number}')

    print('ready', flush=True)
    sys.stdin.readline()
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        for turns in pool.map(each, range(threads)):
            print(*turns, sep='\n')
    database.close()


if __name__ == '__main__':
    main(sys.argv[1], int(sys.argv[2]))
