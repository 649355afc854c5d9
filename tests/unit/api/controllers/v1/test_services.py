import testtools

from tests.unit.api import fixtures


class ServicesTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.client = self.useFixture(fixtures.Valence()).client

    def services(self, query=''):
        return self.client.get(f'/v1/services{query}').json

    def test_list(self):
        found = self.services('?sort_key=binary')
        self.assertEqual(
            ['valence-compute', 'valence-conductor'],
            [service['binary'] for service in found],
        )
        for service in found:
            self.assertEqual('up', service['status'])
            self.assertEqual('here', service['host'])
            self.assertFalse(service['disabled'])

    def test_filters(self):
        for query in ('?binary=valence-compute', '?topic=valence-compute'):
            (service,) = self.services(query)
            self.assertEqual('valence-compute', service['binary'])
        self.assertEqual(2, len(self.services('?host=here')))
        self.assertEqual([], self.services('?host=there'))

    def test_disable_and_enable(self):
        path = f'/v1/services/{self.services()[0]["uuid"]}'
        answer = self.client.patch(
            path, {'disabled': True, 'disabled_reason': 'a new fan'}
        )
        self.assertEqual(200, answer.status)
        self.assertTrue(answer.json['disabled'])
        self.assertEqual('a new fan', answer.json['disabled_reason'])
        self.assertEqual(answer.json, self.services()[0])
        answer = self.client.patch(path, {'disabled': False})
        self.assertFalse(answer.json['disabled'])
        self.assertIsNone(answer.json['disabled_reason'])

    def test_no_reason_while_enabled(self):
        path = f'/v1/services/{self.services()[0]["uuid"]}'
        answer = self.client.patch(
            path, {'disabled': False, 'disabled_reason': 'none'}
        )
        self.assertIsNone(answer.json['disabled_reason'])

    def test_wrong_bodies(self):
        path = f'/v1/services/{self.services()[0]["uuid"]}'
        for body in ({}, {'disabled': 'yes'}, {'disabled': True, 'up': True}):
            self.assertEqual(400, self.client.patch(path, body).status)

    def test_unknown(self):
        answer = self.client.patch('/v1/services/x', {'disabled': True})
        self.assertEqual(404, answer.status)
        self.assertIn('Service x', answer.json['detail'])
