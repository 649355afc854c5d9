import time

import testtools

from tests.unit.api import fixtures

PATH = '/v1/systems'


class SystemsTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(
            fixtures.Valence(simulator={'pods': 2, 'systems': 6})
        )
        self.client = self.valence.client
        self.podms = [self.valence.register(number) for number in (0, 1)]

    def ids(self, query='', **more):
        answer = self.client.get(f'{PATH}{query}', **more)
        self.assertEqual(200, answer.status, answer.body)
        return [system['id'] for system in answer.json]

    def test_shape(self):
        uuid = self.podms[0]['uuid']
        system = self.client.get(f'{PATH}?podm_id={uuid}').json[0]
        self.assertEqual('1-s-1', system['id'])
        self.assertEqual('Computer System 1-s-1', system['Name'])
        self.assertEqual('OK', system['health'])
        self.assertEqual('Off', system['power_state'])
        self.assertEqual('16', system['cpu']['cores'])
        self.assertEqual('64', system['ram'])
        self.assertEqual('480', system['storage'])
        self.assertEqual('2', system['network'])
        self.assertIn('Rack:', system['location'])
        self.assertEqual('/redfish/v1/Systems/1-s-1', system['resource_uri'])
        self.assertEqual(self.podms[0]['uuid'], system['podm_id'])
        self.assertIsNone(system['node_uuid'])
        self.assertIsNotNone(system['observed_at'])

    def test_of_all_pod_managers(self):
        self.assertEqual(12, len(self.ids()))

    def test_of_one_pod_manager(self):
        uuid = self.podms[1]['uuid']
        for query, body in (
            (f'?podm_id={uuid}', None),
            ('', {'podm_id': uuid}),
        ):
            answer = self.client.get(f'{PATH}{query}', body=body)
            self.assertEqual(
                {uuid}, {system['podm_id'] for system in answer.json}
            )
            self.assertEqual(6, len(answer.json))
        self.assertEqual([], self.ids('?podm_id=x'))

    def test_filters_by_property(self):
        one = f'podm_id={self.podms[0]["uuid"]}&'
        for query, number in (
            ('Id=1-s-1', 1),
            ('Name=computer%20system%201-S-1', 1),
            ('PowerState=off', 6),
            ('PowerState=on', 0),
            ('Status/Health=OK', 6),
            ('Status/Health=Critical', 0),
            ('Model=M50CYP', 1),
            ('Model=M50CYP&PowerState=On', 0),
        ):
            self.assertEqual(number, len(self.ids(f'?{one}{query}')), query)

    def test_filters_by_size(self):
        one = f'podm_id={self.podms[0]["uuid"]}&'
        for query, ids in (
            ('ram=128', ['1-s-5', '1-s-6']),
            ('cores=33', ['1-s-6']),
            ('cores=64', ['1-s-6']),
            ('storage=5000', ['1-s-5']),
            ('ram=64&cores=32&storage=1', ['1-s-5', '1-s-6']),
            ('ram=1e6', []),
        ):
            self.assertEqual(ids, self.ids(f'?{one}{query}'), query)
        body = {'podm_id': self.podms[0]['uuid'], 'cores': 64}
        self.assertEqual(['1-s-6'], self.ids(body=body))

    def test_wrong_sizes(self):
        for value in ('much', 'nan', 'inf', '-inf', ''):
            answer = self.client.get(f'{PATH}?ram={value}')
            self.assertEqual(400, answer.status, value)
            self.assertEqual('ram must be a number.', answer.json['detail'])

    def test_unknown_filter(self):
        answer = self.client.get(f'{PATH}?Colour=red')
        self.assertEqual(400, answer.status)
        for name in ('Status/Health', 'podm_id', 'ram', 'PowerState'):
            self.assertIn(name, answer.json['detail'])

    def test_pages(self):
        found, path = [], f'{PATH}?limit=5'
        while path:
            answer = self.client.get(path)
            found.extend(system['uuid'] for system in answer.json)
            link = answer.headers.get('Link', '')
            path = link.partition('>')[0].removeprefix('<')
        self.assertEqual(12, len(set(found)))
        self.assertEqual(12, len(found))

    def test_pages_of_which_nothing_is_shown(self):
        found, path = [], f'{PATH}?limit=4&cores=64'
        pages = 0
        while path:
            answer = self.client.get(path)
            found.extend(system['id'] for system in answer.json)
            link = answer.headers.get('Link', '')
            path = link.partition('>')[0].removeprefix('<')
            pages += 1
        self.assertEqual(['1-s-6', '1-s-6'], found)
        self.assertEqual(4, pages)

    def test_node_of_a_system(self):
        node = self.valence.compose(podm_id='podm-0')
        taken = [
            system
            for system in self.client.get(PATH).json
            if system['node_uuid']
        ]
        self.assertEqual([node['uuid']], [one['node_uuid'] for one in taken])
        self.assertEqual(node['computer_system'], taken[0]['resource_uri'])

    def away(self):
        """Give the systems of the first pod manager, which is away."""
        answer = self.client.get(PATH)
        self.assertEqual(200, answer.status)
        self.assertEqual(12, len(answer.json))
        return [
            system
            for system in answer.json
            if system['podm_id'] == self.podms[0]['uuid']
        ]

    def test_a_pod_manager_that_is_away(self):
        self.valence.pods[0].set_modes(away=True)
        self.assertEqual(
            {('Unknown', None)},
            {(each['health'], each['observed_at']) for each in self.away()},
        )

    def test_a_pod_manager_that_hangs(self):
        self.patch(self.valence.endpoint('valence-compute'), '_patience', 1)
        self.valence.pods[0].set_modes(hang=True)
        began = time.monotonic()
        away = self.away()
        self.assertLess(time.monotonic() - began, 8)
        self.assertEqual({'Unknown'}, {each['health'] for each in away})
        self.valence.pods[0].clear_modes()

    def test_fields_while_a_pod_manager_is_away(self):
        self.valence.pods[1].set_modes(away=True)
        answer = self.client.get(f'{PATH}?fields=uuid,Name')
        self.assertEqual(200, answer.status)
        names = [system['Name'] for system in answer.json]
        self.assertEqual(6, names.count(None))


class SystemTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(fixtures.Valence())
        self.client = self.valence.client
        self.valence.register()
        self.system = self.client.get(PATH).json[0]
        self.path = f'{PATH}/{self.system["uuid"]}'

    def test_get(self):
        answer = self.client.get(self.path)
        self.assertEqual(200, answer.status)
        self.assertEqual(self.system.keys(), answer.json.keys())
        self.assertEqual(self.system['id'], answer.json['id'])

    def test_get_as_old_clients_do(self):
        answer = self.client.get(
            self.path, body={'podm_id': self.system['podm_id']}
        )
        self.assertEqual(self.system['id'], answer.json['id'])

    def test_while_the_pod_manager_is_away(self):
        self.valence.pods[0].set_modes(away=True)
        answer = self.client.get(self.path)
        self.assertEqual(200, answer.status)
        self.assertEqual('Unknown', answer.json['health'])
        # It was told before.
        observed_at = self.system['observed_at']
        self.assertEqual(observed_at, answer.json['observed_at'])

    def test_unknown(self):
        self.valence.compose()
        node = self.client.get('/v1/nodes/node').json['resource_uuid']
        for uuid in ('x', node):
            for method, path, body in (
                ('GET', f'{PATH}/{uuid}', None),
                ('POST', f'{PATH}/{uuid}/action', {'Reset': {'Type': 'On'}}),
            ):
                answer = self.client.call(method, path, body)
                self.assertEqual(404, answer.status)
                self.assertEqual(
                    f'System {uuid} not found in database.',
                    answer.json['detail'],
                )

    def test_reset(self):
        answer = self.client.post(
            f'{self.path}/action', {'Reset': {'Type': 'On'}}
        )
        self.assertEqual(202, answer.status)
        task = self.valence.task(answer.json['task_uuid'])
        self.assertEqual('reset_system', task['action'])
        self.assertEqual('system', task['resource_type'])
        shown = self.client.get(self.path).json
        self.assertEqual('On', shown['power_state'])

    def test_reset_and_wait(self):
        answer = self.valence.waiting(
            'POST', f'{self.path}/action', {'Reset': {'Type': 'On'}}
        )
        self.assertEqual(200, answer.status)
        self.assertEqual('On', answer.json['power_state'])

    def test_boot(self):
        body = {'Boot': {'Enabled': 'Once', 'Target': 'Pxe'}}
        answer = self.valence.waiting('POST', f'{self.path}/action', body)
        self.assertEqual(200, answer.status)

    def test_exactly_one(self):
        answer = self.client.post(f'{self.path}/action', {})
        self.assertEqual(400, answer.status)
        self.assertIn('exactly one action', answer.json['detail'])
