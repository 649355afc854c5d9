import datetime
import socket
import threading

import testtools
import trustme
from fixtures import MonkeyPatch

from tests.unit.api import fixtures
from tests.unit.api import test_reference as reference
from tests.unit.common.resolver import NAME, Resolver
from valence.db.api import Query
from valence.podm.pool import Pool

PATH = '/v1/pod_managers'
_CLOSED = {'state': 'closed', 'failures': 0, 'retry_at': None}
_STRANGER = '7d3f1c52-4f0e-4b1c-9a55-0d8f5b8f3c11'


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
        self.assertEqual([], record['findings'])
        self.assertEqual(_CLOSED, record['breaker'])

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
        self.assertEqual(
            (4, 4, 0),
            tuple(
                record['usage'][name]
                for name in ('systems', 'free_systems', 'composed_nodes')
            ),
        )
        self.assertIsNotNone(record['synced_at'])
        self.assertIsNone(record['sync_error'])
        self.assertIsNone(record['task_uuid'])
        self.assertEqual(4, len(self.client.get('/v1/systems').json))

    def test_first_sync_is_told_although_it_has_ended(self):
        get = Pool.get

        def get_later(pool, podm, *, probing=False):
            if probing:
                fixtures.eventually(
                    lambda: self.synced(podm.uuid)['synced_at']
                )
            return get(pool, podm, probing=probing)

        self.useFixture(MonkeyPatch('valence.podm.pool.Pool.get', get_later))
        made = self.post().json
        self.assertIsNone(self.synced(made['uuid'])['task_uuid'])
        task = self.valence.task(made['task_uuid'])
        self.assertEqual('sync_pod_manager', task['action'])

    def synced(self, uuid):
        return self.client.get(f'{PATH}/{uuid}').json

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
            'http://h?x=y',
            'http://h/#x',
            'http://h.',
            'http://2130706433',
            'http://0177.0.0.1',
            'http://0x7f.1',
            'http://127.1',
            'http://127.0.0.1.',
            'http://\uff11\uff12\uff17.0.0.1',
            'http://%31%32%37.0.0.1',
            'http://[fe80::1%25eth0]',
            'http://169.254.169.254\\@h',
        ):
            detail = self.refused(400, url=url)
            self.assertIn('url must be of the form', detail)

    def test_urls_that_lead_where_no_pod_manager_is(self):
        for host, kind in (
            ('169.254.169.254', 'the metadata service of a cloud'),
            ('[::ffff:169.254.169.254]', 'the metadata service of a cloud'),
            ('[::1]', 'loopback'),
            ('[fe80::1]', 'link-local'),
            ('0.0.0.0', 'unspecified'),  # noqa: S104
            ('224.0.0.1', 'multicast'),
        ):
            detail = self.refused(400, url=f'http://{host}:8443')
            self.assertIn(kind, detail)
            self.assertIn('[http_client] allowed_networks', detail)

    def test_this_machine(self):
        valence = self.useFixture(
            fixtures.Bare(http_client__allowed_networks=[])
        )
        for host in ('127.0.0.1', '[::ffff:127.0.0.1]', 'localhost'):
            body = self.body(url=f'http://{host}')
            answer = valence.client.post(PATH, body)
            self.assertEqual(400, answer.status)
            self.assertIn('which is loopback', answer.json['detail'])

    def test_name_that_leads_to_this_machine(self):
        self.useFixture(Resolver(['127.0.0.1']))
        valence = self.useFixture(
            fixtures.Valence(http_client__allowed_networks=[])
        )
        url = valence.urls[0].replace('127.0.0.1', NAME)
        made = valence.client.post(PATH, self.body(url=url)).json
        self.assertEqual('Offline', made['status'])
        self.assertIn('which is loopback', made['status_reason'])
        error = valence.task(made['task_uuid'])['error']
        self.assertEqual('podm_address_refused', error['code'])
        self.assertEqual(409, error['status'])
        self.assertEqual({}, valence.pods[0].stats()['requests'])

    def test_tls(self):
        pem = trustme.CA().cert_pem.bytes().decode()
        for number, (tls, shown) in enumerate(
            (
                ({'verify': True}, {'verify': True}),
                ({'ca': pem}, {'ca': pem}),
                (
                    {'fingerprint': '0a' * 32},
                    {'fingerprint': ':'.join(['0A'] * 32)},
                ),
            )
        ):
            url = f'http://127.0.0.1:1/{number}'
            answer = self.post(name=f'p{number}', url=url, tls=tls)
            self.assertEqual(201, answer.status, answer.body)
            self.assertEqual(shown, answer.json['tls'])

    def test_bad_tls(self):
        authority = trustme.CA()
        pem = authority.cert_pem.bytes().decode()
        key = authority.private_key_pem.bytes().decode()
        for tls, words in (
            ({'ca': '/etc/ssl/ca.pem'}, 'tls.ca must be certificates as PEM'),
            ({'ca': pem + key}, 'tls.ca must not hold a private key'),
            ({'ca': pem * 200}, 'tls.ca must have 1 to'),
            ({'fingerprint': 'AB:CD'}, 'tls.fingerprint must be a SHA-256'),
            ({'fingerprint': 7}, 'tls.fingerprint must be a string'),
            ({'verify': False, 'ca': pem}, 'tls.verify is false'),
            (
                {'verify': False, 'fingerprint': '0a' * 32},
                'tls.verify is false',
            ),
        ):
            self.assertIn(words, self.refused(400, tls=tls))

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
        first = self.client.post(f'{self.path}/sync')
        again = self.client.post(f'{self.path}/sync')
        self.assertEqual((202, 202), (first.status, again.status))
        self.assertEqual(first.json['task_uuid'], again.json['task_uuid'])
        self.assertEqual(first.headers['Location'], again.headers['Location'])
        key = {'Idempotency-Key': 'k'}
        self.client.post(f'{self.path}/sync', headers=key)
        again = self.client.post(f'{self.path}/sync', headers=key)
        self.assertEqual('true', again.headers['Idempotent-Replayed'])
        self.assertEqual(first.json['task_uuid'], again.json['task_uuid'])
        waited = self.valence.waiting('POST', f'{self.path}/sync')
        self.assertEqual(200, waited.status, waited.body)
        self.assertEqual(self.podm['uuid'], waited.json['uuid'])

    def test_sync_that_another_one_follows(self):
        self.valence.pods[0].set_modes(latency_ms=100)
        for _ in range(2):
            task = self.client.post(f'{self.path}/sync').json['task_uuid']
        self.valence.task(task)
        syncs = '/v1/tasks?action=sync_pod_manager'
        # Of the registration, of the request, and one that nobody asked for.
        fixtures.eventually(lambda: len(self.client.get(syncs).json) == 3)
        self.valence.traces()
        self.assertEqual(3, len(self.client.get(syncs).json))

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


