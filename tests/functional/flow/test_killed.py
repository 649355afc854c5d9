"""Workers that are killed: each task ends all the same, and only once."""

import concurrent.futures
import time
from typing import Any

import testtools

from tests import fixtures
from tests.fixtures.stack import Stack
from tests.functional.flow.base import database_url
from valence.simulator.server import Simulator

PODS = 2
SYSTEMS = 30
#: Seconds between two deaths of a worker.
PAUSE = 1.5


class KilledWorkers(testtools.TestCase):
    def test_every_task_ends_and_nothing_is_made_twice(self) -> None:
        pods = self.enterContext(
            Simulator(
                pods=PODS, systems=SYSTEMS, assembly_ms=500, latency_ms=30
            )
        )
        stack = self.useFixture(
            Stack(
                database_url('mariadb'),
                fixtures.shared_rabbitmq().new_vhost(),
                computes=2,
                options={
                    'tasks': ['lease = 4', 'sweep_interval = 0.5'],
                    'http_client': ['change_timeout = 5'],
                },
            )
        )
        rest = stack.rest
        for number, url in enumerate(pods.urls):
            rest.register(f'pod{number}', url)

        def compose(number: int) -> Any:
            return rest.accepted('POST', '/v1/nodes', {'name': f'n{number}'})

        with concurrent.futures.ThreadPoolExecutor(8) as clients:
            accepted = list(clients.map(compose, range(PODS * SYSTEMS)))
        in_hand = 0
        for victim in ('compute1', 'compute2', 'conductor1', 'compute1'):
            in_hand += len(rest.get('/v1/tasks?state=running'))
            stack.processes[victim].kill()
            time.sleep(PAUSE)
            stack.start(victim)
        tasks = [rest.ended(answer['task_uuid']) for answer in accepted]

        self.assertEqual(
            [], [task for task in tasks if task['status'] != 'Completed']
        )
        made = [
            node.description
            for pod in pods.pods
            for node in pod.nodes.values()
        ]
        self.assertEqual(
            sorted(f'valence-{answer["uuid"]}' for answer in accepted),
            sorted(made),
        )
        # Otherwise nothing was shown.
        self.assertGreater(in_hand, 0)
