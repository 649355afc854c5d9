import testtools

from tests.fixtures import rows
from tests.unit.api import fixtures
from valence.api import syncs
from valence.db.api import Query

PATH = '/v1/devices'
#: Of one system only, which has an accelerator as well.
PLATINUM = 'Intel(R) Xeon(R) Platinum 8352Y'
BRIEF = {
    'uuid',
    'podm_id',
    'resource_uri',
    'type',
    'state',
    'node_id',
    'pooled_group_id',
    'observed_at',
}


class DevicesTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(
            fixtures.Valence(
                simulator={'pods': 2, 'systems': 6}, inventory__ttl=0
            )
        )
        self.client = self.valence.client
        self.podms = [self.valence.register(number) for number in (0, 1)]

    def devices(self, query='', **more):
        answer = self.client.get(f'{PATH}{query}', **more)
        self.assertEqual(200, answer.status, answer.body)
        return answer.json

    def test_of_all_pod_managers(self):
        found = self.devices()
        self.assertEqual(14, len(found))
        self.assertEqual(
            {podm['uuid'] for podm in self.podms},
            {device['podm_id'] for device in found},
        )
        for device in found:
            self.assertEqual(BRIEF, device.keys())
            self.assertIsNotNone(device['observed_at'])

    def test_filters(self):
        uuid = self.podms[0]['uuid']
        for query, number in (
            ('', 7),
            ('&type=SSD', 4),
            ('&type=gpu', 2),
            ('&type=NIC', 0),
            ('&state=free', 4),
            ('&state=allocated', 3),
            ('&state=allocated&type=SSD', 0),
            ('&node_id=x', 0),
        ):
            found = self.devices(f'?podm_id={uuid}{query}')
            self.assertEqual(number, len(found), query)
            self.assertLessEqual({each['podm_id'] for each in found}, {uuid})
        body = {'podm_id': uuid, 'type': 'ACS'}
        self.assertEqual(1, len(self.devices(body=body)))
        self.assertEqual([], self.devices('?podm_id=x'))

    def test_wrong_filters(self):
        for query, known in (('?state=new', 'allocated'), ('?x=1', 'node_id')):
            answer = self.client.get(f'{PATH}{query}')
            self.assertEqual(400, answer.status)
            self.assertIn(known, answer.json['detail'])

    def test_pages_of_which_little_is_shown(self):
        found, path, pages = [], f'{PATH}?limit=4&type=ACS', 0
        while path:
            answer = self.client.get(path)
            found += answer.json
            link = answer.headers.get('Link', '')
            path = link.partition('>')[0].removeprefix('<')
            pages += 1
        self.assertEqual(2, len(found))
        self.assertEqual(4, pages)

    def test_node_of_a_device(self):
        node = self.valence.compose(
            podm_id='podm-0',
            properties={'processor': {'model': PLATINUM}},
        )
        (device,) = self.devices(f'?node_id={node["uuid"]}')
        self.assertEqual(
            ('ACS', 'allocated'), (device['type'], device['state'])
        )
        self.assertEqual(node['uuid'], device['node_id'])

    def test_one(self):
        device = next(each for each in self.devices() if each['type'] == 'ACS')
        answer = self.client.get(f'{PATH}/{device["uuid"]}')
        self.assertEqual(200, answer.status)
        shown = answer.json
        self.assertLessEqual(BRIEF, shown.keys())
        self.assertEqual('OK', shown['health'])
        self.assertEqual(
            'Programmable Acceleration Card', shown['properties']['model']
        )
        self.assertEqual('FPGA 1', shown['extra']['device_name'])
        for name in ('created_at', 'updated_at'):
            self.assertRegex(shown[name], 'UTC$')

    def test_unknown(self):
        system = self.client.get('/v1/systems').json[0]['uuid']
        for uuid in ('x', system):
            answer = self.client.get(f'{PATH}/{uuid}')
            self.assertEqual(404, answer.status)
            self.assertEqual(
                f'Device {uuid} not found in database.',
                answer.json['detail'],
            )

    def test_a_pod_manager_that_is_away(self):
        self.valence.pods[0].set_modes(away=True)
        uuid = self.podms[0]['uuid']
        away = self.devices(f'?podm_id={uuid}')
        self.assertEqual(7, len(away))
        for device in away:
            told = ('type', 'state', 'node_id', 'observed_at')
            self.assertEqual([None] * 4, [device[name] for name in told])
        shown = self.client.get(f'{PATH}/{away[0]["uuid"]}').json
        self.assertEqual('Unknown', shown['health'])
        self.assertIsNone(shown['properties'])
        self.assertEqual([], self.devices(f'?podm_id={uuid}&state=free'))
        self.assertEqual(4, len(self.devices('?state=free')))

    def test_what_was_told_last(self):
        query = f'?podm_id={self.podms[0]["uuid"]}'
        before = self.devices(query)
        self.valence.pods[0].set_modes(away=True)
        for old, new in zip(before, self.devices(query), strict=True):
            # Who has it may have changed since; what it is has not.
            unknown = dict.fromkeys(('state', 'node_id', 'pooled_group_id'))
            self.assertEqual(old | unknown, new)
            self.assertIsNotNone(new['type'])


