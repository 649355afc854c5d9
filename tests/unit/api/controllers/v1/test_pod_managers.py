import socket

import testtools

from tests.unit.api import fixtures
from valence.db.api import Query

PATH = '/v1/pod_managers'


def closed_port():
    """Give a url where nobody listens."""
    with socket.socket() as listener:
        listener.bind(('127.0.0.1', 0))
        return f'http://127.0.0.1:{listener.getsockname()[1]}'


class RegisterTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(fixtures.Valence(simulator={'pods': 2}))
        self.client = self.valence.client

    def body(self, **more):
        return {
            'name': 'p',
            'url': self.valence.urls[0],
            'authentication': fixtures.authentication(),
        } | more

    def post(self, **more):
        return self.client.post(PATH, self.body(**more))

    def refused(self, code, **more):
        """Make sure that a body is refused and leaves nothing."""
        answer = self.post(**more)
        self.assertEqual(code, answer.status, answer.body)
        self.assertEqual([], self.client.get('/v1/tasks').json)
        self.assertEqual([], self.client.get(PATH).json)
        return answer.json['detail']

    def test_record(self):
        answer = self.post(description='d', location='l', max_tasks=2)
        self.assertEqual(201, answer.status)
        record = answer.json
        self.assertEqual('p', record['name'])
        self.assertEqual(self.valence.urls[0], record['url'])
        self.assertEqual('redfishv1', record['driver'])
        self.assertEqual('Online', record['status'])
        self.assertIsNone(record['status_reason'])
        self.assertEqual('d', record['description'])
        self.assertEqual('l', record['location'])
        self.assertEqual(2, record['max_tasks'])
        for name in ('created_at', 'updated_at'):
            self.assertRegex(
                record[name], r'^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$'
            )

    def test_password_is_masked_everywhere(self):
        masked = fixtures.authentication('***')
        made = self.post().json
        self.assertEqual(masked, made['authentication'])
        path = f'{PATH}/{made["uuid"]}'
        self.assertEqual(masked, self.client.get(path).json['authentication'])
        self.assertEqual(
            masked, self.client.get(PATH).json[0]['authentication']
        )
        self.assertEqual(
            masked,
            self.client.patch(path, {'location': 'l'}).json['authentication'],
        )

    def test_first_sync(self):
        made = self.valence.register(settle=False)
        task = self.valence.task(made['task_uuid'])
        self.assertEqual('sync_pod_manager', task['action'])
        self.assertEqual('Completed', task['status'])
        self.assertEqual(made['uuid'], task['podm_id'])
        self.assertEqual(made['uuid'], task['resource_uuid'])
        record = self.client.get(f'{PATH}/{made["uuid"]}').json
        self.assertEqual({'systems': 4, 'composed_nodes': 0}, record['usage'])
        self.assertIsNotNone(record['synced_at'])
        self.assertIsNone(record['sync_error'])
        self.assertIsNone(record['task_uuid'])
        self.assertEqual(4, len(self.client.get('/v1/systems').json))

    def test_duplicates(self):
        self.assertEqual(201, self.post().status)
        self.valence.traces()
        for more in (
            {'url': self.valence.urls[1]},
            {'name': 'other'},
            {'name': 'other', 'url': self.valence.urls[0] + '/'},
            {},
        ):
            answer = self.post(**more)
            self.assertEqual(400, answer.status)
            self.assertEqual('duplicated name or url !', answer.json['detail'])
        self.assertEqual(1, len(self.client.get('/v1/tasks').json))

    def test_unknown_driver(self):
        detail = self.refused(404, driver='unheard-of')
        self.assertIn('Driver unheard-of is not known', detail)
        self.assertIn('redfishv1', detail)

    def test_bad_urls(self):
        for url in (
            'podm.example.com',
            'ftp://podm.example.com',
            'http://',
            'http://:8080',
            'http://[::1',
            'http://h:70000',
            'http://h:x',
            'http://admin@h',
            f'http://admin:{fixtures.CANARY}@h',
            'http://h/\r\nX: y',
            'http://h\u202e',
            'http://a b',
            'file:///etc/passwd',
            '//h',
        ):
            detail = self.refused(400, url=url)
            self.assertIn('url must be of the form', detail)

    def test_bad_bodies(self):
        for more, words in (
            ({'name': ''}, 'name must have'),
            ({'name': 'x' * 256}, 'name must have'),
            ({'name': 1}, 'name must be a string'),
            ({'authentication': []}, 'authentication must be a list'),
            ({'authentication': {}}, 'authentication must be a list'),
            ({'authentication': ['x']}, 'authentication[0] must be a JSON'),
            ({'max_tasks': 0}, 'max_tasks must be 1 to 1000'),
            ({'tls': {'verify': 'no'}}, 'tls.verify must be true or false'),
            ({'tls': {'key': 'x'}}, 'tls.key is not known'),
            ({'status': 'Online'}, 'status is not known'),
            ({'uuid': 'x'}, 'uuid is not known'),
            (
                {'authentication': [{'type': 'basic', 'auth_items': {}}]},
                'authentication[0].auth_items.username is required',
            ),
        ):
            self.assertIn(words, self.refused(400, **more))

    def test_wrong_credentials(self):
        made = self.post(authentication=fixtures.authentication('wrong'))
        self.assertEqual(201, made.status)
        self.assertEqual('Unauthorized', made.json['status'])
        self.assertIn('refused the credentials', made.json['status_reason'])
        task = self.valence.task(made.json['task_uuid'])
        self.assertEqual('Failed', task['status'])
        self.assertEqual(409, task['error']['status'])
        record = self.client.get(f'{PATH}/p').json
        self.assertIn('refused the credentials', record['sync_error'])
        self.assertEqual(fixtures.NOTHING, self.valence.traces())

    def test_unreachable(self):
        url = closed_port()
        made = self.post(url=url)
        self.assertEqual(201, made.status)
        self.assertEqual('Offline', made.json['status'])
        self.assertIn(url, made.json['status_reason'])
        task = self.valence.task(made.json['task_uuid'])
        self.assertEqual(503, task['error']['status'])
        self.assertEqual(fixtures.NOTHING, self.valence.traces())

    def test_one_that_hangs(self):
        valence = self.useFixture(
            fixtures.Valence(conductor__probe_timeout=0.2)
        )
        valence.pods[0].set_modes(latency_ms=1000)
        made = valence.register(settle=False)
        self.assertEqual('Offline', made['status'])

    def test_while_the_conductor_is_away(self):
        bare = self.useFixture(fixtures.Bare())
        answer = bare.client.post(PATH, self.body())
        self.assertEqual(201, answer.status)
        self.assertEqual('Unknown', answer.json['status'])
        (task,) = bare.client.get('/v1/tasks').json
        self.assertEqual('pending', task['state'])


class PodManagerTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(fixtures.Valence(simulator={'pods': 2}))
        self.client = self.valence.client
        self.podm = self.valence.register()
        self.path = f'{PATH}/{self.podm["uuid"]}'

    def rows(self):
        """Count all rows but those of services and tasks."""
        database = self.valence.database
        return sum(
            len(table.list(query=Query()))
            for table in (
                database.pod_managers,
                database.resources,
                database.nodes,
            )
        )

    def test_by_uuid_and_by_name(self):
        self.assertEqual(self.podm, self.client.get(self.path).json)
        self.assertEqual(self.podm, self.client.get(f'{PATH}/podm-0').json)

    def test_filters(self):
        for query in (
            'name=podm-0',
            'status=Online',
            'driver=redfishv1',
            f'url={self.valence.urls[0]}',
        ):
            self.assertEqual(
                [self.podm], self.client.get(f'{PATH}?{query}').json
            )
        self.assertEqual([], self.client.get(f'{PATH}?status=Offline').json)

    def test_change(self):
        values = {
            'name': 'q',
            'description': 'd',
            'location': 'l',
            'max_tasks': 9,
            'tls': {'verify': False},
        }
        answer = self.client.patch(self.path, values)
        self.assertEqual(200, answer.status)
        shown = self.client.get(self.path).json
        self.assertEqual(values, {name: shown[name] for name in values})
        self.client.patch(self.path, {'description': None, 'location': None})
        self.assertIsNone(self.client.get(self.path).json['description'])

    def test_changed_url_counts_at_once(self):
        answer = self.client.patch(self.path, {'url': closed_port()})
        self.assertEqual(200, answer.status)
        task = self.valence.waiting('POST', f'{self.path}/sync')
        self.assertEqual(503, task.status)

    def test_changed_credentials_count_at_once(self):
        for password, status in ((fixtures.CANARY, 200), ('wrong', 409)):
            authentication = fixtures.authentication(password)
            self.client.patch(self.path, {'authentication': authentication})
            answer = self.valence.waiting('POST', f'{self.path}/sync')
            self.assertEqual(status, answer.status)
        self.assertEqual(
            'Unauthorized', self.client.get(self.path).json['status']
        )
        authentication = fixtures.authentication()
        self.client.patch(self.path, {'authentication': authentication})
        answer = self.valence.waiting('POST', f'{self.path}/sync')
        self.assertEqual(200, answer.status)
        self.assertEqual('Online', answer.json['status'])
        self.assertIsNone(answer.json['sync_error'])

    def test_wrong_changes(self):
        self.valence.register(1)
        for body, status, words in (
            ({'name': 'podm-1'}, 400, 'duplicated name or url !'),
            ({'url': self.valence.urls[1]}, 400, 'duplicated name or url !'),
            ({'driver': 'x'}, 404, 'Driver x is not known'),
            ({'url': 'h'}, 400, 'url must be of the form'),
            ({'name': None}, 400, 'name must be a string'),
            ({'status': 'Online'}, 400, 'status is not known'),
            ({'uuid': 'x'}, 400, 'uuid is not known'),
            ({'authentication': []}, 400, 'authentication must be a list'),
        ):
            answer = self.client.patch(self.path, body)
            self.assertEqual(status, answer.status, body)
            self.assertIn(words, answer.json['detail'])
        self.assertEqual(self.podm, self.client.get(self.path).json)

    def test_sync(self):
        answer = self.client.post(f'{self.path}/sync')
        self.assertEqual(202, answer.status)
        uuid = answer.json['task_uuid']
        self.assertEqual(f'/v1/tasks/{uuid}', answer.headers['Location'])
        self.assertEqual('ACCEPTED', answer.json['code'])
        task = self.valence.task(uuid)
        self.assertEqual(0, task['result']['added'])
        self.assertEqual(4, task['result']['systems'])

    def test_sync_and_wait(self):
        answer = self.valence.waiting('POST', f'{self.path}/sync', {})
        self.assertEqual(200, answer.status)
        self.assertEqual('wait', answer.headers['Preference-Applied'])
        self.assertEqual(self.podm['uuid'], answer.json['uuid'])

    def test_one_sync_at_a_time(self):
        self.valence.pods[0].set_modes(latency_ms=100)
        first = self.client.post(f'{self.path}/sync').json['task_uuid']
        for method, path in (
            ('POST', f'{self.path}/sync'),
            ('DELETE', self.path),
        ):
            answer = self.client.call(method, path)
            self.assertEqual(409, answer.status)
            self.assertIn(first, answer.json['detail'])
        self.assertEqual('Completed', self.valence.task(first)['status'])

    def test_delete(self):
        answer = self.client.delete(self.path)
        self.assertEqual(202, answer.status)
        self.assertIn('task_uuid', answer.json)
        self.valence.traces()
        self.assertEqual(404, self.client.get(self.path).status)
        self.assertEqual(0, self.rows())
        self.valence.register()

    def test_delete_and_wait(self):
        answer = self.valence.waiting('DELETE', self.path)
        self.assertEqual(200, answer.status)
        self.assertEqual('DELETED', answer.json['detail'])
        self.assertEqual(0, self.rows())

    def test_delete_one_that_has_nodes(self):
        self.valence.compose('one')
        self.valence.compose('two')
        for path in (self.path, f'{self.path}?force=false'):
            answer = self.client.delete(path)
            self.assertEqual(409, answer.status)
            self.assertIn('one, two', answer.json['detail'])
        self.assertEqual('Online', self.client.get(self.path).json['status'])
        self.assertEqual(['one', 'two'], self.valence.traces()['composed'])

    def test_delete_with_force(self):
        self.valence.compose('one')
        self.valence.compose('two')
        answer = self.valence.waiting('DELETE', f'{self.path}?force=true')
        self.assertEqual(200, answer.status)
        self.assertEqual(fixtures.NOTHING, self.valence.traces())
        self.assertEqual(0, self.rows())

    def test_delete_with_force_while_it_is_away(self):
        self.valence.compose('one')
        self.valence.pods[0].set_modes(status=500)
        answer = self.valence.waiting('DELETE', f'{self.path}?force=true')
        self.assertGreaterEqual(answer.status, 400)
        self.valence.pods[0].clear_modes()
        self.assertEqual(
            {
                'nodes': ['one'],
                'composed': ['one'],
                'running': [],
                'reserved': [],
            },
            self.valence.traces(),
        )
        record = self.client.get(self.path).json
        self.assertEqual('Online', record['status'])
        answer = self.valence.waiting('DELETE', f'{self.path}?force=true')
        self.assertEqual(200, answer.status)

    def test_wrong_force(self):
        answer = self.client.delete(f'{self.path}?force=yes')
        self.assertEqual(400, answer.status)
        self.assertIn('force must be', answer.json['detail'])

    def test_unknown(self):
        for method, path, body in (
            ('GET', f'{PATH}/x', None),
            ('PATCH', f'{PATH}/x', {}),
            ('DELETE', f'{PATH}/x', None),
            ('POST', f'{PATH}/x/sync', None),
        ):
            answer = self.client.call(method, path, body)
            self.assertEqual(404, answer.status)
            self.assertEqual(
                'Pod Manager x not found in database.', answer.json['detail']
            )
