"""What the stories of the flow have in common: a whole Valence, and pods.

The stack of a class is shared by its tests, so each uses names of its own
and leaves the pod managers as they were.
"""

from typing import Any, ClassVar

import testtools

from tests import fixtures
from tests.fixtures.rest import RestClient
from tests.fixtures.stack import Stack
from valence.simulator.server import Simulator

PODS = 2
SYSTEMS = 10


def database_url(kind: str) -> str:
    """Give an empty database on the shared server of a kind."""
    if kind == 'mariadb':
        return fixtures.shared_mariadb().new_database()
    return fixtures.shared_postgresql().new_database()


class FlowCase(testtools.TestCase):
    """Two pod managers of ten systems, registered as pod0 and pod1."""

    kind: ClassVar[str]
    stack: ClassVar[Stack]
    pods: ClassVar[Simulator]
    rest: ClassVar[RestClient]
    podms: ClassVar[list[Any]]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.pods = Simulator(pods=PODS, systems=SYSTEMS, assembly_ms=100)
        cls.enterClassContext(cls.pods)
        cls.stack = cls.enterClassContext(
            Stack(
                database_url(cls.kind),
                fixtures.shared_rabbitmq().new_vhost(),
                computes=2,
                options={
                    'DEFAULT': ['rpc_call_timeout = 5'],
                    'conductor': ['probe_timeout = 2'],
                    'http_client': ['connect_timeout = 2'],
                },
            )
        )
        cls.rest = cls.stack.rest
        cls.podms = [
            cls.rest.register(f'pod{number}', url)
            for number, url in enumerate(cls.pods.urls)
        ]

    def nodes_at_pods(self) -> int:
        """Count what is composed, at the pod managers themselves."""
        return sum(len(pod.nodes) for pod in self.pods.pods)
