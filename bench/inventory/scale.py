"""Syncs of 10, 100 and 1,000 pod managers of 50 systems each.

Two conductors and two computes share the work over RabbitMQ and PostgreSQL;
the pod managers run on the same cores. So what is compared is what our
processes spend on a resource: their CPU time, and the statements that
PostgreSQL logs.
"""

import pathlib
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench import cpu, harness
from bench.processes import database, program
from bench.processes.simulator import Simulator
from bench.processes.valence import Valence
from tests import fixtures
from valence.db.sqlalchemy import models

_SYSTEMS = 50
#: Pod managers, and syncs of all of them: of few, more are needed to count.
_SIZES = ((10, 10), (100, 2), (1000, 1))
_FIRST = 'pod-0'
#: More walks at once than cores wait for each other, and for the pod managers.
_MORE = """
[tasks]
threads = 4
"""
_MOST = max(pods for pods, _syncs in _SIZES)
_STATEMENT = re.compile(
    rb'LOG:  (?:statement|execute [^:]*): '
    rb'(?P<write>(?:INSERT INTO|UPDATE|DELETE FROM) resources\b)?(?P<verb>\w*)'
)
_SETTINGS = {'log_statement': 'all', 'log_parameter_max_length': '0'}


@dataclass(frozen=True)
class Cost:
    """What all syncs of a size took.

    :ivar resources: that were read, over all syncs.
    :ivar cpu: seconds of our processes.
    :ivar writes: statements that write to the table.
    """

    resources: int
    seconds: float
    cpu: float
    statements: int
    writes: int

    @property
    def cpu_us(self) -> float:
        return self.cpu / self.resources * 1e6

    @property
    def per_thousand(self) -> float:
        return self.statements / self.resources * 1000


def run() -> None:
    harness.say('inventory: syncs of 10, 100 and 1,000 pod managers')
    broker = fixtures.shared_rabbitmq()
    server = fixtures.shared_postgresql()
    url = server.new_database()
    _log_statements(url)
    log = server.directory / 'log'
    with program.workspace() as workspace:
        ours = Valence(
            workspace,
            transport=broker.new_vhost(),
            database_url=url,
            more=_MORE,
        )
        ours.start('conductor', 'compute')
        for service in ('conductor', 'compute'):
            ours.start_service(service, 'second')
        simulator = Simulator(
            workspace, latency_ms=0, pods=_MOST, systems=_SYSTEMS
        )
        sync = _Syncs(ours, url, log)
        ours.register(_FIRST, simulator.urls[0], driver='redfishv1')
        ours.wait_until_idle()
        registered = 1
        costs: dict[int, tuple[Cost, Cost]] = {}
        for pods, times in _SIZES:
            _register_alike(url, simulator.urls[registered:pods])
            registered = pods
            costs[pods] = sync.first(times), sync.again(times)
            _report(pods, *costs[pods])
        few, many = costs[_SIZES[0][0]], costs[_MOST]
        harness.figure(
            'inventory.cost_ratio_1000_vs_10',
            max(
                ratio
                for one, other in zip(many, few, strict=True)
                for ratio in (
                    one.cpu_us / other.cpu_us,
                    one.per_thousand / other.per_thousand,
                )
            ),
            'ratio',
        )
        for name, pid in ours.pids().items():
            harness.figure(f'inventory.rss_mib_{name}', _peak(pid), 'MiB')
        harness.figure(
            'inventory.rss_mib',
            max(map(_peak, ours.pids().values())),
            'MiB',
        )


