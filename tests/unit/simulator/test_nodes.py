"""The life of a composed node."""

import time
from typing import Any

import testtools

from tests.unit.simulator import running


class NodesTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.running = self.useFixture(running.Running(systems=4))
        self.client = self.running.client

    def assembled(self) -> str:
        node = self.client.allocate(Name='n')
        self.client.assemble(node)
        self.assertEqual('Assembled', self.client.settle(node))
        return node

    def reset(self, node: str, reset_type: str = 'On') -> int:
        path = f'{node}/Actions/ComposedNode.Reset'
        return self.client.post(path, {'ResetType': reset_type}).status_code

    def power(self, path: str) -> Any:
        return self.client.get(path)['PowerState']

    def test_assemble(self) -> None:
        slow = self.useFixture(running.Running(assembly_ms=1000)).client
        node = slow.allocate()
        answer = slow.assemble(node)
        self.assertEqual((204, b''), (answer.status_code, answer.content))
        self.assertEqual('Assembling', slow.get(node)['ComposedNodeState'])
        self.assertEqual('Off', slow.get(node)['PowerState'])
        self.assertEqual('Assembled', slow.settle(node))
        self.assertEqual('On', slow.get(node)['PowerState'])
        self.assertEqual('On', slow.get(running.SYSTEM)['PowerState'])

    def test_assemble_fails(self) -> None:
        self.client.modes(assembly='fail')
        node = self.client.allocate()
        self.client.assemble(node)
        self.assertEqual('Failed', self.client.settle(node))
        document = self.client.get(node)
        self.assertEqual('Off', document['PowerState'])
        self.assertEqual('Critical', document['Status']['Health'])
        self.assertEqual(409, self.client.assemble(node).status_code)
        self.assertEqual(204, self.client.delete(node).status_code)
        self.client.modes(assembly=None)
        self.assembled()

    def test_assemble_only_once(self) -> None:
        self.client.modes(assembly_ms=1000)
        node = self.client.allocate()
        self.assertEqual(204, self.client.assemble(node).status_code)
        answer = self.client.assemble(node)
        self.assertEqual(409, answer.status_code)
        error = answer.json()['error']
        self.assertEqual('Base.1.0.ResourcesStateMismatch', error['code'])
        self.client.settle(node)
        self.assertEqual(409, self.client.assemble(node).status_code)

    def test_reset(self) -> None:
        node = self.assembled()
        system = self.client.system_of(node)
        for reset_type, power in (
            ('ForceOff', 'Off'),
            ('On', 'On'),
            ('On', 'On'),
            ('PushPowerButton', 'Off'),
            ('PushPowerButton', 'On'),
            ('GracefulShutdown', 'Off'),
            ('ForceOn', 'On'),
            ('Nmi', 'On'),
            ('ForceRestart', 'On'),
        ):
            self.assertEqual(204, self.reset(node, reset_type))
            self.assertEqual(power, self.power(node))
            self.assertEqual(power, self.power(system))

    def test_reset_needs_an_assembled_node(self) -> None:
        self.client.modes(assembly_ms=1000)
        node = self.client.allocate()
        self.assertEqual(409, self.reset(node))
        self.client.assemble(node)
        self.assertEqual(409, self.reset(node))
        self.client.settle(node)
        self.assertEqual(204, self.reset(node))

    def test_wrong_reset(self) -> None:
        node = self.assembled()
        self.assertEqual(400, self.reset(node, 'Explode'))
        path = f'{node}/Actions/ComposedNode.Reset'
        self.assertEqual(400, self.client.post(path, {}).status_code)
        self.assertEqual(400, self.client.post(path).status_code)

    def test_delete(self) -> None:
        node = self.assembled()
        system = self.client.system_of(node)
        answer = self.client.delete(node)
        self.assertEqual((204, b''), (answer.status_code, answer.content))
        self.assertEqual([], self.client.get(running.NODES)['Members'])
        self.assertEqual('Off', self.power(system))
        self.assertEqual(404, self.client.call('GET', node).status_code)
        self.assertEqual(404, self.client.delete(node).status_code)
        self.assertEqual(404, self.client.assemble(node).status_code)
        self.assertEqual(404, self.reset(node))
        self.assertEqual(4, self.client.stats()['free_systems'])

    def test_delete_while_assembling(self) -> None:
        self.client.modes(assembly_ms=50)
        node = self.client.allocate()
        self.client.assemble(node)
        self.assertEqual(204, self.client.delete(node).status_code)
        other = self.client.allocate()
        self.assertNotEqual(node, other)
        # The end of the first assembly must not reach the second node.
        time.sleep(0.2)
        self.assertEqual('Off', self.power(other))
        document = self.client.get(other)
        self.assertEqual('Allocated', document['ComposedNodeState'])

    def test_boot(self) -> None:
        node = self.assembled()
        answer = self.client.patch(
            node,
            {
                'Boot': {
                    'BootSourceOverrideTarget': 'Pxe',
                    'BootSourceOverrideEnabled': 'Once',
                }
            },
        )
        self.assertEqual(200, answer.status_code)
        boot = answer.json()['Boot']
        self.assertEqual('Pxe', boot['BootSourceOverrideTarget'])
        self.assertEqual('Once', boot['BootSourceOverrideEnabled'])
        self.assertEqual('UEFI', boot['BootSourceOverrideMode'])
        system = self.client.get(self.client.system_of(node))
        self.assertEqual(boot, system['Boot'])

    def test_once_is_spent_by_a_boot(self) -> None:
        node = self.assembled()
        boot = {
            'BootSourceOverrideTarget': 'Pxe',
            'BootSourceOverrideEnabled': 'Once',
        }
        self.client.patch(node, {'Boot': boot})
        self.reset(node, 'ForceOff')
        now = self.client.get(node)['Boot']
        self.assertEqual('Once', now['BootSourceOverrideEnabled'])
        self.reset(node, 'On')
        now = self.client.get(node)['Boot']
        self.assertEqual('Disabled', now['BootSourceOverrideEnabled'])
        boot['BootSourceOverrideEnabled'] = 'Continuous'
        self.client.patch(node, {'Boot': boot})
        self.reset(node, 'ForceRestart')
        now = self.client.get(node)['Boot']
        self.assertEqual('Continuous', now['BootSourceOverrideEnabled'])

    def test_boot_allows_what_it_says(self) -> None:
        node = self.assembled()
        boot = self.client.get(node)['Boot']
        for name, values in boot.items():
            own, _, annotation = name.partition('@')
            if annotation:
                for value in values:
                    body = {'Boot': {own: value}}
                    answer = self.client.patch(node, body)
                    self.assertEqual(200, answer.status_code)
                answer = self.client.patch(node, {'Boot': {own: 'Other'}})
                self.assertEqual(400, answer.status_code)

    def test_wrong_patch(self) -> None:
        node = self.assembled()
        for body in ({}, {'Name': 'x'}, {'Boot': 'Pxe'}, {'Boot': None}):
            answer = self.client.patch(node, body)
            self.assertEqual(400, answer.status_code, body)

    def test_clear_tpm(self) -> None:
        node = self.client.allocate(Security={'ClearTPMOnDelete': False})
        self.assertIs(False, self.client.get(node)['ClearTPMOnDelete'])
        self.client.patch(node, {'ClearTPMOnDelete': True})
        self.assertIs(True, self.client.get(node)['ClearTPMOnDelete'])

    def test_pods_are_separate(self) -> None:
        two = self.useFixture(running.Running(pods=2, systems=1))
        two.clients[0].allocate()
        self.assertEqual([], two.clients[1].get(running.NODES)['Members'])
        two.clients[1].allocate()


class SystemsTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.client = self.useFixture(running.Running(systems=2)).client

    def test_reset(self) -> None:
        target = self.client.get(running.SYSTEM)['Actions'][
            '#ComputerSystem.Reset'
        ]
        for reset_type in target['ResetType@Redfish.AllowableValues']:
            answer = self.client.post(
                target['target'], {'ResetType': reset_type}
            )
            self.assertEqual(204, answer.status_code)
        self.client.post(target['target'], {'ResetType': 'On'})
        system = self.client.get(running.SYSTEM)
        self.assertEqual('On', system['PowerState'])
        other = self.client.get(f'{running.ROOT}/Systems/1-s-2')
        self.assertEqual('Off', other['PowerState'])

    def test_wrong_reset(self) -> None:
        path = f'{running.SYSTEM}/Actions/ComputerSystem.Reset'
        for body in ({'ResetType': 'Off'}, {'ResetType': 1}, {}, []):
            self.assertEqual(400, self.client.post(path, body).status_code)
        path = f'{running.ROOT}/Systems/9-s-1/Actions/ComputerSystem.Reset'
        answer = self.client.post(path, {'ResetType': 'On'})
        self.assertEqual(404, answer.status_code)

    def test_patch(self) -> None:
        answer = self.client.patch(
            running.SYSTEM,
            {'AssetTag': 'a1', 'Boot': {'BootSourceOverrideTarget': 'Hdd'}},
        )
        self.assertEqual(200, answer.status_code)
        system = self.client.get(running.SYSTEM)
        self.assertEqual('a1', system['AssetTag'])
        self.assertEqual('Hdd', system['Boot']['BootSourceOverrideTarget'])
        self.client.patch(running.SYSTEM, {'AssetTag': None})
        self.assertIsNone(self.client.get(running.SYSTEM)['AssetTag'])

    def test_wrong_patch(self) -> None:
        for body in (
            {},
            {'PowerState': 'On'},
            {'AssetTag': 5},
            {'Boot': {'BootSourceOverrideTarget': 'Floppy'}},
        ):
            answer = self.client.patch(running.SYSTEM, body)
            self.assertEqual(400, answer.status_code, body)