class ExpEtherDevicesTest(testtools.TestCase):
    def test_node_of_a_device(self):
        valence = self.useFixture(
            fixtures.Valence(
                simulator={'mode': 'expether', 'systems': 2}, inventory__ttl=0
            )
        )
        valence.register(driver='expether', url=f'{valence.urls[0]}/eem')
        node = valence.compose(properties={'pci_device': {'type': ['GPU']}})
        found = valence.client.get(f'{PATH}?type=GPU').json
        self.assertEqual(
            [('allocated', node['uuid']), ('free', None)],
            sorted((each['state'], each['node_id']) for each in found),
        )
        self.assertIn('4093', [each['pooled_group_id'] for each in found])

    def test_what_valence_has_changed_is_told_at_once(self):
        valence = self.useFixture(
            fixtures.Valence(
                simulator={'mode': 'expether', 'systems': 1},
                inventory__ttl=86400,
            )
        )
        valence.register(driver='expether', url=f'{valence.urls[0]}/eem')

        def state():
            (device,) = valence.client.get(f'{PATH}?type=GPU').json
            return device['state']

        self.assertEqual('free', state())
        node = valence.compose(properties={'pci_device': {'type': ['GPU']}})
        self.assertEqual('allocated', state())
        valence.waiting('DELETE', f'/v1/nodes/{node["uuid"]}')
        self.assertEqual('free', state())


class SyncTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(
            fixtures.Valence(simulator={'pods': 2, 'systems': 6})
        )
        self.client = self.valence.client
        self.podms = [self.valence.register(number) for number in (0, 1)]

    def sync(self, body=None, wait=None, path=f'{PATH}/sync'):
        headers = {'Prefer': f'wait={wait}'} if wait else None
        answer = self.client.call('POST', path, body, headers=headers)
        self.assertEqual(200, answer.status, answer.body)
        return answer

    def uuids(self):
        return sorted(podm['uuid'] for podm in self.podms)

    def test_all(self):
        answer = self.sync()
        self.assertEqual(
            self.uuids(), sorted(each['podm_id'] for each in answer.json)
        )
        for each in answer.json:
            self.assertEqual('In Progress', each['status'])
            self.assertIsNone(each['detail'])
            task = self.valence.task(each['task_uuid'])
            self.assertEqual('sync_pod_manager', task['action'])
            self.assertEqual('Completed', task['status'])
            self.assertEqual(each['podm_id'], task['podm_id'])
        self.assertNotIn('Preference-Applied', answer.headers)

    def test_and_wait(self):
        answer = self.sync(wait=20)
        self.assertEqual(
            ['SUCCESS'] * 2, [each['status'] for each in answer.json]
        )
        self.assertEqual('wait', answer.headers['Preference-Applied'])

    def test_one(self):
        uuid = self.podms[1]['uuid']
        for body, path in (
            ({'podm_id': uuid}, f'{PATH}/sync'),
            ({'podm_id': 'podm-1'}, f'{PATH}/sync'),
            (None, f'{PATH}/sync?podm_id={uuid}'),
        ):
            (each,) = self.sync(body, wait=20, path=path).json
            self.assertEqual(
                (uuid, 'SUCCESS'), (each['podm_id'], each['status'])
            )

    def test_one_fails(self):
        # A failure of one does not keep the others from it.
        self.valence.pods[0].set_modes(away=True)
        found = {each['podm_id']: each for each in self.sync(wait=20).json}
        failed, done = (found[podm['uuid']] for podm in self.podms)
        self.assertEqual(
            ('FAILED', 'SUCCESS'), (failed['status'], done['status'])
        )
        self.assertIn('cannot be reached', failed['detail'])
        self.assertIsNone(done['detail'])

    def test_one_that_is_going_on(self):
        self.valence.pods[0].set_modes(latency_ms=3000)
        self.addCleanup(self.valence.pods[0].clear_modes)
        body = {'podm_id': self.podms[0]['uuid']}
        (first,) = self.sync(body).json
        (second,) = self.sync(body).json
        self.assertEqual(first, second)
        (third,) = self.sync(body, wait=1).json
        self.assertEqual(first, third)

    def test_one_that_is_being_deleted(self):
        self.valence.pods[0].set_modes(hang=True)
        self.addCleanup(self.valence.pods[0].clear_modes)
        uuid = self.podms[0]['uuid']
        task = rows.new_task(action='delete_pod_manager', topic='nobody')
        self.valence.database.tasks.create(task=task)
        self.valence.database.pod_managers.reserve_deletion(
            uuid=uuid, task_uuid=task.uuid
        )
        (each,) = self.sync({'podm_id': uuid}).json
        self.assertEqual(('FAILED', None), (each['status'], each['task_uuid']))
        self.assertIn(task.uuid, each['detail'])

    def test_unknown(self):
        for body in ({'podm_id': 'x'}, {'podm_id': ''}):
            answer = self.client.post(f'{PATH}/sync', body)
            self.assertEqual(404, answer.status)

    def test_wrong_bodies(self):
        for body in ({'podm': 'x'}, {'podm_id': ['x']}, ['x']):
            answer = self.client.post(f'{PATH}/sync', body)
            self.assertEqual(400, answer.status, body)

    def test_wrong_method(self):
        self.assertEqual(405, self.client.get(f'{PATH}/sync').status)


class ManySyncsTest(testtools.TestCase):
    """What one request writes, where nobody works."""

    def setUp(self):
        super().setUp()
        self.patch(syncs, '_BATCH', 2)

    def bare(self, number, **options):
        bare = self.useFixture(fixtures.Bare(**options))
        self.database = bare.database
        for _ in range(number):
            rows.add_pod_manager(self.database)
        return bare.client

    def test_batches(self):
        answer = self.bare(5).post(f'{PATH}/sync')
        uuids = [each['task_uuid'] for each in answer.json]
        tasks = self.database.tasks.list(query=Query())
        self.assertEqual(sorted(task.uuid for task in tasks), sorted(uuids))
        self.assertEqual(5, len(tasks))

    def test_none(self):
        self.assertEqual([], self.bare(0).post(f'{PATH}/sync').json)

    def test_too_many(self):
        client = self.bare(5, tasks__max_open=3)
        found = client.post(f'{PATH}/sync').json
        self.assertEqual(
            ['In Progress'] * 4 + ['FAILED'],
            [each['status'] for each in found],
        )
        self.assertIsNone(found[-1]['task_uuid'])
        self.assertIn('in progress', found[-1]['detail'])
        self.assertEqual(429, client.post(f'{PATH}/sync').status)

    def test_task_that_is_gone(self):
        client, gone = self.bare(1), rows.new_uuid()
        (podm,) = self.database.pod_managers.list(query=Query())
        self.database.pod_managers.reserve(uuid=podm.uuid, task_uuid=gone)
        (found,) = client.post(f'{PATH}/sync').json
        self.assertEqual(
            ('FAILED', None), (found['status'], found['task_uuid'])
        )
        self.assertIn(gone, found['detail'])

    def test_one_that_is_gone_by_now(self):
        client = self.bare(3)
        listed = self.database.pod_managers.list(query=Query())
        self.database.pod_managers.delete(uuid=listed[0].uuid)
        self.patch(
            type(self.database.pod_managers), 'list', lambda *_, **__: listed
        )
        found = client.post(f'{PATH}/sync').json
        self.assertEqual(
            ['FAILED', 'In Progress', 'In Progress'],
            [each['status'] for each in found],
        )
        self.assertIn('not found', found[0]['detail'])
