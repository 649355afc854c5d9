"""What a handler is: the story of one kind of task."""

import abc

from valence.common import exception
from valence.db.api import Tables
from valence.objects.task import Task
from valence.tasks.outcome import Outcome, Wait
from valence.tasks.run import TaskRun


class Handler(abc.ABC):
    """Works on the tasks of one action. Thread-safe: it keeps no state.

    A task may come again, to any worker, from wherever it was left: after a
    wait, and after the death of the one who had it. ``run.memo`` tells what
    was written down, and the pod manager what became true.
    """

    action: str

    @abc.abstractmethod
    def run(self, run: TaskRun) -> Outcome:
        """Go on with a task.

        :raises ValenceError: to end it as failed, told to the user as it is.
        """

    def may_stop(self, run: TaskRun) -> bool:
        """Tell whether a task can be stopped so that nothing has changed.

        Else it goes on to its end, although it was cancelled.
        """
        return not run.ever_taken_over

    def undo(self, run: TaskRun) -> Wait | None:  # noqa: B027 - most need none
        """Take back what was done so far, since the task is stopped.

        :returns: Wait to be called again, None once nothing is left.
        :raises NeedsAttention: if it cannot be taken back.
        """

    def failed(  # noqa: B027 - most need it, not all
        self, tables: Tables, task: Task, error: exception.ValenceError
    ) -> None:
        """Write what a failure, or the stop, means for the resource.

        It runs in the transaction that ends the task, and may run twice.
        """
