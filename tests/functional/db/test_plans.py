"""The queue stays fast however many tasks have ended: plans of the claim."""

import sqlalchemy as sa
import testtools

from tests.fixtures import database
from valence.db.sqlalchemy import tasks

_VALUES = {'topic': 'valence-compute', 'most': 8}


class ClaimPlan(testtools.TestCase):
    """Claims go through the index on the topic and the time.

    A condition that the index cannot be searched by would read the row of
    every task that there ever was.
    """

    def explained(self, backend: str, *before: str) -> str:
        made = self.useFixture(database.Database(backend))
        engine = made.database.engine
        claim = tasks._DUE.compile(
            engine, compile_kwargs={'render_postcompile': True}
        )
        with engine.connect() as connection:
            for statement in before:
                connection.execute(sa.text(statement))
            plan = connection.exec_driver_sql(
                f'EXPLAIN {claim}', claim.construct_params(_VALUES)
            )
            return '\n'.join(str(row) for row in plan)

    def test_postgresql(self) -> None:
        plan = self.explained(
            database.POSTGRESQL,
            # An empty table is read whole otherwise.
            'SET enable_seqscan = off',
            'SET enable_bitmapscan = off',
        )
        (condition,) = [
            line for line in plan.splitlines() if 'Index Cond' in line
        ]
        self.assertIn('topic', condition)
        self.assertIn('due_at', condition)

    def test_mariadb(self) -> None:
        plan = self.explained(database.MARIADB)
        self.assertIn('idx_tasks_due', plan)
        self.assertIn("'range'", plan)
