import testtools

from tests.unit.api import fixtures

PROPERTIES = {
    'processor': {'total_cores': 16, 'model': 'Xeon'},
    'memory': {'capacity_mib': 65536, 'type': 'DRAM'},
    'local_drive': {'capacity_gib': 100, 'type': 'SSD'},
    'network': {'speed_mbps': 1000},
}


class FlavorsTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(fixtures.Valence())
        self.client = self.valence.client

    def create(self, name='f', **more):
        body = {'name': name, 'properties': PROPERTIES} | more
        return self.client.post('/v1/flavors', body)

    def test_create(self):
        answer = self.create(description='d')
        self.assertEqual(201, answer.status)
        made = answer.json
        self.assertEqual('f', made['name'])
        self.assertEqual('d', made['description'])
        self.assertEqual(PROPERTIES, made['properties'])
        for ident in (made['uuid'], 'f'):
            self.assertEqual(
                made, self.client.get(f'/v1/flavors/{ident}').json
            )
        self.assertEqual([made], self.client.get('/v1/flavors').json)

    def test_numbers_in_strings(self):
        properties = {'memory': {'capacity_mib': '1024'}}
        made = self.create(properties=properties).json
        self.assertEqual(
            {'memory': {'capacity_mib': 1024}}, made['properties']
        )

    def test_name_taken(self):
        self.create()
        answer = self.create()
        self.assertEqual(409, answer.status)
        self.assertIn('named f exists already', answer.json['detail'])
        self.assertEqual(1, len(self.client.get('/v1/flavors').json))

    def test_what_is_required(self):
        answer = self.client.post('/v1/flavors', {})
        self.assertEqual(400, answer.status)
        self.assertIn('name is required', answer.json['detail'])
        self.assertIn('properties is required', answer.json['detail'])

    def test_change(self):
        path = f'/v1/flavors/{self.create().json["uuid"]}'
        answer = self.client.patch(path, {'name': 'g', 'description': 'e'})
        self.assertEqual(200, answer.status)
        self.assertEqual('g', answer.json['name'])
        self.assertEqual(PROPERTIES, answer.json['properties'])
        properties = {'memory': {'capacity_mib': 1}}
        self.client.patch(path, {'properties': properties})
        self.assertEqual(properties, self.client.get(path).json['properties'])

    def test_change_nothing(self):
        made = self.create().json
        answer = self.client.patch('/v1/flavors/f', {})
        self.assertEqual(made['properties'], answer.json['properties'])

    def test_change_to_a_name_that_is_taken(self):
        self.create('f')
        self.create('g')
        answer = self.client.patch('/v1/flavors/g', {'name': 'f'})
        self.assertEqual(409, answer.status)
        self.assertEqual(200, self.client.get('/v1/flavors/g').status)

    def test_unchangeable(self):
        self.create()
        for field in ('uuid', 'project_id', 'created_at', 'public'):
            answer = self.client.patch('/v1/flavors/f', {field: 'x'})
            self.assertEqual(400, answer.status)
            self.assertIn(f'{field} is not known', answer.json['detail'])

    def test_delete(self):
        made = self.create().json
        answer = self.client.delete(f'/v1/flavors/{made["uuid"]}')
        self.assertEqual(200, answer.status)
        self.assertEqual('DELETED', answer.json['code'])
        self.assertIn(made['uuid'], answer.json['detail'])
        self.assertEqual([], self.client.get('/v1/flavors').json)

    def test_unknown(self):
        for method, body in (('GET', None), ('PATCH', {}), ('DELETE', None)):
            answer = self.client.call(method, '/v1/flavors/x', body)
            self.assertEqual(404, answer.status)
            self.assertEqual(
                'Flavor x not found in database.', answer.json['detail']
            )

    def test_compose(self):
        flavor = self.create(properties={'memory': {'capacity_mib': 1024}})
        podm = self.valence.register()
        for name, ident in (('one', flavor.json['uuid']), ('two', 'f')):
            node = self.valence.compose(name, flavor_id=ident)
            self.assertEqual(flavor.json['uuid'], node['flavor_id'])
            self.assertEqual(flavor.json['properties'], node['properties'])
            self.assertEqual(podm['uuid'], node['podm_id'])