class SyncedTest(testtools.TestCase):
    """What syncs find, and when they come."""

    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(fixtures.Valence())
        self.client = self.valence.client
        self.podm = self.valence.register()
        self.path = f'{PATH}/{self.podm["uuid"]}'
        self.pod = self.valence.pods[0]

    def found(self):
        """Sync, and give what was found amiss."""
        answer = self.valence.waiting('POST', f'{self.path}/sync')
        self.assertEqual(200, answer.status, answer.body)
        return answer.json['findings']

    def test_nothing(self):
        self.valence.compose()
        self.pod.appear('nobody has tagged it')
        self.assertEqual([], self.found())

    def test_orphan(self):
        number = self.pod.appear(f'valence-{_STRANGER}')
        (finding,) = self.found()
        self.assertEqual('orphan', finding['kind'])
        self.assertEqual(_STRANGER, finding['node_uuid'])
        url = f'/redfish/v1/Nodes/{number}'
        self.assertEqual(url, finding['resource_url'])
        self.assertIn('nothing is known', finding['detail'])
        self.assertFalse(finding['repaired'])
        self.assertEqual(1, len(self.pod.stats()['nodes']))

    def test_fields_are_those_of_the_reference(self):
        self.pod.appear(f'valence-{_STRANGER}')
        (finding,) = self.found()
        sample = reference.sample('pod-manager-show-response.json')
        self.assertEqual(sample['findings'][0].keys(), finding.keys())

    def test_orphan_of_our_own_is_repaired(self):
        node = self.valence.compose()
        self.pod.appear(f'valence-{node["uuid"]}')
        (finding,) = self.found()
        self.assertEqual('orphan', finding['kind'])
        self.assertTrue(finding['repaired'])
        self.assertEqual(['node'], self.valence.traces()['composed'])
        self.assertEqual([], self.found())

    def test_missing(self):
        node = self.valence.compose()
        self.pod.forget(node['index'])
        (finding,) = self.found()
        self.assertEqual('missing', finding['kind'])
        self.assertEqual(node['uuid'], finding['node_uuid'])
        self.assertFalse(finding['repaired'])
        shown = self.client.get(f'/v1/nodes/{node["uuid"]}').json
        self.assertEqual('missing', shown['state'])
        self.assertIn('does not have it any more', shown['state_reason'])

    def test_missing_nodes_are_found_by_their_state(self):
        nodes = [self.valence.compose(name) for name in ('one', 'two')]
        self.pod.forget(nodes[0]['index'])
        self.found()
        found = self.client.get('/v1/nodes?state=missing').json
        self.assertEqual(['one'], [node['name'] for node in found])

    def test_missing_node_is_deleted(self):
        node = self.valence.compose()
        self.pod.forget(node['index'])
        self.found()
        answer = self.valence.waiting('DELETE', f'/v1/nodes/{node["uuid"]}')
        self.assertEqual(200, answer.status)
        self.assertEqual(fixtures.NOTHING, self.valence.traces())
        self.assertEqual([], self.found())

    def test_moved(self):
        node = self.valence.compose()
        self.pod.forget(node['index'])
        number = self.pod.appear(f'valence-{node["uuid"]}')
        (finding,) = self.found()
        self.assertEqual('moved', finding['kind'])
        self.assertTrue(finding['repaired'])
        shown = self.client.get(f'/v1/nodes/{node["uuid"]}').json
        url = f'/redfish/v1/Nodes/{number}'
        self.assertEqual(url, shown['resource_uri'])
        self.assertEqual('composed', shown['state'])
        self.assertIsNone(shown['state_reason'])

    def test_next_one(self):
        shown = self.client.get(self.path).json
        pause = _time(shown['next_sync_at']) - _time(shown['synced_at'])
        # The first ones are spread: 300 s, more or less a half, and of that a
        # fifth, and cut to whole seconds.
        self.assertTrue(119 <= pause.total_seconds() <= 541, pause)

    def test_by_themselves(self):
        valence = self.useFixture(
            fixtures.Valence(conductor__sync_interval=0.1)
        )
        podm = valence.register()
        valence.pods[0].appear(f'valence-{_STRANGER}')
        path = f'{PATH}/{podm["uuid"]}'
        fixtures.eventually(lambda: valence.client.get(path).json['findings'])


