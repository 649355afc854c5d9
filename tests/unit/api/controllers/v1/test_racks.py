import testtools

from tests.unit.api import fixtures

PATH = '/v1/racks'
DETAIL = {'description', 'location', 'manufacturer', 'model', 'serial_number'}


class RacksTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(
            fixtures.Valence(
                simulator={'pods': 2, 'systems': 10}, inventory__ttl=0
            )
        )
        self.client = self.valence.client
        self.podms = [self.valence.register(number) for number in (0, 1)]

    def systems(self, number):
        """Give the uuids of the systems of a pod manager."""
        path = f'/v1/systems?podm_id={self.podms[number]["uuid"]}'
        return [system['uuid'] for system in self.client.get(path).json]

    def racks(self, query='', **more):
        answer = self.client.get(f'{PATH}{query}', **more)
        self.assertEqual(200, answer.status, answer.body)
        return answer.json

    def test_shape(self):
        rack = self.racks(f'?podm_id={self.podms[0]["uuid"]}')[0]
        self.assertEqual('1-r-1', rack['id'])
        self.assertEqual('Rack', rack['name'])
        self.assertEqual(self.podms[0]['uuid'], rack['podm_id'])
        self.assertEqual('/redfish/v1/Chassis/1-r-1', rack['resource_uri'])
        self.assertIsNotNone(rack['observed_at'])
        self.assertFalse(DETAIL & rack.keys())

    def test_each_rack_has_its_own_systems(self):
        # Those of one rack leaked into the next, and into later requests.
        for _ in range(3):
            found = {rack['podm_id']: rack for rack in self.racks()}
            for number, podm in enumerate(self.podms):
                systems = found[podm['uuid']]['systems']
                self.assertEqual(sorted(self.systems(number)), sorted(systems))

    def test_detail(self):
        for query, body in (
            ('?show_detail=true', None),
            ('', {'show_detail': True}),
            ('', {'podm_id': self.podms[0]['uuid'], 'show_detail': True}),
        ):
            rack = self.racks(query, body=body)[0]
            self.assertLessEqual(DETAIL, rack.keys())
            self.assertEqual('Intel Corporation', rack['manufacturer'])
            self.assertEqual('RSD Rack', rack['model'])
            self.assertRegex(rack['serial_number'], '^RCK')
        for body in ({'show_detail': False}, {}):
            self.assertFalse(DETAIL & self.racks(body=body)[0].keys())

    def test_wrong_flag(self):
        answer = self.client.get(f'{PATH}?show_detail=maybe')
        self.assertEqual(400, answer.status)
        self.assertIn('show_detail', answer.json['detail'])

    def test_of_one_pod_manager(self):
        uuid = self.podms[1]['uuid']
        for query, body in (
            (f'?podm_id={uuid}', None),
            ('', {'podm_id': uuid}),
        ):
            racks = self.racks(query, body=body)
            self.assertEqual([uuid], [rack['podm_id'] for rack in racks])
        self.assertEqual([], self.racks('?podm_id=x'))

    def test_pages(self):
        first = self.client.get(f'{PATH}?limit=1')
        path = first.headers['Link'].partition('>')[0].removeprefix('<')
        second = self.client.get(path)
        found = [rack['podm_id'] for rack in first.json + second.json]
        self.assertEqual({podm['uuid'] for podm in self.podms}, {*found})
        self.assertEqual(2, len(found))

    def test_one(self):
        (rack,) = self.racks(f'?podm_id={self.podms[1]["uuid"]}')
        answer = self.client.get(f'{PATH}/{rack["uuid"]}')
        self.assertEqual(200, answer.status)
        self.assertEqual(rack['systems'], answer.json['systems'])
        self.assertLessEqual(DETAIL, answer.json.keys())

    def test_unknown(self):
        system = self.systems(0)[0]
        chassis = self.client.get('/v1/chassis?kind=Sled').json[0]['uuid']
        for uuid in ('x', system, chassis):
            answer = self.client.get(f'{PATH}/{uuid}')
            self.assertEqual(404, answer.status)
            self.assertEqual(
                f'Rack {uuid} not found in database.', answer.json['detail']
            )

    def test_a_pod_manager_that_is_away(self):
        self.valence.pods[0].set_modes(away=True)
        found = {rack['podm_id']: rack for rack in self.racks()}
        away, there = (found[podm['uuid']] for podm in self.podms)
        self.assertEqual(
            (None, None, None, None),
            (away['id'], away['name'], away['systems'], away['observed_at']),
        )
        self.assertIsNotNone(there['observed_at'])
        answer = self.client.get(f'{PATH}/{away["uuid"]}')
        self.assertEqual(200, answer.status)
        self.assertIsNone(answer.json['serial_number'])

    def test_a_pod_manager_that_hangs(self):
        compute = self.valence.endpoint('valence-compute')
        self.patch(compute, '_patience', 4)
        self.valence.pods[0].set_modes(hang=True)
        self.addCleanup(self.valence.pods[0].clear_modes)
        found = {rack['podm_id']: rack for rack in self.racks()}
        away, there = (found[podm['uuid']] for podm in self.podms)
        self.assertIsNone(away['observed_at'])
        self.assertIsNotNone(there['observed_at'])

    def test_what_was_told_last(self):
        before = {rack['podm_id']: rack for rack in self.racks()}
        self.valence.pods[0].set_modes(away=True)
        after = {rack['podm_id']: rack for rack in self.racks()}
        uuid = self.podms[0]['uuid']
        self.assertEqual(before[uuid], after[uuid])
