import testtools

from tests.unit.api import fixtures

PARTS = ('processor', 'memory', 'storage', 'network', 'accelerator')


class SystemInventoryTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(
            fixtures.Valence(simulator={'systems': 6}, inventory__ttl=0)
        )
        self.client = self.valence.client
        self.valence.register()
        (self.system,) = self.client.get('/v1/systems?Id=1-s-6').json
        self.path = f'/v1/systems/{self.system["uuid"]}/inventory'

    def get(self):
        answer = self.client.get(self.path)
        self.assertEqual(200, answer.status, answer.body)
        return answer.json

    def test_shape(self):
        shown = self.get()
        for name in ('uuid', 'podm_id', 'resource_uri'):
            self.assertEqual(self.system[name], shown[name])
        self.assertEqual([2, 8, 2, 2, 1], [len(shown[name]) for name in PARTS])
        self.assertEqual('FPGA', shown['accelerator'][0]['device_type'])
        self.assertEqual([], shown['errors'])
        self.assertIsNotNone(shown['observed_at'])
        cores = sum(each['total_core'] for each in shown['processor'])
        self.assertEqual(self.system['cpu']['cores'], str(cores))

    def test_while_the_pod_manager_is_away(self):
        self.valence.pods[0].set_modes(away=True)
        shown = self.get()
        self.assertEqual([None] * 5, [shown[name] for name in PARTS])
        self.assertIsNone(shown['observed_at'])
        (error,) = shown['errors']
        self.assertEqual(self.system['resource_uri'], error['resource_uri'])
        self.assertIn('cannot be reached', error['reason'])

    def test_what_was_told_last(self):
        before = self.get()
        self.valence.pods[0].set_modes(away=True)
        after = self.get()
        self.assertEqual(1, len(after['errors']))
        self.assertEqual(before, after | {'errors': []})

    def test_unknown(self):
        rack = self.client.get('/v1/racks').json[0]['uuid']
        for uuid in ('x', rack):
            answer = self.client.get(f'/v1/systems/{uuid}/inventory')
            self.assertEqual(404, answer.status)
            self.assertEqual(
                f'System {uuid} not found in database.',
                answer.json['detail'],
            )

    def test_gone_at_the_pod_manager(self):
        uuid = self.valence.database.resources.ensure(
            podm_id=self.system['podm_id'],
            url='/redfish/v1/Systems/gone',
            resource_type='ComputerSystem',
        )
        answer = self.client.get(f'/v1/systems/{uuid}/inventory')
        self.assertEqual(404, answer.status)
