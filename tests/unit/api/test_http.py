"""The application behind a real server, asked by a real client."""

import http.client
import json

import requests
import testtools

from tests.unit.api import fixtures


class HttpTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(fixtures.Valence())
        application = self.valence.api.application
        self.served = self.useFixture(fixtures.Served(application))
        self.session = requests.Session()
        self.session.trust_env = False
        self.addCleanup(self.session.close)

    def call(self, method, path, **more):
        answer = self.session.request(
            method, self.served.url + path, timeout=20, **more
        )
        fixtures.check(
            fixtures.Answer(answer.status_code, answer.headers, answer.content)
        )
        return answer

    def test_story(self):
        body = {
            'name': 'p',
            'url': self.valence.urls[0],
            'authentication': fixtures.authentication(),
        }
        made = self.call('POST', '/v1/pod_managers', json=body)
        self.assertEqual(201, made.status_code)
        accepted = self.call('POST', '/v1/nodes/', json={'name': 'n'})
        self.assertEqual(202, accepted.status_code)
        path = f'{accepted.headers["Location"]}?wait=20'
        task = self.call('GET', path).json()
        self.assertEqual('Completed', task['status'])
        node = self.call('GET', '/v1/nodes/n').json()
        self.assertEqual('composed', node['state'])
        gone = self.call(
            'DELETE', '/v1/nodes/n', headers={'Prefer': 'wait=20'}
        )
        self.assertEqual(200, gone.status_code)
        self.assertEqual(fixtures.NOTHING, self.valence.traces())

    def test_sent_again(self):
        first, again = (
            self.call(
                'POST',
                path,
                json={'name': 'n'},
                headers={'Idempotency-Key': 'k', **more},
            )
            for path, more in (
                ('/v1/nodes', {}),
                ('/v1/nodes/', {'Prefer': 'wait=1'}),
            )
        )
        self.assertEqual(202, again.status_code)
        self.assertEqual(first.content, again.content)
        self.assertNotIn('Idempotent-Replayed', first.headers)
        self.assertEqual('true', again.headers['Idempotent-Replayed'])

    def test_empty_key(self):
        answer = self.call(
            'POST',
            '/v1/nodes',
            json={'name': 'n'},
            headers={'Idempotency-Key': ''},
        )
        self.assertEqual(400, answer.status_code)

    def test_as_the_old_client_asks(self):
        headers = {
            'User-agent': 'python-valenceclient',
            'Accept': 'application/json',
            'Content-Type': 'application/json',
        }
        for method, path in (
            ('GET', '/v1/pod_managers'),
            ('GET', '/v1/pod_managers/x'),
            ('DELETE', '/v1/pod_managers/x'),
        ):
            answer = self.call(method, path, data='{}', headers=headers)
            self.assertIn(answer.status_code, (200, 404))
        body = json.dumps(
            {
                'name': 'p',
                'url': self.valence.urls[0],
                'driver': 'redfishv1',
                'authentication': fixtures.authentication(),
            }
        )
        made = self.call(
            'POST', '/v1/pod_managers', data=body, headers=headers
        ).json()
        for name in ('uuid', 'name', 'url', 'driver', 'status', 'created_at'):
            self.assertTrue(made[name])
        path = f'/v1/pod_managers/{made["uuid"]}'
        self.valence.task(made['task_uuid'])
        answer = self.call('DELETE', path, data='{}', headers=headers)
        self.assertEqual(202, answer.status_code)
        self.assertEqual(fixtures.NOTHING, self.valence.traces())

    def test_head_is_a_get_without_its_body(self):
        for path, status in (('/healthcheck', 200), ('/nowhere', 404)):
            answer = self.session.head(self.served.url + path, timeout=30)
            self.assertEqual(
                (status, b''), (answer.status_code, answer.content)
            )

    def test_links_lead_back(self):
        link = self.call('GET', '/v1').json()['nodes'][0]['href']
        answer = self.session.get(link, timeout=20)
        self.assertEqual(200, answer.status_code)

    def test_next_leads_on(self):
        for name in 'ab':
            body = {'name': name, 'properties': {}}
            self.call('POST', '/v1/flavors', json=body)
        answer = self.call('GET', '/v1/flavors?limit=1')
        answer = self.session.get(answer.links['next']['url'], timeout=20)
        self.assertEqual(['b'], [each['name'] for each in answer.json()])

    def test_chunked(self):
        def chunks(*parts):
            yield from parts

        headers = {'Content-Type': 'application/json'}
        answer = self.call(
            'POST',
            '/v1/flavors',
            data=chunks(b'{"name": "f", ', b'"properties": {}}'),
            headers=headers,
        )
        self.assertEqual(201, answer.status_code)

    def test_chunked_without_end(self):
        connection = http.client.HTTPConnection(*self.served.address)
        self.addCleanup(connection.close)
        connection.putrequest('POST', '/v1/flavors')
        connection.putheader('Content-Type', 'application/json')
        connection.putheader('Transfer-Encoding', 'chunked')
        connection.endheaders()
        chunk = b'10000\r\n' + b' ' * 65536 + b'\r\n'
        for _ in range(17):
            connection.send(chunk)
        self.assertEqual(413, connection.getresponse().status)

    def test_raw_bytes_in_the_path(self):
        connection = http.client.HTTPConnection(*self.served.address)
        self.addCleanup(connection.close)
        for path in ('/v1/tasks/%ff', '/v1/tasks?action=%ff'):
            connection.request('GET', path)
            answer = connection.getresponse()
            self.assertEqual(400, answer.status)
            self.assertIn('UTF-8', json.load(answer)['detail'])