class _Syncs:
    """Has all pod managers synced, and takes what that costs."""

    def __init__(self, ours: Valence, url: str, log: pathlib.Path) -> None:
        self._ours = ours
        self._url = url
        self._log = log

    def first(self, times: int) -> Cost:
        """Sync with a table that is empty."""
        return self._cost(times, empty=True)

    def again(self, times: int) -> Cost:
        """Sync with nothing changed.

        :raises AssertionError: if the table is written to.
        """
        cost = self._cost(times, empty=False)
        if cost.writes:
            raise AssertionError(f'{cost.writes} statements wrote to it')
        return cost

    def _cost(self, times: int, *, empty: bool) -> Cost:
        costs = [self._once(empty=empty) for _ in range(times)]
        return Cost(
            resources=sum(cost.resources for cost in costs),
            seconds=sum(cost.seconds for cost in costs),
            cpu=sum(cost.cpu for cost in costs),
            statements=sum(cost.statements for cost in costs),
            writes=sum(cost.writes for cost in costs),
        )

    def _once(self, *, empty: bool) -> Cost:
        if empty:
            database.execute(self._url, 'TRUNCATE resources')
        since = self._ours.now()
        at = self._log.stat().st_size
        with cpu.watched(self._ours.pids()) as taken:
            start = time.perf_counter()
            database.execute(
                self._url, 'UPDATE pod_managers SET next_sync_at = 0'
            )
            program.wait_until(
                lambda: not self._unsynced(since),
                self._ours.running['conductor'],
                'the syncs',
                1200,
            )
            seconds = time.perf_counter() - start
        statements, writes = self._logged(at)
        return Cost(
            resources=self._ours.query('SELECT count(*) FROM resources'),
            seconds=seconds,
            cpu=sum(taken.values()),
            statements=statements,
            writes=writes,
        )

    def _unsynced(self, since: int) -> int:
        with database.connect(self._url) as connection:
            failed = connection.execute(
                'SELECT sync_error FROM pod_managers '
                'WHERE sync_error IS NOT NULL'
            ).fetchall()
        if failed:
            raise AssertionError(f'{len(failed)} failed: {failed[0][0]}')
        return self._ours.query(
            'SELECT count(*) FROM pod_managers '
            'WHERE synced_at IS NULL OR synced_at < %s',
            since,
        )

    def _logged(self, at: int) -> tuple[int, int]:
        """Count all statements since, and those that write to the table."""
        statements = writes = 0
        with self._log.open('rb') as lines:
            lines.seek(at)
            for found in filter(None, map(_STATEMENT.search, lines)):
                if found['verb'] not in (b'BEGIN', b'COMMIT'):
                    statements += 1
                    writes += found['write'] is not None
        return statements, writes


def _register_alike(url: str, podms: Sequence[str]) -> None:
    """Write the records of pod managers that are like the first one."""
    others = [
        column.name
        for column in models.pod_managers.c
        if column.name not in ('id', 'uuid', 'name', 'url')
    ]
    columns = ', '.join(f'"{name}"' for name in others)
    with database.connect(url) as connection:
        for podm in podms:
            connection.execute(
                f'INSERT INTO pod_managers (uuid, name, url, {columns}) '  # noqa: S608
                f'SELECT gen_random_uuid()::text, %s, %s, {columns} '
                'FROM pod_managers WHERE name = %s'.encode(),
                (podm, podm, _FIRST),
            )


def _log_statements(url: str) -> None:
    with database.connect(url) as connection:
        name = connection.info.dbname
        for setting, value in _SETTINGS.items():
            statement = f"ALTER DATABASE {name} SET {setting} = '{value}'"
            connection.execute(statement.encode())


def _report(pods: int, first: Cost, again: Cost) -> None:
    for name, cost in (('first', first), ('again', again)):
        prefix = f'inventory.{name}_{pods}'
        harness.figure(
            f'{prefix}_rate', cost.resources / cost.seconds, 'resources/s'
        )
        harness.figure(f'{prefix}_cpu', cost.cpu_us, 'us/resource')
        harness.figure(
            f'{prefix}_statements', cost.per_thousand, 'per 1,000 resources'
        )


def _peak(pid: int) -> float:
    """Give the most memory that a process or one below it ever had, MiB."""
    return max(
        int(line.split()[1]) / 1024
        for process in cpu.tree(pid)
        for line in pathlib.Path(f'/proc/{process.pid}/status')
        .read_text()
        .splitlines()
        if line.startswith('VmHWM:')
    )
