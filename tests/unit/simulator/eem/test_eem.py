"""An ExpEther manager, as a client sees it."""

from typing import Any

import requests
import testtools

from tests.unit.simulator import running
from valence.simulator.eem import devices

DEVICES = '/eem/devices'


class EemTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        fixture = running.Running(mode='expether', systems=2)
        self.running = self.useFixture(fixture)
        self.client = self.running.client

    def ids(self, query: str = '') -> list[str]:
        found = self.client.get(f'{DEVICES}{query}')['devices']
        return [device['id'] for device in found]

    def device(self, own_id: str) -> Any:
        return self.client.get(f'{DEVICES}/{own_id}')['device']

    def put(self, own_id: str, body: Any) -> requests.Response:
        path = f'{DEVICES}/{own_id}/group_id'
        return self.client.call('PUT', path, json=body)

    def join(self, own_id: str, group: str | None) -> str:
        answer = self.put(own_id, {'group_id': group})
        self.assertEqual(200, answer.status_code, answer.text)
        self.assertTrue(int(answer.json()['update_time']))
        return str(answer.json()['group_id'])

    def refused(self, status: int, answer: requests.Response) -> str:
        self.assertEqual(status, answer.status_code)
        error = answer.json()
        self.assertEqual({'code', 'message'}, set(error))
        self.assertEqual(f'{status}00', error['code'])
        return str(error['message'])

    def test_version(self) -> None:
        version = self.client.get('/eem/api_version')
        self.assertEqual({'version_number': 'v1.0'}, version)

    def test_everything_needs_credentials(self) -> None:
        self.client.session.auth = ('admin', 'wrong')
        for path in ('api_version', 'devices', 'devices/detail', 'groups'):
            answer = self.client.call('GET', f'/eem/{path}')
            self.assertEqual(401, answer.status_code)

    def test_does_not_speak_redfish(self) -> None:
        for path in ('/redfish', '/redfish/v1', '/eem', '/'):
            self.assertEqual(404, self.client.call('GET', path).status_code)

    def test_lists(self) -> None:
        self.assertEqual(10, len(set(self.ids())))
        self.assertEqual(2, len(self.ids('?status=eesv')))
        self.assertEqual(8, len(self.ids('?status=eeio')))
        first = self.ids('?status=eeio')[0]
        self.join(first, '20')
        self.assertEqual([first], self.ids('?status=eeio&group_id=20'))
        self.assertEqual([], self.ids('?status=eesv&group_id=20'))

    def test_details(self) -> None:
        path = f'{DEVICES}/detail?status=eesv'
        for device in self.client.get(path)['devices']:
            self.assertEqual(device, self.device(device['id']))
            self.assertEqual('4094', device['group_id'])
            self.assertEqual('4', device['max_eeio_count'])
            self.assertEqual(['up', 'up'], device['notification_status0'])
        path = f'{DEVICES}/detail?status=eeio'
        pooled = self.client.get(path)['devices']
        self.assertEqual({'4093'}, {each['group_id'] for each in pooled})
        codes = [each.get('pcie_class_code') for each in pooled]
        self.assertEqual(['0x020000', '0x010802', '0x030200', None] * 2, codes)

    def test_the_same_after_each_start(self) -> None:
        fixture = running.Running(mode='expether', systems=2, pods=2)
        first, second = self.useFixture(fixture).clients
        mine = self.client.get(DEVICES)['devices']
        self.assertEqual(mine, first.get(DEVICES)['devices'])
        self.assertNotEqual(mine, second.get(DEVICES)['devices'])

    def test_groups(self) -> None:
        eesv, eeio = self.ids('?status=eesv')[0], self.ids('?status=eeio')[0]
        self.assertEqual('16', self.join(eesv, None))
        self.assertEqual('16', self.join(eeio, '16'))
        self.assertEqual('17', self.join(self.ids('?status=eesv')[1], None))
        groups = self.client.get('/eem/groups')['groups']
        self.assertEqual(
            ['16', '17', '4093'], [group['id'] for group in groups]
        )
        for own_id, group in ((eesv, '4094'), (eeio, '4093')):
            for _time in range(2):
                answer = self.client.delete(f'{DEVICES}/{own_id}/group_id')
                self.assertEqual(200, answer.status_code)
                self.assertEqual(group, self.device(own_id)['group_id'])

    def test_last_one_has_it(self) -> None:
        eesv = self.ids('?status=eesv')[0]
        self.join(eesv, '20')
        self.assertEqual('21', self.join(eesv, '21'))

    def test_wrong_groups(self) -> None:
        eesv = self.ids()[0]
        for group in ('15', '4093', '4094', 'x', '', 20, [], True):
            answer = self.put(eesv, {'group_id': group})
            self.assertIn('16 to 4092', self.refused(400, answer))
        self.assertEqual('4094', self.device(eesv)['group_id'])

    def test_no_group_is_left(self) -> None:
        pod = devices.Devices(0, 1000)
        for number, device in enumerate(pod.all()[:4077], 16):
            device.group = str(number)
        self.running.pods[0].eem = pod
        first = pod.all()[-1]
        answer = self.put(first.id, {'group_id': None})
        self.assertIn('No group_id', self.refused(409, answer))

    def test_unknown_devices(self) -> None:
        answer = self.client.call('GET', f'{DEVICES}/0x1')
        self.assertIn('0x1 not found', self.refused(404, answer))
        self.refused(404, self.put('0x1', {'group_id': None}))
        answer = self.client.delete(f'{DEVICES}/0x1/group_id')
        self.refused(404, answer)

    def test_down(self) -> None:
        device = self.running.pods[0].eem.all('eeio')[0]
        device.up = False
        told = self.device(device.id)['notification_status0']
        self.assertEqual(['down', 'down'], told)
        answer = self.put(device.id, {'group_id': '20'})
        self.assertIn('does not respond', self.refused(500, answer))

    def test_locked(self) -> None:
        device = self.running.pods[0].eem.all('eeio')[0]
        device.locked = True
        told = self.device(device.id)['notification_status0']
        self.assertEqual(['up', 'up'], told)
        answer = self.put(device.id, {'group_id': '20'})
        self.assertIn('is locked', self.refused(409, answer))

    def test_forgotten(self) -> None:
        device = self.running.pods[0].eem.all('eeio')[0]
        self.running.pods[0].eem.forget(device.id)
        self.assertNotIn(device.id, self.ids())

    def test_wrong_methods(self) -> None:
        for path in ('/eem/devices', '/eem/devices/detail'):
            answer = self.client.post(path, {})
            self.assertEqual(405, answer.status_code)


