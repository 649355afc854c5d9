"""The base of actions on something that exists: find it, act, let it go."""

import abc
from dataclasses import dataclass

from valence.common import exception
from valence.db.api import Database, Tables
from valence.objects.task import Task
from valence.podm.base import Compute
from valence.podm.pool import Pool
from valence.tasks.handler import Handler
from valence.tasks.outcome import Completed, Outcome
from valence.tasks.run import TaskRun


@dataclass(frozen=True, slots=True)
class Target:
    """What an action is for, at its pod manager."""

    compute: Compute
    url: str


class _Action(Handler):
    def __init__(self, database: Database, pool: Pool) -> None:
        self._database = database
        self._pool = pool

    def _target(self, podm_id: str, url: str) -> Target:
        podm = self._database.pod_managers.get(ident=podm_id)
        return Target(self._pool.get(podm).compute, url)

    @abc.abstractmethod
    def act(self, run: TaskRun, target: Target) -> Completed:
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
        done = self.act(run, self._target(node.podm_id, node.resource_url))
        return Completed(
            done.message,
            result=done.result,
            also=lambda tables: _let_go(tables, run.task),
        )

    def failed(
        self, tables: Tables, task: Task, error: exception.ValenceError
    ) -> None:
        _let_go(tables, task)


class SystemAction(_Action):
    """An action on a system."""

    def run(self, run: TaskRun) -> Outcome:
        uuid = run.task.resource_uuid or ''
        row = self._database.resources.get(uuid=uuid)
        if row is None:
            raise exception.SystemNotFound(system=uuid)
        return self.act(run, self._target(row.podm_id, row.resource_url))


def _let_go(tables: Tables, task: Task) -> None:
    tables.nodes.update(
        uuid=task.resource_uuid or '', values={'task_uuid': None}
    )
