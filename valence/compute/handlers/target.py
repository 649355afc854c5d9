"""The base of actions on something that exists: find it, act, let it go."""

import abc
import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

from valence.common import exception
from valence.compute.handlers import pending
from valence.compute.handlers.pending import Timing
from valence.db.api import Database, Tables
from valence.objects.hardware import Pending
from valence.objects.task import Task
from valence.podm.base import Compute, Connection
from valence.podm.pool import Pool
from valence.tasks.handler import Handler
from valence.tasks.outcome import Completed, Outcome, Wait
from valence.tasks.run import TaskRun

#: In the memo: that it was sent, and nobody knows whether it arrived.
SENT = 'sent'
#: Errors after which nobody knows what the pod manager has done.
_MAY_HAVE_CHANGED = (
    exception.ChangeFailed,
    exception.NeedsAttention,
    exception.PodManagerConnectionLost,
    exception.PodManagerTimeout,
)


@dataclass(frozen=True, slots=True)
class Target:
    """What an action is for, at its pod manager."""

    connection: Connection
    compute: Compute
    url: str
    timing: Timing

    def keep(self, run: TaskRun, going_on: Pending | None) -> Wait | None:
        """Note a change that the pod manager goes on with, if it does."""
        return going_on and pending.keep(run, going_on, self.timing.poll)

    def follow(self, run: TaskRun, what: str) -> Wait | None:
        """Look how it goes on; None once the pod manager says no more.

        :raises ChangeFailed: if it says that it failed.
        """
        return pending.follow(
            run, self.connection, what=what, timing=self.timing
        )


class _Action(Handler):
    def __init__(
        self, database: Database, pool: Pool, *, timing: Timing
    ) -> None:
        self._database = database
        self._pool = pool
        self._timing = timing

    def may_stop(self, run: TaskRun) -> bool:
        begun = run.memo.keys() & {pending.MONITOR, SENT}
        return super().may_stop(run) and not begun

    def _target(self, podm_id: str, url: str) -> Target:
        podm = self._database.pod_managers.get(ident=podm_id)
        connection = self._pool.get(podm)
        return Target(connection, connection.compute, url, self._timing)

    def failed(
        self, tables: Tables, task: Task, error: exception.ValenceError
    ) -> None:
        # What was read before is not shown any more.
        if task.podm_id is not None and isinstance(error, _MAY_HAVE_CHANGED):
            tables.pod_managers.note_change(uuid=task.podm_id)

    @abc.abstractmethod
    def act(self, run: TaskRun, target: Target) -> Outcome:
        """Do it."""


class NodeAction(_Action):
    """An action on a composed node, which carries one at a time."""

    def run(self, run: TaskRun) -> Outcome:
        node = self._database.nodes.get(
            ident=run.task.resource_uuid or '', project_id=None
        )
        if node.podm_id is None or node.resource_url is None:
            raise exception.NodeNotReady(
                node=node.name, state=node.state, action=self.action
            )
        podm_id = node.podm_id
        outcome = self.act(run, self._target(podm_id, node.resource_url))

        def also(tables: Tables) -> None:
            _let_go(tables, run.task)
            tables.pod_managers.note_change(uuid=podm_id)

        return _with(outcome, also)

    def failed(
        self, tables: Tables, task: Task, error: exception.ValenceError
    ) -> None:
        super().failed(tables, task, error)
        _let_go(tables, task)


class SystemAction(_Action):
    """An action on a system."""

    def run(self, run: TaskRun) -> Outcome:
        uuid = run.task.resource_uuid or ''
        row = self._database.resources.get(uuid=uuid)
        if row is None:
            raise exception.SystemNotFound(system=uuid)
        podm_id = row.podm_id
        outcome = self.act(run, self._target(podm_id, row.resource_url))
        return _with(
            outcome,
            lambda tables: tables.pod_managers.note_change(uuid=podm_id),
        )


def _with(outcome: Outcome, also: Callable[[Tables], object]) -> Outcome:
    """Have something written when the task ends well."""
    if not isinstance(outcome, Completed):
        return outcome
    return dataclasses.replace(outcome, also=also)


def _let_go(tables: Tables, task: Task) -> None:
    tables.nodes.update(
        uuid=task.resource_uuid or '', values={'task_uuid': None}
    )
