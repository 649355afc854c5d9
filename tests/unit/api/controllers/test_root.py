import testtools

from tests.unit.api import fixtures


class VersionsTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.client = self.useFixture(fixtures.Bare()).client
        self.headers = {'Host': 'valence.example.com:8181'}

    def test_root(self):
        answer = self.client.get('/', headers=self.headers).json
        self.assertEqual('OpenStack Valence API', answer['name'])
        (version,) = answer['versions']
        self.assertEqual('v1', version['id'])
        self.assertEqual('CURRENT', version['status'])
        self.assertEqual(
            [{'href': 'http://valence.example.com:8181/v1/', 'rel': 'self'}],
            version['links'],
        )

    def test_each_link_leads_somewhere(self):
        answer = self.client.get('/v1', headers=self.headers).json
        self.assertEqual('v1', answer['id'])
        for name in (
            'flavors',
            'nodes',
            'pod_managers',
            'services',
            'systems',
            'tasks',
        ):
            (link,) = answer[name]
            path = link['href'].removeprefix('http://valence.example.com:8181')
            self.assertEqual(f'/v1/{name}/', path)
            # Nobody answers them here, but they are known.
            self.assertIn(self.client.get(path).status, (200, 503))

    def test_media_type(self):
        (kind,) = self.client.get('/v1').json['media_types']
        self.assertEqual('application/json', kind['base'])
