"""A process with a worker, whose one handler does what it is told.

``python -m tests.unit.tasks.one_worker URL LEASE``: says ``working`` once it
has a task, waits for a line, tries to write, and says what became of that.
"""

import sys
import threading
from collections.abc import Callable

from tests.fixtures import rows
from tests.unit.tasks import working
from valence.db.api import LeaseLost
from valence.db.sqlalchemy.database import SqlDatabase
from valence.tasks.doorbell import Doorbell
from valence.tasks.outcome import Completed
from valence.tasks.run import TaskRun
from valence.tasks.worker import Worker


def main(url: str, lease: float) -> None:
    database = SqlDatabase(url)
    go_on = threading.Event()

    def tell(act: str, function: Callable[[], None]) -> None:
        try:
            function()
        except LeaseLost:
            print(act, 'refused', flush=True)
        else:
            print(act, 'done', flush=True)

    def work(run: TaskRun) -> Completed:
        print('working', flush=True)
        go_on.wait()
        tell('check', run.check)
        # Without the look at its own clock: the database refuses too.
        tell(
            'record',
            lambda: database.tasks.record(
                lease=run.lease, values={'percent': 66}
            ),
        )
        return Completed(
            'by the zombie',
            also=lambda tables: tables.nodes.create(values=rows.node()),
        )

    worker = Worker(
        rows.TOPIC,
        [working.Does(work)],
        database=database,
        doorbell=Doorbell(working.Bells()),
        owner='process:boot',
        threads=1,
        short_threads=0,
        lease=lease,
        sweep_interval=600,
    )
    worker.start()
    sys.stdin.readline()
    go_on.set()
    sys.stdin.readline()
    worker.stop()
    database.close()
    print('stopped', flush=True)


if __name__ == '__main__':
    main(sys.argv[1], float(sys.argv[2]))
