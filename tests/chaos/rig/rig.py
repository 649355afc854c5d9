"""The whole house, to which things are done: servers, pods, Valence."""

import concurrent.futures
import itertools
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import fixtures
import requests
import sqlalchemy as sa

from tests import fixtures as servers
from tests.chaos.rig import faults, load, verdict
from tests.chaos.rig.plan import MARIADB, Plan
from tests.chaos.rig.pods import Pods
from tests.fixtures import mariadb, postgresql, rabbitmq, rest
from tests.fixtures.proxy import Proxy
from tests.fixtures.stack import Stack

_PATIENCE = 120
#: Milliseconds that a pod manager takes, from and to.
_LATENCY = (5, 60)
_ASSEMBLY = (100, 600)
_PAGE = 1000
#: Seconds in which every service has found back.
_BACK = 30


class Rig(fixtures.Fixture):
    """Pod managers, each with room enough, registered at a whole Valence.

    :param chance: what all random choices come from.
    :ivar proxy: the cable to the broker, if the plan has one.
    :ivar podms: uuids of the pod managers, in the order of ``pods.urls``.
    """

    broker: rabbitmq.RabbitMQ
    database: mariadb.MariaDB | postgresql.PostgreSQL
    pods: Pods
    stack: Stack
    services: faults.Services
    clients: load.Clients
    proxy: Proxy
    podms: Sequence[str]

    def __init__(self, chance: random.Random, plan: Plan) -> None:
        super().__init__()
        self.random = chance
        self.plan = plan

    def _setUp(self) -> None:
        self._start_servers()
        self._start_pods()
        self.stack = self.useFixture(
            Stack(
                self._database_url(),
                self._transport_url(),
                conductors=self.plan.conductors,
                computes=self.plan.computes,
                networks=self.plan.others,
                storages=self.plan.others,
                options=self.plan.options(),
                env=self.plan.env,
            )
        )
        self.services = faults.Services(self.stack)
        # Quicker than in order, and row 17 is about that.
        self.addCleanup(self.services.kill_all)
        self.rest = self.stack.rest
        self.podms = self._register()
        self.clients = load.Clients(
            self.stack.url, self._bodies().__next__, self.plan.clients
        )

    def _start_servers(self) -> None:
        plan = self.plan
        if plan.own_broker or plan.proxied:
            self.broker = self.useFixture(rabbitmq.RabbitMQ())
        else:
            self.broker = servers.shared_rabbitmq()
        maria = plan.database == MARIADB
        if plan.own_database:
            # A crash of the server alone loses nothing that "fast" risks.
            kind = mariadb.MariaDB if maria else postgresql.PostgreSQL
            self.database = self.useFixture(kind(fast=True))
        elif maria:
            self.database = servers.shared_mariadb()
        else:
            self.database = servers.shared_postgresql()

    def _start_pods(self) -> None:
        plan = self.plan
        self.pods = self.useFixture(Pods(plan.pods, systems=plan.systems))
        for url in self.pods.urls:
            self.pods.set_modes(
                url,
                latency_ms=self.random.randint(*_LATENCY),
                assembly_ms=self.random.randint(*_ASSEMBLY),
            )
            self.pods.set_modes(url, **plan.modes)

    def _database_url(self) -> str:
        url = self._url = self.database.new_database()
        if self.plan.unprivileged and isinstance(
            self.database, mariadb.MariaDB
        ):
            return self.database.unprivileged(url)
        return url

    def _transport_url(self) -> str:
        self.transport = self.broker.new_vhost()
        if not self.plan.proxied:
            return self.transport
        self.proxy = self.useFixture(Proxy(self.broker.port))
        return self.transport.replace(
            f':{self.broker.port}/', f':{self.proxy.port}/'
        )

    def _register(self) -> list[str]:
        """Register all pod managers, several at a time, and sync them."""
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            uuids = list(pool.map(self._register_one, self.pods.urls))
        synced = faults.wait_until(
            lambda: all(
                podm['synced_at'] for podm in self.rest.get('/v1/pod_managers')
            ),
            _PATIENCE,
        )
        assert synced, self.rest.get('/v1/pod_managers')
        return uuids

    def _register_one(self, url: str) -> str:
        name = f'pod-{url.rpartition(":")[2]}'
        body = rest.pod_manager(name, url, max_tasks=self.plan.max_tasks)
        answer = self.rest.request('POST', '/v1/pod_managers', body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()['uuid'])

    def _bodies(self) -> Iterator[load.Body]:
        """Give bodies of nodes: half of them leave the choice to us."""
        podms = list(self.podms)
        self.random.shuffle(podms)
        for number in itertools.count():
            body = {'name': f'node-{number}'}
            if number % 2:
                body['podm_id'] = podms[number // 2 % len(podms)]
            yield body

    # What the tests do with it

    def compose(self, count: int, *, patience: float = 0) -> load.Series:
        """Ask for so many nodes; see Clients.compose."""
        return self.clients.compose(count, patience=patience)

    def bells_ring(self, seconds: float = 3) -> bool:
        """Compose two nodes; tell whether nobody had to wait for a sweep.

        Of use only where sweeps are seldom.
        """
        asked = self.compose(2).accepted
        return faults.wait_until(
            lambda: all(
                self.task(reply)['status'] != 'In Progress' for reply in asked
            ),
            seconds,
        )

    def in_background(
        self, work: Callable[[], load.Series]
    ) -> 'concurrent.futures.Future[load.Series]':
        """Let the clients work while something is done to the house."""
        pool = concurrent.futures.ThreadPoolExecutor(1)
        self.addCleanup(pool.shutdown)
        return pool.submit(work)

    def kill_random(self, kind: str) -> str:
        """Crash one of a kind, as its machine would; give its name."""
        name = self.random.choice(self.services.names(kind))
        self.services.crash(name)
        return name

    @property
    def accepted(self) -> list[load.Reply]:
        """Give what was accepted so far, each task once."""
        found = {
            reply.task_uuid: reply
            for reply in self.clients.all
            if reply.status == 202
        }
        return list(found.values())

    def open_tasks(self) -> set[str]:
        """Give the accepted tasks that have not ended."""
        running = self.rest.get(
            '/v1/tasks?action=compose_node&status=In%20Progress&fields=uuid'
        )
        open_ = {task['uuid'] for task in running}
        return open_ & {reply.task_uuid for reply in self.accepted}

    def wait_for_tasks(self, seconds: float = _PATIENCE) -> float:
        """Wait until all accepted tasks have ended; give how long it took.

        That some have not is for the verdict to say.
        """
        start = time.monotonic()
        while time.monotonic() < start + seconds:
            try:
                if not self.open_tasks():
                    break
            except (AssertionError, requests.RequestException):
                # The house may be on fire still.
                time.sleep(0.5)
            time.sleep(0.1)
        return time.monotonic() - start

    def answers(self) -> bool:
        """Tell whether the API answers."""
        try:
            answer = self.rest.request('GET', '/v1/tasks?limit=1')
        except requests.ConnectionError:
            return False
        return answer.status_code == 200

    def is_well(self) -> bool:
        """Tell whether all is well, by the API's own word."""
        return self.rest.request('GET', '/healthcheck').status_code == 200

    def wait_until_answers(self, seconds: float = _BACK) -> bool:
        """Wait until the API answers; tell whether it does."""
        return faults.wait_until(self.answers, seconds)

    def query(self, statement: str) -> list[Sequence[Any]]:
        """Give the rows of a statement, past Valence."""
        engine = sa.create_engine(self._url)
        try:
            with engine.connect() as connection:
                rows = connection.execute(sa.text(statement)).all()
        finally:
            engine.dispose()
        return [list(row) for row in rows]

    def task(self, reply: load.Reply) -> Any:
        """Give the record of an accepted task."""
        return self.rest.get(f'/v1/tasks/{reply.task_uuid}')

    def verdict(self) -> verdict.Verdict:
        """Judge, once everything has ended and is well again."""
        self.stack.wait_until_up()
        return verdict.judge(
            self.accepted,
            tasks=self._all('/v1/tasks?action=compose_node'),
            nodes=self._all('/v1/nodes?'),
            podms=dict(zip(self.podms, self.pods.urls, strict=True)),
            made=self.pods.made(),
        )

    def _all(self, path: str) -> list[Mapping[str, Any]]:
        """Give a list of any length, page by page."""
        found: list[Mapping[str, Any]] = []
        while True:
            marker = f'&marker={found[-1]["uuid"]}' if found else ''
            page = self._get(f'{path}&limit={_PAGE}{marker}')
            found += page
            if len(page) < _PAGE:
                return found

    def _get(self, path: str) -> Any:
        """Get what is there, even if who knows of it is only coming back."""
        end = time.monotonic() + _BACK
        answer = self.rest.request('GET', path)
        while answer.status_code == 503 and time.monotonic() < end:
            time.sleep(0.5)
            answer = self.rest.request('GET', path)
        assert answer.status_code == 200, answer.text
        return answer.json()
