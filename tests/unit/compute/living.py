"""Compute and the conductor as they work: SQLite, and simulated pod managers.

Workers run only while a test waits for something, so that it can make the
world different before they go on.
"""

import dataclasses
import threading
from collections.abc import Callable
from typing import Any

import fixtures

from tests.fixtures import database, rows
from tests.unit.tasks import working
from valence.common import http_addresses
from valence.common.cache import Cache, make_region
from valence.common.http_client import Limits
from valence.compute import rpcapi as compute
from valence.compute.handlers.boot import BootNode, BootSystem
from valence.compute.handlers.compose import Compose
from valence.compute.handlers.decompose import Decompose
from valence.compute.handlers.manage import Manage
from valence.compute.handlers.pending import Timing
from valence.compute.handlers.power import ResetNode, ResetSystem
from valence.conductor import rpcapi as conductor
from valence.conductor.handlers.delete_pod_manager import DeletePodManager
from valence.conductor.handlers.probe import Probe
from valence.conductor.handlers.schedule import Schedule
from valence.conductor.handlers.sync import Sync
from valence.conductor.rounds import Rounds
from valence.conductor.scheduler import Scheduler
from valence.conf import CONF
from valence.db.api import Query
from valence.objects.node import Node, node_tag
from valence.objects.pod_manager import PodManager
from valence.objects.task import Task
from valence.podm.live import Live
from valence.podm.pool import Pool
from valence.podm.readers import Readers
from valence.simulator.pod import Pod
from valence.simulator.server import Simulator
from valence.tasks.breaker import Breaker
from valence.tasks.doorbell import Doorbell
from valence.tasks.handler import Handler
from valence.tasks.progress import Progress
from valence.tasks.run import TaskRun
from valence.tasks.turn import Turns
from valence.tasks.worker import Worker

#: What no simulated system has.
TOO_MUCH = {'memory': {'capacity_mib': 10**9}}


