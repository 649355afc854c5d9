"""Many composes at once: each ends, and no system is given away twice."""

import concurrent.futures
from typing import Any

import testtools

from tests import fixtures
from tests.fixtures.stack import Stack
from tests.functional.flow.base import database_url
from valence.simulator.server import Simulator

PODS = 4
SYSTEMS = 50


class ManyComposes(testtools.TestCase):
    def test_every_system_is_composed_exactly_once(self) -> None:
        pods = self.enterContext(
            Simulator(pods=PODS, systems=SYSTEMS, assembly_ms=100)
        )
        stack = self.useFixture(
            Stack(
                database_url('postgresql'),
                fixtures.shared_rabbitmq().new_vhost(),
                computes=2,
            )
        )
        rest = stack.rest
        for number, url in enumerate(pods.urls):
            rest.register(f'pod{number}', url)

        def compose(number: int) -> Any:
            return rest.accepted('POST', '/v1/nodes', {'name': f'n{number}'})

        with concurrent.futures.ThreadPoolExecutor(16) as clients:
            accepted = list(clients.map(compose, range(PODS * SYSTEMS)))
        tasks = [rest.ended(answer['task_uuid']) for answer in accepted]

        self.assertEqual({'Completed'}, {task['status'] for task in tasks})
        nodes = rest.get('/v1/nodes')
        self.assertEqual(PODS * SYSTEMS, len(nodes))
        self.assertEqual(
            [[]] * PODS, [pod.free_systems() for pod in pods.pods]
        )
        systems = rest.get('/v1/systems')
        self.assertEqual(
            sorted(node['uuid'] for node in nodes),
            sorted(system['node_uuid'] for system in systems),
        )
