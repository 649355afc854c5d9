"""Pages of 100 rows of a table of a million, by their keys.

A thousand pod managers of 50 systems hold half a million resources; that many
rows have no ten-thousandth page of 100, so there are twice as many. The rows
are read on MariaDB and PostgreSQL, as the services do.
"""

import time
from collections.abc import Iterator

import orjson
import sqlalchemy as sa

from bench import harness
from tests.fixtures import database as databases
from valence.db.api import Query
from valence.db.sqlalchemy import migration, models
from valence.db.sqlalchemy.database import SqlDatabase
from valence.objects.resource import ResourceType

_PODS = 1000
_EACH = 1001
_PAGE = 100
_FAR = 10_000
_COUNT = 100


def run() -> None:
    harness.say('inventory: pages of a million rows')
    found = [
        figure
        for backend in (databases.MARIADB, databases.POSTGRESQL)
        for figure in _measure(backend)
    ]
    harness.figure('inventory.page_p99_ms', max(found), 'ms')


def _measure(backend: str) -> Iterator[float]:
    """Yield the p99 of each kind of page, ms."""
    with databases.Empty(backend) as empty:
        database = databases.connect(empty.url)
        try:
            migration.upgrade(database.engine)
            podm, most = _fill(database)
            for name, filters in {
                'all': {},
                'type': {'resource_type': most},
                'podm': {'podm_id': podm},
                'podm_type': {'podm_id': podm, 'resource_type': most},
            }.items():
                yield from _pages(database, f'{backend}_{name}', filters)
        finally:
            database.close()


def _fill(database: SqlDatabase) -> tuple[str, str]:
    """Write the rows; give a pod manager, and the type of most rows."""
    most, *others = list(ResourceType)
    kinds = [
        most if number % 2 else others[number // 2 % len(others)]
        for number in range(_EACH)
    ]
    table = models.resources
    for pod in range(_PODS):
        podm = _uuid(pod, 0)
        rows = [
            {
                'uuid': _uuid(pod, number + 1),
                'podm_id': podm,
                'resource_url': f'/redfish/v1/Things/{number}',
                'resource_type': kind,
                'created_at': pod,
                'updated_at': pod,
            }
            for number, kind in enumerate(kinds)
        ]
        with database.engine.begin() as connection:
            connection.execute(table.insert(), rows)
    with database.engine.connect() as connection:
        analyze = {'postgresql': 'ANALYZE resources'}.get(
            database.engine.dialect.name, 'ANALYZE TABLE resources'
        )
        connection.execute(sa.text(analyze))
        connection.commit()
    return _uuid(_PODS // 2, 0), most


def _uuid(pod: int, number: int) -> str:
    # Spread like those of the real table.
    scattered = (pod * 7919 + number * 104_729) % 2**32
    return f'{scattered:08x}-0000-5000-8000-{pod:06x}{number:06x}'


def _pages(
    database: SqlDatabase, name: str, filters: dict[str, object]
) -> Iterator[float]:
    """Time the first pages, and one that is as far as there are pages."""
    table = models.resources
    keys = [table.c.resource_type, table.c.podm_id, table.c.id]
    conditions = [
        table.c[column] == value for column, value in filters.items()
    ]
    with database.engine.connect() as connection:
        rows = connection.execute(
            sa.select(sa.func.count()).select_from(table).where(*conditions)
        ).scalar_one()
        last = max(min(rows, _FAR * _PAGE) - _PAGE, 1)
        markers = [
            connection.execute(
                sa.select(table.c.uuid)
                .where(*conditions)
                .order_by(*keys)
                .offset(position - 1)
                .limit(1)
            ).scalar_one()
            for position in (min(_PAGE, last), last)
        ]

    def read(marker: str | None) -> harness.Figures:
        times = []
        query = Query(filters=filters, limit=_PAGE, marker=marker)
        for _ in range(_COUNT):
            start = time.perf_counter()
            found = database.resources.list(query=query)
            orjson.dumps([row.resource_url for row in found])
            times.append((time.perf_counter() - start) * 1000)
        return {'median': harness.median(times), 'p99': harness.p99(times)}

    found = harness.alternate(
        {
            'first': lambda: read(None),
            'second': lambda: read(markers[0]),
            'far': lambda: read(markers[1]),
        },
        rounds=3,
    )
    # Every page but the first asks for its marker, in a statement more.
    for near in ('first', 'second'):
        harness.figure(
            f'inventory.page_far_vs_{near}_{name}',
            harness.ratio(found['far']['median'], found[near]['median']),
            'ratio',
        )
    p99 = max(max(side['p99']) for side in found.values())
    harness.figure(f'inventory.page_p99_ms_{name}', p99, 'ms')
    yield p99
