"""Systems, power and boot of a Redfish server that nobody here wrote."""

import time
from typing import Any

import testtools

from tests.fixtures.rest import PATIENCE
from tests.fixtures.standalone import Standalone
from tests.fixtures.sushy import SYSTEMS, SushyEmulator


class PlainRedfish(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        emulator = self.useFixture(SushyEmulator())
        valence = self.useFixture(Standalone())
        valence.wait_until_ready()
        self.rest = valence.rest
        self.podm = self.rest.register('sushy', emulator.url)

    def system(self, name: str) -> Any:
        (found,) = self.rest.get(f'/v1/systems?Name={name}')
        # Of one it tells what is so now: the emulator takes its time to act.
        return self.rest.get(f'/v1/systems/{found["uuid"]}')

    def act(self, system: Any, **action: Any) -> Any:
        path = f'/v1/systems/{system["uuid"]}/action'
        return self.rest.completed('POST', path, action)

    def wait_for_power(self, name: str, state: str) -> None:
        """The emulator changes the power seconds after its answer."""
        end = time.monotonic() + PATIENCE
        while self.system(name)['power_state'] != state:
            assert time.monotonic() < end, self.system(name)
            time.sleep(0.2)

    def test_systems_power_and_boot(self) -> None:
        self.assertEqual('Online', self.podm['status'])
        systems = self.rest.get('/v1/systems')
        self.assertEqual(
            sorted(SYSTEMS), sorted(system['Name'] for system in systems)
        )
        one = self.system('one')
        self.assertEqual('Off', one['power_state'])
        self.act(one, Reset={'Type': 'On'})
        self.wait_for_power('one', 'On')
        self.assertEqual('Off', self.system('two')['power_state'])
        self.act(one, Boot={'Enabled': 'Once', 'Target': 'Pxe'})
        self.act(one, Reset={'Type': 'ForceOff'})
        self.wait_for_power('one', 'Off')

    def test_what_it_does_not_allow_is_told(self) -> None:
        path = f'/v1/systems/{self.system("one")["uuid"]}/action'
        body = {'Boot': {'Enabled': 'Once', 'Target': 'Floppy-1'}}
        accepted = self.rest.accepted('POST', path, body)
        task = self.rest.ended(accepted['task_uuid'])
        self.assertEqual('Failed', task['status'])
        self.assertEqual(400, task['error']['status'])
        self.assertIn('Floppy-1', task['error']['detail'])

    def test_composing_there_is_a_clear_error(self) -> None:
        body = {'name': 'n', 'podm_id': self.podm['uuid']}
        accepted = self.rest.accepted('POST', '/v1/nodes', body)
        task = self.rest.ended(accepted['task_uuid'])
        self.assertEqual('Unsupported action', task['error']['title'])
        self.assertEqual([], self.rest.get('/v1/nodes'))

    def test_what_stands_where(self) -> None:
        system = self.system('one')
        (chassis,) = self.rest.get('/v1/chassis')
        self.assertIn(system['uuid'], chassis['systems'])
        self.assertIsNone(chassis['parent_uuid'])
        self.assertIsNotNone(chassis['observed_at'])
        self.assertEqual([], self.rest.get('/v1/racks'))
        self.assertEqual([], self.rest.get('/v1/devices'))
        path = f'/v1/systems/{system["uuid"]}/inventory'
        parts = self.rest.get(path)
        (interface,) = parts['network']
        self.assertEqual('52:54:00:00:00:00', interface['mac'])
        # It links to its memory, which is not there.
        named = [error['resource_uri'] for error in parts['errors']]
        self.assertIn(f'{system["resource_uri"]}/Memory', named)
