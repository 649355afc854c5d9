"""Calls a pod manager that did not answer, to see whether it does again.

The call itself tells the breaker; see ``valence.tasks.breaker``.
"""

from valence.common import exception
from valence.conductor import probe
from valence.db.api import Database
from valence.podm.pool import Pool
from valence.tasks.handler import Handler
from valence.tasks.outcome import Completed, Outcome
from valence.tasks.run import TaskRun

ACTION = 'probe_pod_manager'


class Probe(Handler):
    action = ACTION

    def __init__(self, database: Database, pool: Pool) -> None:
        self._database = database
        self._pool = pool

    def run(self, run: TaskRun) -> Outcome:
        try:
            podm = run.podm
        except exception.PodManagerNotFound:
            return Completed('The pod manager is gone')
        if podm.broken:
            connection = self._pool.get(podm, probing=True)
            podm = probe.renew_status(self._database, podm, connection)
        return Completed(f'The pod manager is {podm.status}')
