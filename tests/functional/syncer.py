"""A worker that takes one sync, or one adoption, and may die over it.

``python -m tests.functional.syncer URL [TOPIC]``; credentials are in clear in
that database. ``VALENCE_FAIL`` says where it dies.
"""

import sys

from tests.fixtures import rows
from tests.unit.tasks import working
from valence.common import http_addresses
from valence.common.http_client import Limits
from valence.compute.handlers.manage import Manage
from valence.conductor import rpcapi
from valence.conductor.handlers.sync import Sync
from valence.db.sqlalchemy.database import SqlDatabase
from valence.podm.pool import Pool
from valence.tasks.doorbell import Doorbell
from valence.tasks.progress import Progress
from valence.tasks.run import TaskRun
from valence.tasks.turn import Turns


def main(url: str, topic: str = rpcapi.TOPIC) -> None:
    database = SqlDatabase(url)
    pool = Pool(Limits(allowed_networks=http_addresses.LOOPBACK))
    turns = Turns(
        [
            Sync(database, pool, interval=600),
            Manage(database, pool, host='here'),
        ],
        database=database,
        doorbell=Doorbell(working.Bells()),
        waiting=lambda delay: None,
    )
    # When it dies its lease is over at once.
    (task,) = working.wait_until(
        lambda: rows.claim(database, topic=topic, lease=0)
    )
    run = TaskRun(
        task,
        podm=rows.pod_manager_of(database, task),
        owner=rows.OWNER,
        lease=60,
        database=database,
        progress=Progress(database),
    )
    turns.take(run)
    pool.close()
    database.close()


if __name__ == '__main__':
    main(*sys.argv[1:])
