import testtools

from tests.unit.api import fixtures

HEADER = 'X-Openstack-Request-Id'


class RequestIdTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(fixtures.Valence())
        self.client = self.valence.client

    def test_on_every_answer(self):
        # What it looks like is checked by the client.
        ids = {
            self.client.call(method, path).request_id
            for method, path in (
                ('GET', '/'),
                ('GET', '/v1/nodes'),
                ('GET', '/nothing'),
                ('PUT', '/v1'),
                ('POST', '/v1/nodes'),
                ('GET', '/%ff'),
            )
        }
        self.assertEqual(6, len(ids))

    def test_not_taken_from_outside(self):
        given = 'req-00000000-0000-0000-0000-000000000000'
        answer = self.client.get('/', headers={HEADER: given})
        self.assertNotEqual(given, answer.request_id)

    def test_of_the_task(self):
        answer = self.client.post('/v1/nodes', {'name': 'n'})
        task = self.valence.task(answer.json['task_uuid'])
        self.assertEqual(answer.request_id, task['request_id'])

    def test_of_the_first_sync(self):
        body = {
            'name': 'p',
            'url': self.valence.urls[0],
            'authentication': fixtures.authentication(),
        }
        answer = self.client.post('/v1/pod_managers', body)
        task = self.valence.task(answer.json['task_uuid'])
        self.assertEqual(answer.request_id, task['request_id'])

    def test_of_a_confirmation(self):
        podm = self.valence.register()
        answer = self.client.delete(f'/v1/pod_managers/{podm["uuid"]}')
        self.assertEqual(answer.request_id, answer.json['request_id'])
        self.valence.traces()