class BreakerTest(testtools.TestCase):
    """A pod manager that does not answer is left alone."""

    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(
            fixtures.Valence(
                simulator={'pods': 2},
                tasks__breaker_failures=1,
                tasks__breaker_pause=600,
            )
        )
        self.client = self.valence.client
        self.podm = self.valence.register()
        self.path = f'{PATH}/{self.podm["uuid"]}'
        self.valence.pods[0].set_modes(dead=True)
        answer = self.valence.waiting('POST', f'{self.path}/sync')
        self.assertEqual(503, answer.status)

    def breaker(self):
        return self.client.get(self.path).json['breaker']

    def test_open(self):
        shown = self.client.get(self.path).json
        self.assertEqual('open', shown['breaker']['state'])
        self.assertLessEqual(1, shown['breaker']['failures'])
        self.assertIsNotNone(shown['breaker']['retry_at'])
        self.assertEqual('Offline', shown['status'])
        self.assertIn('cannot be reached', shown['status_reason'])

    def test_refused_without_a_call(self):
        self.valence.pods[0].clear_modes()
        before = self.valence.pods[0].stats()['requests']
        answer = self.valence.waiting('POST', f'{self.path}/sync')
        self.assertEqual(503, answer.status)
        self.assertIn('the next one is made after', answer.json['detail'])
        self.assertEqual(before, self.valence.pods[0].stats()['requests'])

    def test_changed_url_counts_at_once(self):
        answer = self.client.patch(self.path, {'url': self.valence.urls[1]})
        self.assertEqual(_CLOSED, answer.json['breaker'])
        # A sync follows by itself.
        fixtures.eventually(
            lambda: self.client.get(self.path).json['status'] == 'Online'
        )
        self.assertEqual(_CLOSED, self.breaker())

    def test_changed_tls_counts_at_once(self):
        self.valence.pods[0].clear_modes()
        self.client.patch(self.path, {'tls': {'verify': False}})
        fixtures.eventually(
            lambda: self.client.get(self.path).json['status'] == 'Online'
        )

    def test_other_changes_do_not_close_it(self):
        self.client.patch(self.path, {'description': 'd', 'max_tasks': 2})
        self.assertEqual('open', self.breaker()['state'])


class AnswersAgainTest(testtools.TestCase):
    def test_breaker_is_closed(self):
        valence = self.useFixture(
            fixtures.Valence(
                tasks__breaker_failures=1, tasks__breaker_pause=0.1
            )
        )
        path = f'{PATH}/{valence.register()["uuid"]}'
        valence.pods[0].set_modes(dead=True)
        valence.waiting('POST', f'{path}/sync')
        self.assertEqual('Offline', valence.client.get(path).json['status'])
        valence.pods[0].clear_modes()
        fixtures.eventually(
            lambda: valence.client.get(path).json['status'] == 'Online'
        )
        shown = valence.client.get(path).json
        self.assertEqual(_CLOSED, shown['breaker'])
        self.assertIsNone(shown['status_reason'])


class SlotsTest(testtools.TestCase):
    """No more tasks at once than a pod manager shall have."""

    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(fixtures.Valence(tasks__threads=8))
        self.client = self.valence.client
        self.pod = self.valence.pods[0]
        self.pod.set_modes(act_ms=200)

    def most_at_once(self):
        """Compose four nodes, and give how many went on at once."""
        asked = [
            threading.Thread(target=self.valence.compose, args=[f'n{number}'])
            for number in range(4)
        ]
        for thread in asked:
            thread.start()
        for thread in asked:
            thread.join()
        self.assertEqual(4, len(self.valence.traces()['composed']))
        return self.pod.stats()['running_most']

    def test_one(self):
        self.valence.register(max_tasks=1)
        self.assertEqual(1, self.most_at_once())

    def test_changed(self):
        podm = self.valence.register(max_tasks=1)
        path = f'{PATH}/{podm["uuid"]}'
        self.client.patch(path, {'max_tasks': 2})
        self.assertEqual(2, self.most_at_once())


def _time(text):
    return datetime.datetime.strptime(text, '%Y-%m-%d %H:%M:%S UTC')
