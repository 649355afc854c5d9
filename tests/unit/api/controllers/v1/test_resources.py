import testtools

from tests.unit.api import fixtures, personas
from valence.common import exception
from valence.common.policy import Policy
from valence.conf import CONF

PATH = '/v1/resources'


class ResourcesTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(
            fixtures.Valence(simulator={'pods': 2, 'systems': 2})
        )
        self.client = self.valence.client
        self.podms = [self.valence.register(number) for number in (0, 1)]

    def get(self, query='', **more):
        answer = self.client.get(f'{PATH}{query}', **more)
        self.assertEqual(200, answer.status, answer.body)
        return answer.json

    def test_pointers(self):
        found = self.get()
        self.assertLess(20, len(found))
        for each in found:
            self.assertEqual(
                {
                    'uuid',
                    'podm_id',
                    'resource_url',
                    'resource_type',
                    'created_at',
                    'updated_at',
                },
                each.keys(),
            )
        one = self.client.get(f'{PATH}/{found[-1]["uuid"]}').json
        self.assertEqual(found[-1], one)

    def test_filters(self):
        uuid = self.podms[1]['uuid']
        found = self.get(f'?podm_id={uuid}&resource_type=ComputerSystem')
        self.assertEqual(2, len(found))
        self.assertEqual({uuid}, {each['podm_id'] for each in found})
        found = self.get(body={'podm_id': uuid, 'resource_type': 'Drive'})
        self.assertEqual({'Drive'}, {each['resource_type'] for each in found})
        self.assertEqual([], self.get('?podm_id=x'))

    def test_chassis_of_all_kinds_and_of_one(self):
        kinds = {
            each['resource_type']
            for each in self.get('?resource_type=Chassis')
        }
        self.assertLessEqual({'Chassis/Rack', 'Chassis/Sled'}, kinds)
        for kind in kinds:
            self.assertTrue(kind.startswith('Chassis/'))
        found = self.get('?resource_type=Chassis/Rack')
        self.assertEqual(
            {'Chassis/Rack'}, {each['resource_type'] for each in found}
        )

    def test_unknown_type(self):
        for kind in ('Colour', 'chassis', 'Chassis/', ''):
            answer = self.client.get(f'{PATH}?resource_type={kind}')
            self.assertEqual(400, answer.status, kind)
            for name in ('ComputerSystem', 'Chassis,', 'Chassis/Rack'):
                self.assertIn(name, answer.json['detail'])

    def test_pages(self):
        for query in ('', '&resource_type=Chassis', '&detail=true'):
            found, path = [], f'{PATH}?limit=7{query}'
            while path:
                answer = self.client.get(path)
                found.extend(each['uuid'] for each in answer.json)
                link = answer.headers.get('Link', '')
                path = link.partition('>')[0].removeprefix('<')
            whole = self.get(f'?{query}')
            self.assertEqual([each['uuid'] for each in whole], found)

    def test_detail(self):
        for each in self.get('?detail=true'):
            self.assertIsNone(each['error'], each)
            self.assertTrue(each['properties'])
            self.assertIsNotNone(each['observed_at'])
        for detail in ('true', 'True'):
            one = self.client.get(f'{PATH}/{each["uuid"]}?detail={detail}')
            self.assertEqual(each, one.json)
        one = self.client.get(f'{PATH}/{each["uuid"]}', body={'detail': True})
        self.assertEqual(each, one.json)

    def test_detail_is_true_or_false(self):
        uuid = self.get()[0]['uuid']
        for path in (PATH, f'{PATH}/{uuid}'):
            answer = self.client.get(f'{path}?detail=maybe')
            self.assertEqual(400, answer.status)
            self.assertEqual(
                'detail must be true or false.', answer.json['detail']
            )
            self.assertNotIn(
                'properties',
                self.client.get(f'{path}?detail=false').body.decode(),
            )

    def test_detail_while_a_pod_manager_is_away(self):
        self.valence.pods[0].set_modes(away=True)
        away = self.podms[0]['uuid']
        for each in self.get('?detail=true'):
            self.assertEqual(
                each['podm_id'] == away, each['properties'] is None
            )
            self.assertEqual(
                each['podm_id'] == away, each['error'] is not None
            )

    def test_unknown(self):
        for detail in ('', '?detail=true'):
            answer = self.client.get(f'{PATH}/x{detail}')
            self.assertEqual(404, answer.status)
            self.assertEqual(
                'Resource x not found in database.', answer.json['detail']
            )


class DetailPolicyTest(testtools.TestCase):
    """Who may see where things are need not see what they are."""

    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.Configured())
        self.policy = Policy(CONF)

    def allowed(self, rule):
        passed = set()
        for persona in personas.PERSONAS:
            try:
                self.policy.authorize(personas.context(persona), rule)
            except exception.NotAuthorized:
                continue
            passed.add(persona)
        return passed

    def test_pointers_are_for_readers(self):
        for verb in ('list', 'get'):
            found = self.allowed(f'valence:resources:{verb}')
            self.assertLessEqual(personas.READERS, found)
            self.assertNotIn('nobody', found)

    def test_detail_is_for_admins(self):
        self.assertEqual(
            personas.ADMINS, self.allowed('valence:resources:detail')
        )
