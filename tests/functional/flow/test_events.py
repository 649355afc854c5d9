"""What is changed at a pod manager behind our back is seen within seconds.

Whatever the time that answers are kept for: by events that are sent, and by
such that are read from a stream, also after the conductor that read it died.
"""

from collections.abc import Callable
from typing import Any, ClassVar

import requests
import testtools

from tests import fixtures
from tests.fixtures.rest import RestClient
from tests.fixtures.stack import Stack
from tests.functional.flow.base import database_url
from tests.unit.api.fixtures import eventually
from valence.conductor.listening import chosen
from valence.simulator.pod import Pod
from valence.simulator.server import Simulator

_OPTIONS = {
    'DEFAULT': ['service_down_time = 4'],
    'conductor': ['sync_interval = 9000'],
    'inventory': ['ttl = 9000'],
}


class _Stack(Stack):
    """One whose events come to its own API, and are read from streams."""

    def _write_configuration(self) -> None:
        lines = [
            f'destination = {self.url}',
            'sse = true',
            'interval = 0.5',
        ]
        self._options = {**self._options, 'events': lines}
        super()._write_configuration()


class EventsTest(testtools.TestCase):
    stack: ClassVar[Stack]
    rest: ClassVar[RestClient]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.stack = cls.enterClassContext(
            _Stack(
                database_url('mariadb'),
                fixtures.shared_rabbitmq().new_vhost(),
                conductors=2,
                networks=0,
                storages=0,
                options=_OPTIONS,
            )
        )
        cls.rest = cls.stack.rest

    def register(self, name: str, mode: str, events: str) -> Any:
        """Give a pod manager of one system, its url, and its uuid."""
        pods = self.enterContext(
            Simulator(systems=1, mode=mode, modes={'events': events})
        )
        podm = self.rest.register(name, pods.urls[0])
        return pods.pods[0], pods.urls[0], podm['uuid']

    def power(self, podm: str) -> Any:
        (system,) = self.rest.get(f'/v1/systems?podm_id={podm}')
        return system['power_state']

    def reset(self, url: str, reset_type: str) -> None:
        """Change the power behind our back."""
        auth = ('admin', 'admin')
        listed = requests.get(
            f'{url}/redfish/v1/Systems', auth=auth, timeout=30
        )
        (system,) = listed.json()['Members']
        answer = requests.post(
            f'{url}{system["@odata.id"]}/Actions/ComputerSystem.Reset',
            json={'ResetType': reset_type},
            auth=auth,
            timeout=30,
        )
        self.assertEqual(204, answer.status_code)

    def assertSeen(self, podm: str, url: str) -> None:
        for reset_type, power in (('On', 'On'), ('ForceOff', 'Off')):
            self.reset(url, reset_type)
            eventually(lambda power=power: self.power(podm) == power)

    def wait_for_stream(self, pod: Pod) -> None:
        # The sync that it begins with does not count.
        eventually(lambda: pod.events.streams)
        self.settle(lambda: pod.requests['GET'])

    def settle(self, count: Callable[[], int]) -> None:
        """Wait until nothing is asked for any more."""
        found: list[int] = []

        def quiet() -> bool:
            found.append(count())
            return len(found) > 30 and len(set(found[-30:])) == 1

        eventually(quiet)

    def test_events_that_are_sent(self) -> None:
        pod, url, podm = self.register('sent', 'rsd', 'push')
        self.assertEqual(1, len(pod.events.subscriptions))
        self.assertEqual('Off', self.power(podm))
        before = pod.calls['system']
        self.assertEqual('Off', self.power(podm))
        self.assertEqual(before, pod.calls['system'])
        self.assertSeen(podm, url)

    def test_events_that_are_read(self) -> None:
        pod, url, podm = self.register('read', 'plain', 'sse')
        self.wait_for_stream(pod)
        self.assertEqual('Off', self.power(podm))
        self.assertSeen(podm, url)
        conductors = ['conductor1', 'conductor2']
        died = chosen(conductors, podm)
        self.stack.processes[died].kill()
        eventually(lambda: not pod.events.streams)
        self.wait_for_stream(pod)
        self.assertSeen(podm, url)
