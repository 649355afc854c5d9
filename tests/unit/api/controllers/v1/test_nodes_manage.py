import testtools

from tests.unit.api import fixtures

NODES = '/v1/nodes'
PATH = '/v1/nodes/manage'


class ManageTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(fixtures.Valence(simulator={'pods': 2}))
        self.client = self.valence.client
        self.podm = self.valence.register()

    def body(self, number=0, **more):
        """Give a body about a node that somebody made."""
        index = self.valence.pods[number].appear('of somebody', 'db-7')
        return {'podm_id': f'podm-{number}', 'node_index': index, **more}

    def refused(self, status, body):
        """Make sure that a body is refused and leaves nothing."""
        before = self.client.get('/v1/tasks').json
        answer = self.client.post(PATH, body)
        self.assertEqual(status, answer.status, answer.body)
        self.assertEqual(before, self.client.get('/v1/tasks').json)
        return answer.json['detail']

    def test_accepted(self):
        answer = self.client.post(PATH, self.body())
        self.assertEqual(202, answer.status)
        brief = answer.json
        self.assertEqual('adopting', brief['state'])
        self.assertEqual(brief['uuid'], brief['name'])
        self.assertEqual(self.podm['uuid'], brief['podm_id'])
        self.assertEqual(
            f'/v1/tasks/{brief["task_uuid"]}', answer.headers['Location']
        )
        task = self.valence.task(brief['task_uuid'])
        self.assertEqual('Completed', task['status'], task)
        self.assertEqual('manage_node', task['action'])
        (listed,) = self.client.get(NODES).json
        self.assertEqual(brief.keys(), listed.keys())
        self.assertEqual(
            (brief['uuid'], 'db-7', 'composed', None),
            tuple(
                listed[key] for key in ('uuid', 'name', 'state', 'task_uuid')
            ),
        )

    def test_wait(self):
        body = self.body(name='mine', description='was theirs')
        answer = self.valence.waiting('POST', PATH, body)
        self.assertEqual(200, answer.status, answer.body)
        node = answer.json
        self.assertEqual(
            ('mine', 'was theirs', 'Assembled', {}),
            tuple(
                node[key]
                for key in ('name', 'description', 'node_state', 'properties')
            ),
        )
        self.assertIsNotNone(node['observed_at'])
        shown = self.client.get(f'{NODES}/mine').json
        self.assertEqual(node['metadata'], shown['metadata'])

    def test_from_adoption_to_deletion(self):
        self.valence.waiting('POST', PATH, self.body(name='mine'))
        body = {'Reset': {'Type': 'ForceOff'}}
        answer = self.valence.waiting('POST', f'{NODES}/mine/action', body)
        self.assertEqual('Off', answer.json['node_power_state'])
        answer = self.valence.waiting('DELETE', f'{NODES}/mine')
        self.assertEqual(200, answer.status, answer.body)
        self.assertEqual(fixtures.NOTHING, self.valence.traces())

    def test_system_tells_the_node(self):
        body = self.body()
        node = self.valence.waiting('POST', PATH, body).json
        systems = self.client.get('/v1/systems').json
        owners = [system['node_uuid'] for system in systems]
        self.assertEqual(1, owners.count(node['uuid']))

    def test_already_managed(self):
        body = self.body()
        node = self.valence.waiting('POST', PATH, body).json
        index = body['node_index']
        by_url = {
            'podm_id': self.podm['uuid'],
            'resource_url': node['resource_uri'],
        }
        for again, named in ((body, index), (by_url, node['resource_uri'])):
            self.assertEqual(
                f"Node '{named}' already managed by Valence",
                self.refused(409, again),
            )

    def test_already_managed_by_composition(self):
        node = self.valence.compose()
        body = {'podm_id': 'podm-0', 'node_index': node['index']}
        self.assertIn('already managed', self.refused(409, body))

    def test_same_index_at_another_pod_manager(self):
        """The original compared the indexes of all pod managers."""
        self.valence.register(1)
        bodies = [self.body(number, name=f'n{number}') for number in (0, 1)]
        self.assertEqual(bodies[0]['node_index'], bodies[1]['node_index'])
        for body in bodies:
            answer = self.valence.waiting('POST', PATH, body)
            self.assertEqual(200, answer.status, answer.body)
        podms = [node['podm_id'] for node in self.client.get(NODES).json]
        self.assertEqual(2, len(set(podms)))

    def test_name_taken(self):
        self.valence.compose('web')
        body = self.body(name='web')
        self.assertIn('choose another name', self.refused(409, body))
        self.assertEqual(1, len(self.client.get(NODES).json))

    def test_bad_bodies(self):
        podm = {'podm_id': 'podm-0'}
        for body, words in (
            ({'node_index': '1'}, 'podm_id is required'),
            (podm, 'exactly one of node_index and resource_url'),
            (
                {**podm, 'node_index': '1', 'resource_url': '/n/1'},
                'exactly one of node_index and resource_url',
            ),
            ({**podm, 'node_index': 1}, 'node_index must be a string'),
            ({**podm, 'node_index': ''}, 'node_index must have 1 to 255'),
            (
                {**podm, 'resource_url': 'http://podm/n/1'},
                'resource_url must be a path at the pod manager',
            ),
            ({**podm, 'resource_url': '/' * 513}, 'must have 1 to 512'),
            ({**podm, 'node_index': '1', 'name': 'a/b'}, 'name must be'),
            ({**podm, 'node_index': '1', 'index': '1'}, 'index is not known'),
        ):
            self.assertIn(words, self.refused(400, body))

    def test_unknown_pod_manager(self):
        body = {'podm_id': 'nowhere', 'node_index': '1'}
        self.assertIn('Pod Manager nowhere not found', self.refused(404, body))

    def test_not_there(self):
        body = {'podm_id': 'podm-0', 'node_index': '77'}
        answer = self.valence.waiting('POST', PATH, body)
        self.assertEqual(404, answer.status)
        self.assertIn('Node 77 not found', answer.json['detail'])
        self.assertEqual(fixtures.NOTHING, self.valence.traces())
        (task,) = self.client.get('/v1/tasks?action=manage_node').json
        self.assertEqual(answer.json['detail'], task['error']['detail'])

    def test_sent_again(self):
        body, key = self.body(), {'Idempotency-Key': 'k'}
        first, again = (
            self.client.post(PATH, body, headers=key) for _ in range(2)
        )
        self.assertEqual(first.json, again.json)
        self.assertEqual('true', again.headers['Idempotent-Replayed'])
        self.assertEqual(1, len(self.valence.traces()['nodes']))


class PlainTest(testtools.TestCase):
    def test_pod_manager_that_does_not_compose(self):
        valence = self.useFixture(
            fixtures.Valence(simulator={'mode': 'plain'})
        )
        valence.register()
        body = {'podm_id': 'podm-0', 'node_index': '1'}
        answer = valence.waiting('POST', PATH, body)
        self.assertEqual(400, answer.status)
        self.assertIn(
            'Composing nodes is not supported', answer.json['detail']
        )
        self.assertEqual([], valence.client.get(NODES).json)
