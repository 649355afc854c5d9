"""Chooses the pod manager of a node, and hands the task to compute.

The task comes back here when the chosen one had nothing that matches;
``memo['tried']`` holds those, with what they said.
"""

from valence.common import exception
from valence.compute import rpcapi as compute
from valence.conductor.scheduler import Scheduler
from valence.db.api import Tables
from valence.objects.task import Task
from valence.tasks.handler import Handler
from valence.tasks.outcome import HandOver, Outcome
from valence.tasks.run import TaskRun


class Schedule(Handler):
    action = 'compose_node'

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler

    def run(self, run: TaskRun) -> Outcome:
        run.progress('schedule', 0, 'Choosing a pod manager')
        tried: dict[str, str] = run.memo.get('tried', {})
        choice = self._scheduler.choose(excluded=tried)
        node = run.task.resource_uuid
        assert node is not None  # noqa: S101 - every compose has its node
        deleted = []
        for podm_id in choice.ranked:
            try:
                self._scheduler.place(node, podm_id, run.lease)
            except (exception.Busy, exception.PodManagerNotFound) as error:
                deleted.append(error.detail)
                continue
            return HandOver(compute.TOPIC, podm_id=podm_id)
        raise exception.NoMatchingSystem(
            detail='No pod manager can compose this node.',
            reasons=[*choice.reasons(), *deleted, *tried.values()],
        )

    def failed(
        self, tables: Tables, task: Task, error: exception.ValenceError
    ) -> None:
        if task.resource_uuid is not None:
            tables.nodes.delete(uuid=task.resource_uuid)
