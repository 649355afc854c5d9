"""A process whose threads insert nodes as fast as they can.

``python -m tests.unit.db.writer URL THREADS NODES``: says ``ready``, waits
for a line, works, and prints the name of each error that it met.
"""

import sys
import threading

from tests.fixtures import rows
from valence.db.sqlalchemy.database import SqlDatabase


def main(url: str, threads: int, nodes: int) -> None:
    database = SqlDatabase(url, pool_size=threads)

    def work() -> None:
        for _ in range(nodes):
            try:
                database.nodes.create(values=rows.node(name=rows.new_uuid()))
            except Exception as error:
                print(type(error).__name__)

    print('ready', flush=True)
    sys.stdin.readline()
    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    database.close()


if __name__ == '__main__':
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
