"""Nodes of an ExpEther manager, through the whole of Valence."""

from typing import Any

import testtools

from tests.unit.api import fixtures

PROPERTIES = {'pci_device': {'type': ['NIC', 'GPU']}}


class ExpEther(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        simulator = {'mode': 'expether', 'systems': 2}
        self.valence = self.useFixture(fixtures.Valence(simulator=simulator))
        self.client = self.valence.client
        self.podm = self.valence.register(
            driver='expether', url=f'{self.valence.urls[0]}/eem'
        )
        self.eem = self.valence.pods[0].eem

    def compose(self, **body: Any) -> Any:
        """Compose a node; give its task as it ended."""
        body = {'podm_id': self.podm['uuid'], **body}
        answer = self.client.post('/v1/nodes', {'name': 'node', **body})
        self.assertEqual(202, answer.status, answer.body)
        return self.valence.task(answer.json['task_uuid'])

    def free(self) -> tuple[int, int]:
        eesvs = self.eem.all('eesv', '4094')
        return len(eesvs), len(self.eem.all('eeio', '4093'))

    def test_registered(self) -> None:
        self.assertEqual('Online', self.podm['status'])
        self.assertEqual(2, self.podm['usage']['systems'])
        systems = self.client.get('/v1/systems').json
        self.assertEqual(
            [device.id for device in self.eem.all('eesv')],
            sorted(system['Name'] for system in systems),
        )

    def test_node_from_compose_to_delete(self) -> None:
        task = self.compose(properties=PROPERTIES)
        self.assertEqual('Completed', task['status'], task)
        path = f'/v1/nodes/{task["resource_uuid"]}'
        node = self.client.get(path).json
        self.assertEqual('Assembled', node['node_state'])
        self.assertEqual((1, 6), self.free())
        self.assertNotEqual('4094', self.eem.get(node['index']).group)
        gone = self.valence.waiting('DELETE', path)
        self.assertEqual(200, gone.status, gone.body)
        self.assertEqual((2, 8), self.free())
        self.assertEqual(fixtures.NOTHING, self.valence.traces())

    def test_by_a_flavor_where_no_pod_manager_is_named(self) -> None:
        flavor = {'name': 'pooled', 'properties': PROPERTIES}
        made = self.client.post('/v1/flavors', flavor)
        self.assertEqual(201, made.status, made.body)
        task = self.compose(podm_id=None, flavor_id=made.json['uuid'])
        self.assertEqual('Completed', task['status'], task)

    def test_half_made_is_rolled_back(self) -> None:
        gpus = ('0x030200',)
        for device in self.eem.all('eeio'):
            device.locked = device.values.get('pcie_class_code') in gpus
        task = self.compose(properties=PROPERTIES)
        self.assertEqual('Failed', task['status'])
        self.assertIn('is locked', task['error']['detail'])
        self.assertGreaterEqual(self.valence.pods[0].calls['leave'], 1)
        self.assertEqual((2, 8), self.free())
        self.assertEqual(fixtures.NOTHING, self.valence.traces())

    def test_nothing_matches(self) -> None:
        for properties in (
            {'pci_device': {'type': ['FPGA']}},
            {'memory': {'capacity_mib': 1}},
        ):
            task = self.compose(properties=properties)
            self.assertEqual('No matching system', task['error']['title'])
        self.assertEqual(0, self.valence.pods[0].requests['PUT'])

    def test_wrong_pci_devices(self) -> None:
        for value in ('NIC', [], [7], [''], None):
            properties = {'pci_device': {'type': value}}
            body = {'name': 'node', 'properties': properties}
            answer = self.client.post('/v1/nodes', body)
            self.assertEqual(400, answer.status, answer.body)
            self.assertIn('pci_device.type', answer.json['detail'])

    def test_power_is_not_supported(self) -> None:
        task = self.compose()
        action = f'/v1/nodes/{task["resource_uuid"]}/action'
        answer = self.valence.waiting(
            'POST', action, {'Reset': {'Type': 'On'}}
        )
        self.assertEqual(400, answer.status, answer.body)
        self.assertIn('ExpEther', answer.json['detail'])
