"""The queue stays fast however many tasks have ended: plans of the claim."""

import json
import re

import sqlalchemy as sa
import testtools

from tests.fixtures import database
from tests.unit.db import queue
from valence.db.sqlalchemy import models

#: Enough that no planner finds it cheaper to read all.
_ENDED = 2000

_DUE = 'idx_tasks_due', {'topic', 'short', 'due_at'}
_RUNNING_THERE = 'idx_tasks_state', {'state', 'podm_id'}
_RUNNING = 'idx_tasks_state', {'state'}
_THESE = 'primary', {'id'}
#: Of the tasks, as PostgreSQL calls them.
_INDEXES = {each.name: each.name for each in models.tasks.indexes}
_INDEXES |= {'tasks_pkey': 'primary', 'uniq_tasks_uuid': 'uniq_tasks_uuid'}


class Plans:
    """Each statement of a claim goes through an index.

    A condition that an index cannot be searched by would read the row of
    every task that there ever was.
    """

    backend: str
    explain: str
    analyze: str

    def setUp(self):
        super().setUp()
        self.queue = self.useFixture(queue.Queue(self.backend))
        self.plans = []

    def fill(self):
        """Add many tasks that have ended."""
        self.queue.ended()
        columns = [each for each in models.tasks.c if each.name != 'id']
        engine = self.queue.database.engine
        with engine.begin() as connection:
            row = connection.execute(sa.select(*columns)).one()._asdict()
            connection.execute(
                models.tasks.insert(),
                [{**row, 'uuid': str(each)} for each in range(_ENDED)],
            )
        with engine.connect() as connection:
            connection.exec_driver_sql(self.analyze)
            connection.commit()

    def note_plans(self):
        """Have each statement explained before it is executed."""

        @sa.event.listens_for(
            self.queue.database.engine, 'before_cursor_execute'
        )
        def _explain(connection, cursor, statement, parameters, *_rest):
            cursor.execute(f'{self.explain} {statement}', parameters)
            plan = cursor.fetchone()[0]
            if isinstance(plan, str):
                plan = json.loads(plan)
            self.plans += self.accesses(plan)

    def accesses(self, plan):
        """Give index and columns of each access to the tasks in a plan."""
        if isinstance(plan, list):
            return [each for part in plan for each in self.accesses(part)]
        if not isinstance(plan, dict):
            return []
        return [*self.access(plan), *self.accesses(list(plan.values()))]

    def test_claim(self):
        self.fill()
        podm = self.queue.add_pod_manager(max_tasks=1)
        for _ in range(2):
            self.queue.add(podm_id=podm.uuid)
        self.note_plans()
        self.assertEqual(1, len(self.queue.claim()))
        wanted = [
            # What is due, short and long.
            _DUE,
            _DUE,
            # How many slots are used; one is free.
            _RUNNING_THERE,
            _THESE,
            # Which are all used; a planner may begin with either table.
            _RUNNING,
            # What is due elsewhere.
            _DUE,
            _DUE,
            _THESE,
        ]
        names = [name for name, _columns in self.plans]
        self.assertEqual([name for name, _columns in wanted], names)
        for (name, least), (_name, columns) in zip(
            wanted, self.plans, strict=True
        ):
            self.assertTrue(least <= columns, (name, columns))


class MariadbPlans(Plans, testtools.TestCase):
    backend = database.MARIADB
    explain = 'EXPLAIN FORMAT=JSON'
    analyze = 'ANALYZE TABLE tasks'

    def access(self, part):
        if part.get('table_name') != 'tasks':
            return []
        key = part.get('key', 'all rows')
        return [(key.lower(), set(part.get('used_key_parts', ())))]


class PostgresqlPlans(Plans, testtools.TestCase):
    backend = database.POSTGRESQL
    explain = 'EXPLAIN (FORMAT JSON)'
    analyze = 'ANALYZE tasks'

    def access(self, part):
        if part.get('Node Type') == 'Seq Scan':
            rows = [('all rows', set())]
            return rows if part['Relation Name'] == 'tasks' else []
        index = _INDEXES.get(part.get('Index Name'))
        if index is None:
            return []
        words = set(re.findall(r'\w+', part.get('Index Cond', '')))
        return [(index, words & set(models.tasks.c.keys()))]
