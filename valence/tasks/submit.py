"""The way in: a task is written with what it reserves, then the bell rings."""

from collections.abc import Callable

from valence.db.api import Database, Tables
from valence.objects.task import NewTask
from valence.tasks.doorbell import Doorbell


class Submitter:
    """Creates tasks; what it accepted is never lost."""

    def __init__(self, database: Database, doorbell: Doorbell) -> None:
        self._database = database
        self._doorbell = doorbell

    def submit(
        self, task: NewTask, also: Callable[[Tables], object] | None = None
    ) -> None:
        """Write a task and what belongs to it in one transaction, and ring.

        :param also: writes or reserves the resource that the task changes;
            what it raises leaves nothing written. It may run twice.
        """

        def work(tables: Tables) -> None:
            if also is not None:
                also(tables)
            tables.tasks.create(task=task)

        self._database.write(work)
        self._doorbell.ring(task.topic)
