"""The table of tasks, and what its tests do to it."""

from typing import Any

import fixtures

from tests.fixtures import database, rows
from valence.db.api import Claimed, Lease, Query
from valence.db.sqlalchemy import models, types
from valence.db.sqlalchemy.tasks import Tasks
from valence.objects.pod_manager import PodManager
from valence.objects.task import Task

SECOND = 1_000_000


class Queue(fixtures.Fixture):
    """A database, of which the tasks are of interest."""

    table: Tasks

    def __init__(self, backend: str = database.SQLITE) -> None:
        super().__init__()
        self._backend = backend

    def _setUp(self) -> None:
        self.made = self.useFixture(database.Database(self._backend))
        self.database = self.made.database
        self.table = self.database.tasks

    def add(self, **values: Any) -> str:
        return rows.add_task(self.database, **values)

    def add_pod_manager(self, **values: Any) -> PodManager:
        return rows.add_pod_manager(self.database, **values)

    def get(self, uuid: str) -> Task:
        return self.table.get(uuid=uuid)

    def all(self) -> set[str]:
        """Give the uuids of all tasks that there are."""
        return {task.uuid for task in self.table.list(query=Query())}

    def claim(self, **more: Any) -> list[Task]:
        return rows.claim(self.database, **more)

    def given(self, **more: Any) -> set[str]:
        """Claim, and give the uuids."""
        return {task.uuid for task in self.claim(**more)}

    def claim_with_full(self, **more: Any) -> Claimed:
        return rows.claim_with_full(self.database, **more)

    def claimed(self, **more: Any) -> tuple[Task, Lease]:
        """Add a task and claim it; give the task and its lease."""
        self.add()
        (task,) = self.claim(**more)
        return task, rows.lease_of(task)

    def taken_over(self) -> tuple[Task, Lease]:
        """Give a task as its second owner has it, and the lost lease."""
        _, lost = self.claimed(lease=0)
        (task,) = self.claim(owner='there:boot')
        return task, lost

    def waiting(self, delay: float = 600, **values: Any) -> str:
        """Add a task that waits."""
        uuid = self.add(**values)
        (task,) = self.claim()
        lease = rows.lease_of(task)
        self.table.wait(lease=lease, delay=delay, values={})
        return uuid

    def ended(self, state: str = 'completed', **values: Any) -> str:
        """Add a task that has ended."""
        uuid = self.add(**values)
        (task,) = self.claim()
        lease = rows.lease_of(task)
        self.table.finish(lease=lease, state=state, message='')
        return uuid

    def now(self) -> int:
        with self.database.engine.connect() as connection:
            return connection.execute(types.now()).scalar_one()

    def seconds_until(self, moment: int | None) -> float:
        """Give the seconds from now to a time that must be there."""
        assert moment is not None
        return (moment - self.now()) / SECOND

    def set_times(self, uuid: str, **seconds: float) -> None:
        """Set columns to the time of now, and so many seconds later."""
        with self.database.engine.begin() as connection:
            connection.execute(
                models.tasks.update()
                .where(models.tasks.c.uuid == uuid)
                .values(
                    {
                        name: types.now() + int(value * SECOND)
                        for name, value in seconds.items()
                    }
                )
            )