class ModesTest(testtools.TestCase):
    """It misbehaves as the other kinds do."""

    def setUp(self) -> None:
        super().setUp()
        fixture = running.Running(mode='expether', systems=1)
        self.running = self.useFixture(fixture)
        self.client = self.running.client
        self.eesv = self.running.pods[0].eem.all('eesv')[0]
        self.path = f'{DEVICES}/{self.eesv.id}/group_id'

    def test_drop(self) -> None:
        self.client.modes(drop=True)
        body = {'group_id': '20'}
        self.assertTrue(self.client.is_reset('PUT', self.path, body))
        self.assertEqual('20', self.eesv.group)
        self.assertTrue(self.client.is_reset('DELETE', self.path))
        self.assertEqual('4094', self.eesv.group)

    def test_status(self) -> None:
        self.client.modes(status=503)
        answer = self.client.call('PUT', self.path, json={'group_id': '20'})
        self.assertEqual(503, answer.status_code)
        self.assertEqual('4094', self.eesv.group)

    def test_latency(self) -> None:
        self.client.modes(latency_ms=60)
        answer = self.client.call('GET', '/eem/api_version')
        self.assertGreaterEqual(answer.elapsed.total_seconds(), 0.06)

    def test_away(self) -> None:
        self.client.modes(away=True)
        self.assertRaises(
            requests.ConnectionError, self.client.get, '/eem/api_version'
        )

    def test_dead(self) -> None:
        self.running.pods[0].set_modes(dead=True)
        self.assertRaises(
            requests.ConnectionError, self.client.get, '/eem/api_version'
        )
        self.running.pods[0].clear_modes()
        running.eventually(self.answers)
        self.assertTrue(self.answers())

    def answers(self) -> bool:
        try:
            return bool(self.client.get('/eem/api_version'))
        except requests.ConnectionError:
            return False
