import testtools

from tests.unit.api import fixtures

PATH = '/v1/chassis'


class ChassisTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(
            fixtures.Valence(
                simulator={'pods': 2, 'systems': 10}, inventory__ttl=0
            )
        )
        self.client = self.valence.client
        self.podms = [self.valence.register(number) for number in (0, 1)]

    def chassis(self, query=''):
        answer = self.client.get(f'{PATH}{query}')
        self.assertEqual(200, answer.status, answer.body)
        return {chassis['uuid']: chassis for chassis in answer.json}

    def test_tree(self):
        found = self.chassis()
        roots = [each for each in found.values() if not each['parent_uuid']]
        self.assertEqual(['Rack', 'Rack'], [each['kind'] for each in roots])
        for root in roots:
            drawers = [found[uuid] for uuid in root['children']]
            self.assertEqual(
                ['1-d-1', '1-j-1', '2-d-1'],
                sorted(drawer['id'] for drawer in drawers),
            )
            systems = []
            for drawer in drawers:
                self.assertEqual(root['uuid'], drawer['parent_uuid'])
                self.assertEqual([], drawer['systems'])
                for uuid in drawer['children']:
                    self.assertEqual('Sled', found[uuid]['kind'])
                    systems += found[uuid]['systems']
            path = f'/v1/systems?podm_id={root["podm_id"]}'
            known = [each['uuid'] for each in self.client.get(path).json]
            self.assertEqual(sorted(known), sorted(systems))

    def test_pages_tell_of_each_other(self):
        found, path = {}, f'{PATH}?limit=3'
        while path:
            answer = self.client.get(path)
            found |= {each['uuid']: each for each in answer.json}
            link = answer.headers.get('Link', '')
            path = link.partition('>')[0].removeprefix('<')
        whole = self.chassis()
        self.assertEqual(
            {uuid: each['children'] for uuid, each in whole.items()},
            {uuid: each['children'] for uuid, each in found.items()},
        )
        self.assertEqual(28, len(found))

    def test_shape(self):
        path = f'?kind=Sled&podm_id={self.podms[0]["uuid"]}'
        sled = next(
            each
            for each in self.chassis(path).values()
            if each['id'] == '1-c-1'
        )
        self.assertEqual('Sled', sled['name'])
        self.assertEqual('OK', sled['health'])
        self.assertEqual('D50TNP1', sled['model'])
        self.assertEqual('SLD000000000000', sled['serial_number'])
        self.assertEqual('Pod-0-Rack-1-Drawer-1-Sled-1-c-1', sled['location'])
        self.assertIsNotNone(sled['observed_at'])
        one = self.client.get(f'{PATH}/{sled["uuid"]}').json
        self.assertEqual(
            sled | {'observed_at': None}, one | {'observed_at': None}
        )

    def test_of_a_kind(self):
        for kind, number in (('Rack', 2), ('Drawer', 6), ('Blade', 0)):
            found = self.chassis(f'?kind={kind}')
            self.assertEqual(number, len(found))
            self.assertLessEqual(
                {each['kind'] for each in found.values()}, {kind}
            )

    def test_wrong_kind(self):
        answer = self.client.get(f'{PATH}?kind=Cupboard')
        self.assertEqual(400, answer.status)
        self.assertIn('Sled', answer.json['detail'])

    def test_unknown(self):
        system = self.client.get('/v1/systems').json[0]['uuid']
        for uuid in ('x', system):
            answer = self.client.get(f'{PATH}/{uuid}')
            self.assertEqual(404, answer.status)
            self.assertEqual(
                f'Chassis {uuid} not found in database.',
                answer.json['detail'],
            )

    def test_a_pod_manager_that_is_away(self):
        self.valence.pods[0].set_modes(away=True)
        away = self.chassis(f'?podm_id={self.podms[0]["uuid"]}')
        self.assertEqual(14, len(away))
        for chassis in away.values():
            self.assertEqual('Unknown', chassis['health'])
            told = ('name', 'parent_uuid', 'children', 'systems')
            self.assertEqual(
                [None] * 5,
                [chassis[name] for name in (*told, 'observed_at')],
            )
        kinds = [chassis['kind'] for chassis in away.values()]
        self.assertEqual(1, kinds.count('Rack'))

    def test_what_was_told_last(self):
        query = f'?podm_id={self.podms[0]["uuid"]}'
        before = self.chassis(query)
        self.valence.pods[0].set_modes(away=True)
        after = self.chassis(query)
        for uuid, chassis in before.items():
            self.assertEqual('OK', chassis['health'])
            self.assertEqual(chassis | {'health': 'Unknown'}, after[uuid])