class Living(fixtures.Fixture):
    """Pod managers, their records, and what works on them.

    :param failures: after which pod managers are left alone; None for never.
    :param backend: of the database.
    :param options: of the simulator.
    """

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        failures: int | None = None,
        backend: str = database.SQLITE,
        **options: Any,
    ) -> None:
        super().__init__()
        self._backend = backend
        self._limits = dataclasses.replace(
            limits or Limits(timeout=20, change_timeout=20),
            allowed_networks=http_addresses.LOOPBACK,
        )
        self._failures = failures
        self._options = {'systems': 3, 'assembly_ms': 1, **options}

    def _setUp(self) -> None:
        self.logger = self.useFixture(fixtures.FakeLogger())
        self.simulator = Simulator(**self._options)
        self.simulator.start()
        self.addCleanup(self.simulator.stop)
        self.made_database = self.useFixture(database.Database(self._backend))
        self.database = self.made_database.database
        self.podms = [self._record(url) for url in self.simulator.urls]
        self.handlers = self.make_handlers()

    def _record(self, url: str) -> PodManager:
        return rows.add_pod_manager(self.database, url=url)

    @property
    def podm(self) -> PodManager:
        return self.podms[0]

    @property
    def pod(self) -> Pod:
        """The state of the first pod manager."""
        return self.simulator.pods[0]

    def make_pool(self) -> Pool:
        breaker = None
        if self._failures is not None:
            breaker = Breaker(
                self.database, failures=self._failures, pause=600
            )
        pool = Pool(self._limits, breaker)
        self.addCleanup(pool.close)
        return pool

    def make_live(
        self, pool: Pool, ttl: float = 60, deadline: float = 20
    ) -> Live:
        """Give what remembers what pod managers told, in memory."""
        region = make_region(CONF, 16 * 1024 * 1024)
        readers = Readers(width=4, most=16, each=4)
        return Live(pool, Cache(region), readers, ttl=ttl, deadline=deadline)

    def make_rounds(self, probe_pause: float = 600) -> Rounds:
        """Give what writes the tasks that are due; it is not started."""
        return Rounds(
            self.database,
            Doorbell(working.Bells()),
            interval=600,
            probe_pause=probe_pause,
        )

    def make_handlers(
        self, give_up: float = 600, settle: float = 0.05
    ) -> dict[str, list[Handler]]:
        """Give the handlers of a new process, by topic."""
        opened, pool = self.database, self.make_pool()
        timing = Timing(poll=0.01, settle=settle, give_up=give_up)
        return {
            conductor.TOPIC: [
                Schedule(Scheduler(opened)),
                Sync(opened, pool, interval=600),
                Probe(opened, pool),
                DeletePodManager(opened, pool),
            ],
            compute.TOPIC: [
                Compose(opened, pool, host='here', timing=timing),
                Decompose(opened, pool, timing=timing),
                Manage(opened, pool, host='here'),
                ResetNode(opened, pool, timing=timing),
                ResetSystem(opened, pool, timing=timing),
                BootNode(opened, pool, timing=timing),
                BootSystem(opened, pool, timing=timing),
            ],
        }

    def restart(self, **options: Any) -> None:
        """Forget connections and roots, as a new process would not know."""
        self.handlers = self.make_handlers(**options)

    # Tasks

    def submit(self, action: str, topic: str, **values: Any) -> str:
        return rows.add_task(
            self.database, action=action, topic=topic, **values
        )

    def workers(self) -> list[Worker]:
        return [
            Worker(
                topic,
                handlers,
                database=self.database,
                doorbell=Doorbell(working.Bells()),
                owner=rows.OWNER,
                threads=2,
                short_threads=0,
                lease=30,
                sweep_interval=0.02,
            )
            for topic, handlers in self.handlers.items()
        ]

    def work_until(self, condition: Callable[[], Any]) -> None:
        """Let workers work until something is true."""
        workers = self.workers()
        for worker in workers:
            worker.start()
        working.wait_until(condition)
        # None takes anything more while the others stop.
        for worker in workers:
            worker.pause(True)
        for worker in workers:
            worker.stop()

    def get(self, uuid: str) -> Task:
        return self.database.tasks.get(uuid=uuid)

    def finish(self, uuid: str) -> Task:
        """Let workers work until a task has ended; give it."""
        self.work_until(lambda: self.get(uuid).ended)
        return self.get(uuid)

    def wait_for_state(self, uuid: str, state: str) -> None:
        """Let workers work until a task is in a state."""
        self.work_until(lambda: self.get(uuid).state == state)

    def wait_for_memo(self, uuid: str, *names: str) -> Task:
        """Let workers work until a task has noted something; give it.

        It is waiting then, and no worker works any more.
        """

        def noted() -> bool:
            task = self.get(uuid)
            return task.ended or task.memo.keys() >= {*names}

        self.work_until(noted)
        task = self.get(uuid)
        assert not task.ended, task
        return task

    def turn_on(self, task: Task) -> tuple[TaskRun, threading.Thread]:
        """Have a claimed task go on, by a worker that thinks it is alone."""
        run = TaskRun(
            task,
            podm=rows.pod_manager_of(self.database, task),
            owner=task.owner or '',
            lease=30,
            database=self.database,
            progress=Progress(self.database),
        )
        turns = Turns(
            self.handlers[task.topic],
            database=self.database,
            doorbell=Doorbell(working.Bells()),
            waiting=lambda delay: None,
        )
        thread = threading.Thread(target=turns.take, args=[run])
        thread.start()
        return run, thread

    def die(self, topic: str = compute.TOPIC) -> Task:
        """Claim a task, as a worker that dies before it has done anything."""
        (task,) = working.wait_until(
            lambda: rows.claim(self.database, topic=topic, lease=0)
        )
        return task

    # Nodes

    def begin_node(
        self,
        name: str = 'web',
        podm: PodManager | None = None,
        properties: dict[str, Any] | None = None,
        deadline: float | None = None,
    ) -> tuple[str, str]:
        """Ask for a node, as the API does; give its uuid and its task's."""
        podm_id = podm.uuid if podm else None
        values = rows.node(name=name, state='composing', podm_id=podm_id)
        task = rows.new_task(
            action='compose_node',
            topic=compute.TOPIC if podm else conductor.TOPIC,
            request={
                'name': name,
                'description': '',
                'podm_id': podm_id,
                'properties': properties or {},
            },
            podm_id=podm_id,
            resource_type='node',
            resource_uuid=values['uuid'],
            deadline=deadline,
        )
        self.database.nodes.create(values={**values, 'task_uuid': task.uuid})
        self.database.tasks.create(task=task)
        return values['uuid'], task.uuid

    def compose(self, **values: Any) -> tuple[str, Task]:
        """Have a node composed; give its uuid and the task as it ended."""
        uuid, task_uuid = self.begin_node(**values)
        return uuid, self.finish(task_uuid)

    def composed(self, **values: Any) -> Node:
        """Give a node that was composed at the first pod manager."""
        uuid, task = self.compose(**{'podm': self.podm, **values})
        assert task.state == 'completed', task
        return self.node(uuid)

    def begin(
        self,
        action: str,
        node: Node,
        deadline: float | None = None,
        **request: Any,
    ) -> str:
        """Ask for a change of a node, as the API does; give the task's uuid.

        A deletion goes back to the state that the node has now.
        """
        if action == 'delete_node':
            request.setdefault('was', node.state)
        task = rows.new_task(
            action=action,
            topic=compute.TOPIC,
            request=request,
            podm_id=node.podm_id,
            resource_type='node',
            resource_uuid=node.uuid,
            deadline=deadline,
        )
        state = 'deleting' if action == 'delete_node' else None
        self.database.nodes.reserve(
            uuid=node.uuid, task_uuid=task.uuid, state=state
        )
        self.database.tasks.create(task=task)
        return task.uuid

    def act(self, action: str, node: Node, **values: Any) -> Task:
        """Do something with a node; give the task as it ended."""
        return self.finish(self.begin(action, node, **values))

    def sync(self) -> Task:
        return self.finish(
            self.submit(
                'sync_pod_manager', conductor.TOPIC, podm_id=self.podm.uuid
            )
        )

    def node(self, uuid: str) -> Node:
        return self.database.nodes.get(ident=uuid, project_id=None)

    def nodes(self) -> list[Node]:
        return list(self.database.nodes.list(query=Query()))

    def made(self, pod: int = 0) -> list[str]:
        """Give the descriptions of the nodes that a pod manager has."""
        found = list(self.simulator.pods[pod].nodes.values())
        return [node.description for node in found]

    def ever_made(self, pod: int = 0) -> list[str]:
        """Give the descriptions of all nodes that were ever asked for."""
        return [made.description for made in self.simulator.pods[pod].made]

    def tags(self, *uuids: str) -> list[str]:
        return [node_tag(uuid) for uuid in uuids]

    def change(self, podm: PodManager, **values: Any) -> PodManager:
        return self.database.pod_managers.update(uuid=podm.uuid, values=values)

    def record(self, podm: PodManager) -> PodManager:
        return self.database.pod_managers.get(ident=podm.uuid)

    def with_wrong_password(self) -> PodManager:
        return self.change(
            self.podm, authentication=rows.basic(password='wrong')
        )
