"""Nodes of each kind of Redfish pod manager, through the whole of Valence."""

from typing import Any

import testtools

from tests.unit.api import fixtures

PROPERTIES = {
    'processor': {'total_cores': 16},
    'memory': {'capacity_mib': 16384},
    'local_drive': {'capacity_gib': 400, 'type': 'SSD'},
    'network': {'speed_mbps': 10000},
}
_SYSTEMS = 3


class _Kind:
    mode: str

    def setUp(self) -> None:
        super().setUp()
        self.valence = self.useFixture(
            fixtures.Valence(
                simulator={'mode': self.mode, 'systems': _SYSTEMS}
            )
        )
        self.client = self.valence.client
        self.podm = self.valence.register()

    def begin(self, name: str) -> str:
        """Ask for a node; the scheduler has to choose where."""
        body = {'name': name, 'properties': PROPERTIES}
        answer = self.client.post('/v1/nodes', body)
        self.assertEqual(202, answer.status, answer.body)
        return str(answer.json['task_uuid'])

    def compose(self, name: str = 'node') -> str:
        """Compose a node; give its path."""
        task = self.valence.task(self.begin(name))
        self.assertEqual('Completed', task['status'], task)
        return f'/v1/nodes/{task["resource_uuid"]}'

    def act(self, path: str, **action: Any) -> None:
        answer = self.valence.waiting('POST', f'{path}/action', action)
        self.assertEqual(200, answer.status, answer.body)

    def sync(self) -> Any:
        path = f'/v1/pod_managers/{self.podm["uuid"]}'
        answer = self.valence.waiting('POST', f'{path}/sync')
        self.assertEqual(200, answer.status, answer.body)
        return self.client.get(path).json

    def test_node_from_compose_to_delete(self) -> None:
        path = self.compose()
        self.act(path, Reset={'Type': 'ForceOff'})
        self.act(path, Boot={'Enabled': 'Once', 'Target': 'Pxe'})
        node = self.client.get(path).json
        self.assertEqual('Assembled', node['node_state'])
        self.assertEqual('Off', node['node_power_state'])
        self.assertEqual('Pxe', node['boot_source'])
        gone = self.valence.waiting('DELETE', path)
        self.assertEqual(200, gone.status, gone.body)
        self.assertEqual(fixtures.NOTHING, self.valence.traces())
        self.assertEqual([], self.valence.pods[0].stats()['nodes'])

    def test_system_of_the_node_is_listed(self) -> None:
        uuid = self.compose().rpartition('/')[2]
        for _ in range(2):
            systems = self.client.get('/v1/systems').json
            owners = [system['node_uuid'] for system in systems]
            self.assertEqual(1, owners.count(uuid), systems)
            found = self.sync()
            self.assertEqual(1, found['usage']['composed_nodes'])
            self.assertEqual([], found['findings'])

    def test_all_that_there_is_at_once(self) -> None:
        tasks = [self.begin(f'node{number}') for number in range(3)]
        ended = [self.valence.task(uuid) for uuid in tasks]
        self.assertEqual(
            ['Completed'] * 3, [task['status'] for task in ended], ended
        )
        made = self.valence.pods[0].stats()['made']
        self.assertEqual(3, len(made))
        late = self.valence.task(self.begin('late'))
        self.assertEqual('Failed', late['status'])
        self.assertEqual('No matching system', late['error']['title'])


class Rsd21(_Kind, testtools.TestCase):
    mode = 'rsd2.1'


class Rsd25(_Kind, testtools.TestCase):
    mode = 'rsd2.5'


class Specific(_Kind, testtools.TestCase):
    mode = 'composition'


class Constrained(_Kind, testtools.TestCase):
    mode = 'composition-constrained'


class Manifest(_Kind, testtools.TestCase):
    mode = 'composition-manifest'
