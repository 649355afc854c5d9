"""A process whose threads claim and finish tasks until none is due.

``python -m tests.unit.db.claimer URL THREADS``: says ``ready``, waits for a
line, works, and prints the uuid of each task that it was given.
"""

import concurrent.futures
import os
import sys
import threading

from tests.fixtures import rows
from valence.db.sqlalchemy.database import SqlDatabase


def claim_all(database: SqlDatabase, owner: str) -> list[str]:
    """Claim tasks, three at a time, and finish each."""
    got = []
    while tasks := rows.claim(database, owner=owner, limit=3):
        for task in tasks:
            got.append(task.uuid)
            database.tasks.finish(
                lease=rows.lease_of(task), state='completed', message=''
            )
    return got


def main(url: str, threads: int) -> None:
    database = SqlDatabase(url, pool_size=threads)
    barrier = threading.Barrier(threads)

    def work(number: int) -> list[str]:
        barrier.wait()
        return claim_all(database, f'{os.getpid()}:{number}')

    print('ready', flush=True)
    sys.stdin.readline()
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        for got in pool.map(work, range(threads)):
            print(*got, sep='\n')
    database.close()


if __name__ == '__main__':
    main(sys.argv[1], int(sys.argv[2]))
