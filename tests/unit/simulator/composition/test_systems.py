"""The life of a composed system."""

import requests
import testtools

from tests.unit.simulator import running
from tests.unit.simulator.composition import composing

STALE = 'W/"00000000"'


class SystemsTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.simulated = self.useFixture(composing.Composing())
        self.client = self.simulated.client
        self.path = self.simulated.composed(('ComputeBlock1', 'StorageBlock1'))

    def act(self, action: str, **body: object) -> requests.Response:
        target = self.client.get(self.path)['Actions'][
            f'#ComputerSystem.{action}'
        ]
        return self.client.post(target['target'], body)

    def blocks(self) -> list[str]:
        links = self.client.get(self.path)['Links']['ResourceBlocks']
        return [each['@odata.id'].rpartition('/')[2] for each in links]

    def change(
        self, action: str, block: str, **etags: str
    ) -> requests.Response:
        link = {'@odata.id': composing.block_path(block)}
        return self.act(f'{action}ResourceBlock', ResourceBlock=link, **etags)

    def test_reset(self) -> None:
        for reset_type, power in (('On', 'On'), ('ForceOff', 'Off')):
            answer = self.act('Reset', ResetType=reset_type)
            self.assertEqual(204, answer.status_code)
            system = self.client.get(self.path)
            self.assertEqual(power, system['PowerState'])

    def test_wrong_reset(self) -> None:
        self.assertEqual(400, self.act('Reset').status_code)
        answer = self.act('Reset', ResetType='Explode')
        self.assertEqual(400, answer.status_code)

    def test_reset_late(self) -> None:
        self.client.modes(power_ms=composing.FOR_EVER)
        self.assertEqual(204, self.act('Reset', ResetType='On').status_code)
        self.assertEqual('Off', self.client.get(self.path)['PowerState'])
        self.client.modes(power_ms=1)
        self.act('Reset', ResetType='On')
        self.assertTrue(
            running.eventually(
                lambda: self.client.get(self.path)['PowerState'] == 'On'
            )
        )

    def test_boot(self) -> None:
        boot = {
            'BootSourceOverrideTarget': 'Pxe',
            'BootSourceOverrideEnabled': 'Once',
        }
        answer = self.client.patch(self.path, {'Boot': boot})
        self.assertEqual(200, answer.status_code)
        system = self.client.get(self.path)
        self.assertEqual(answer.json(), system)
        self.assertEqual('Pxe', system['Boot']['BootSourceOverrideTarget'])
        self.act('Reset', ResetType='On')
        boot = self.client.get(self.path)['Boot']
        self.assertEqual('Disabled', boot['BootSourceOverrideEnabled'])

    def test_asset_tag(self) -> None:
        for tag in ('new', None):
            answer = self.client.patch(self.path, {'AssetTag': tag})
            self.assertEqual(tag, answer.json()['AssetTag'])

    def test_wrong_patch(self) -> None:
        for body in (
            {},
            {'Name': 'other'},
            {'Boot': {'BootSourceOverrideTarget': 'Tape'}},
        ):
            answer = self.client.patch(self.path, body)
            self.assertEqual(400, answer.status_code, body)

    def test_stale(self) -> None:
        for method in ('PATCH', 'DELETE'):
            answer = self.client.call(
                method,
                self.path,
                json={'AssetTag': 'new'},
                headers={'If-Match': STALE},
            )
            self.assertEqual(412, answer.status_code)
        self.assertIsNone(self.client.get(self.path)['AssetTag'])

    def test_delete(self) -> None:
        answer = self.client.delete(self.path)
        self.assertEqual((204, b''), (answer.status_code, answer.content))
        self.assertEqual([], self.client.get(composing.SYSTEMS)['Members'])
        for block in ('ComputeBlock1', 'StorageBlock1'):
            document = self.simulated.block(block)
            status = document['CompositionStatus']
            self.assertEqual('Unused', status['CompositionState'])
            self.assertFalse(status['Reserved'])
            self.assertEqual('Free', document['Pool'])
        for method, path in (
            ('GET', self.path),
            ('DELETE', self.path),
            ('PATCH', self.path),
            ('GET', f'{self.path}/Processors'),
            ('POST', f'{self.path}/Actions/ComputerSystem.Reset'),
        ):
            answer = self.client.call(method, path, json={})
            self.assertEqual(404, answer.status_code, path)
        self.simulated.composed()

    def test_add_block(self) -> None:
        answer = self.change('Add', 'NetworkBlock2')
        self.assertEqual(204, answer.status_code)
        self.assertEqual(
            ['ComputeBlock1', 'StorageBlock1', 'NetworkBlock2'], self.blocks()
        )
        self.assertEqual('Composed', self.simulated.state('NetworkBlock2'))
        interfaces = self.client.get(f'{self.path}/EthernetInterfaces')
        self.assertEqual(2, len(interfaces['Members']))

    def test_remove_block(self) -> None:
        answer = self.change('Remove', 'StorageBlock1')
        self.assertEqual(204, answer.status_code)
        self.assertEqual(['ComputeBlock1'], self.blocks())
        self.assertEqual('Unused', self.simulated.state('StorageBlock1'))

    def test_etags(self) -> None:
        for action, block in (
            ('Add', 'NetworkBlock1'),
            ('Remove', 'StorageBlock1'),
        ):
            before = self.blocks()
            etags = {
                'ComputerSystemETag': self.client.get(self.path),
                'ResourceBlockETag': self.simulated.block(block),
            }
            known = {name: each['@odata.etag'] for name, each in etags.items()}
            for name in etags:
                answer = self.change(action, block, **{**known, name: STALE})
                self.assertEqual(412, answer.status_code)
            self.assertEqual(before, self.blocks())
            answer = self.change(action, block, **known)
            self.assertEqual(204, answer.status_code)

    def test_etags_without_quotes(self) -> None:
        etag = self.client.get(self.path)['@odata.etag']
        plain = etag.removeprefix('W/').strip('"')
        for known, status in ((plain, 204), (plain, 412)):
            answer = self.change(
                'Remove', 'StorageBlock1', ComputerSystemETag=known
            )
            self.assertEqual(status, answer.status_code)

    def test_wrong_changes(self) -> None:
        for action, block, status in (
            ('Add', 'StorageBlock1', 409),
            ('Add', 'StorageBlock4', 409),
            ('Add', 'GpuBlock1', 400),
            ('Remove', 'GpuBlock1', 400),
            ('Remove', 'StorageBlock2', 409),
            ('Remove', 'ComputeBlock1', 409),
        ):
            answer = self.change(action, block)
            self.assertEqual(status, answer.status_code, (action, block))
        self.assertEqual(['ComputeBlock1', 'StorageBlock1'], self.blocks())
        for action in ('AddResourceBlock', 'RemoveResourceBlock'):
            self.assertEqual(400, self.act(action).status_code)
            answer = self.act(action, Colour='red')
            self.assertEqual(400, answer.status_code)

    def test_no_more_than_the_limits(self) -> None:
        simulated = self.useFixture(composing.Composing(systems=10))
        blocks = ('ComputeBlock1', 'ComputeBlock2')
        path = simulated.composed(blocks)
        link = {'@odata.id': composing.block_path('ComputeBlock3')}
        answer = simulated.client.post(
            f'{path}/Actions/ComputerSystem.AddResourceBlock',
            {'ResourceBlock': link},
        )
        self.assertEqual(409, answer.status_code)
        self.assertIn('1 to 2 blocks of type Compute', answer.text)

    def test_add_what_is_reserved(self) -> None:
        self.simulated.reserve('NetworkBlock1', 'other')
        answer = self.change('Add', 'NetworkBlock1')
        self.assertEqual(409, answer.status_code)
        self.assertEqual(
            ['SpecifiedResourceAlreadyReserved'], composing.messages(answer)
        )

    def test_add_what_the_same_client_has_reserved(self) -> None:
        for block in ('ComputeBlock2', 'NetworkBlock1'):
            self.simulated.reserve(block, 'me')
        self.path = self.simulated.composed(['ComputeBlock2'])
        answer = self.change('Add', 'NetworkBlock1')
        self.assertEqual(204, answer.status_code)
        self.assertFalse(self.simulated.status('NetworkBlock1')['Reserved'])
