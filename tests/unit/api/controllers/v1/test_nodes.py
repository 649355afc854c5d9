import testtools

from tests.fixtures import rows
from tests.unit.api import fixtures
from valence.db.api import Query

PATH = '/v1/nodes'
_BRIEF = {
    'uuid',
    'name',
    'podm_id',
    'index',
    'resource_uri',
    'state',
    'task_uuid',
}


class ComposeTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(fixtures.Valence())
        self.client = self.valence.client
        self.podm = self.valence.register()

    def refused(self, status, body):
        """Make sure that a body is refused and leaves nothing."""
        answer = self.client.post(PATH, body)
        self.assertEqual(status, answer.status, answer.body)
        self.assertEqual(1, len(self.client.get('/v1/tasks').json))
        self.assertEqual(fixtures.NOTHING, self.valence.traces())
        return answer.json['detail']

    def test_accepted(self):
        body = {'name': 'n', 'podm_id': self.podm['uuid']}
        answer = self.client.post(PATH, body)
        self.assertEqual(202, answer.status)
        brief = answer.json
        self.assertEqual(_BRIEF, brief.keys())
        self.assertEqual('composing', brief['state'])
        self.assertEqual(self.podm['uuid'], brief['podm_id'])
        self.assertEqual(
            f'/v1/tasks/{brief["task_uuid"]}', answer.headers['Location']
        )
        task = self.valence.task(brief['task_uuid'])
        self.assertEqual('Completed', task['status'])
        self.assertEqual(brief['uuid'], task['resource_uuid'])
        (listed,) = self.client.get(PATH).json
        self.assertEqual(_BRIEF, listed.keys())
        self.assertEqual('composed', listed['state'])
        self.assertEqual('1', listed['index'])

    def test_wait(self):
        answer = self.valence.waiting('POST', PATH, {'name': 'n'})
        self.assertEqual(200, answer.status)
        self.assertEqual('wait', answer.headers['Preference-Applied'])
        self.assertNotIn('Location', answer.headers)
        node = answer.json
        self.assertEqual('composed', node['state'])
        self.assertEqual('Assembled', node['node_state'])
        shown = self.client.get(f'{PATH}/{node["uuid"]}').json
        self.assertEqual(node['metadata'], shown['metadata'])

    def test_other_preferences(self):
        for prefer in ('respond-async', 'wait', 'wait=0', 'wait=x', ''):
            answer = self.client.post(
                PATH, {'name': f'n{prefer}'}, headers={'Prefer': prefer}
            )
            self.assertEqual(202, answer.status, prefer)
        self.valence.traces()

    def test_at_the_pod_manager_that_is_named(self):
        uuid = self.podm['uuid']
        for ident in (uuid, uuid.upper(), 'podm-0'):
            node = self.valence.compose(f'on-{ident}', podm_id=ident)
            self.assertEqual(self.podm['uuid'], node['podm_id'])

    def test_null_lets_choose(self):
        body = {'podm_id': None, 'flavor_id': None}
        node = self.valence.compose(**body)
        self.assertEqual(self.podm['uuid'], node['podm_id'])

    def test_properties(self):
        properties = {
            'processor': {'total_cores': '16'},
            'memory': {'capacity_mib': '4096', 'type': 'DDR4'},
        }
        node = self.valence.compose(properties=properties)
        self.assertEqual(
            {
                'processor': {'total_cores': 16},
                'memory': {'capacity_mib': 4096, 'type': 'DDR4'},
            },
            node['properties'],
        )

    def test_nothing_that_matches(self):
        too_much = {'memory': {'capacity_mib': 2**30}}
        for body in ({}, {'podm_id': 'podm-0'}):
            body = body | {'name': 'n', 'properties': too_much}
            answer = self.valence.waiting('POST', PATH, body)
            self.assertEqual(409, answer.status)
            self.assertEqual('No matching system', answer.json['title'])
            self.assertIn('memory: 0', str(answer.json['reasons']))
            self.assertEqual(fixtures.NOTHING, self.valence.traces())

    def test_reasons_of_each_pod_manager(self):
        too_much = {'memory': {'capacity_mib': 2**30}}
        body = {'name': 'n', 'properties': too_much}
        answer = self.valence.waiting('POST', PATH, body)
        self.assertTrue(
            any('podm-0' in reason for reason in answer.json['reasons'])
        )

    def test_no_pod_manager(self):
        valence = self.useFixture(fixtures.Valence())
        answer = valence.waiting('POST', PATH, {'name': 'n'})
        self.assertEqual(409, answer.status)
        self.assertEqual(
            ['No pod manager is registered.'], answer.json['reasons']
        )
        self.assertEqual(fixtures.NOTHING, valence.traces())

    def test_assembly_fails(self):
        self.valence.pods[0].set_modes(assembly='fail')
        answer = self.valence.waiting('POST', PATH, {'name': 'n'})
        self.assertEqual(409, answer.status)
        self.assertEqual('Composition failed', answer.json['title'])
        self.assertEqual(fixtures.NOTHING, self.valence.traces())

    def test_pod_manager_breaks(self):
        self.valence.pods[0].set_modes(status=500)
        for body in ({}, {'podm_id': 'podm-0'}):
            body = body | {'name': 'n'}
            answer = self.valence.waiting('POST', PATH, body)
            self.assertEqual(409, answer.status)
            self.assertIn('500', answer.json['detail'])
            self.assertEqual(fixtures.NOTHING, self.valence.traces())

    def test_pod_manager_is_away(self):
        self.valence.pods[0].set_modes(away=True)
        answer = self.valence.waiting('POST', PATH, {'name': 'n'})
        self.assertEqual(503, answer.status)
        self.assertEqual('Pod manager unreachable', answer.json['title'])
        self.valence.pods[0].clear_modes()
        self.assertEqual(fixtures.NOTHING, self.valence.traces())

    def test_the_error_of_the_task_is_the_answer(self):
        self.valence.pods[0].set_modes(assembly='fail')
        answer = self.valence.waiting('POST', PATH, {'name': 'n'})
        (task,) = self.client.get('/v1/tasks?status=Failed').json
        error = answer.json
        del error['request_id']
        self.assertEqual(task['error'], error)
        self.assertEqual(answer.request_id, task['request_id'])

    def test_bad_bodies(self):
        for body, words in (
            ({}, 'name is required'),
            ({'name': ''}, 'name must have'),
            ({'name': 'n', 'colour': 1}, 'colour is not known'),
            ({'name': 'n', 'properties': []}, 'properties must be a JSON'),
            (
                {'name': 'n', 'properties': {'memory': {'size': 1}}},
                'properties.memory.size is not known; known: capacity_mib, '
                'speed_mhz, type',
            ),
            (
                {
                    'name': 'n',
                    'properties': {'processor': {'total_cores': 'many'}},
                },
                'properties.processor.total_cores must be a whole number',
            ),
            (
                {'name': 'n', 'flavor_id': 'f', 'properties': {}},
                'not both',
            ),
        ):
            self.assertIn(words, self.refused(400, body))

    def test_unknown_things(self):
        for field, detail in (
            ('podm_id', 'Pod Manager x not found in database.'),
            ('flavor_id', 'Flavor x not found in database.'),
        ):
            body = {'name': 'n', field: 'x'}
            self.assertEqual(detail, self.refused(404, body))

    def test_unknown_uuid_of_a_pod_manager(self):
        uuid = rows.new_uuid()
        body = {'name': 'n', 'podm_id': uuid}
        self.assertEqual(
            f'Pod Manager {uuid} not found in database.',
            self.refused(404, body),
        )

    def test_name_taken(self):
        self.valence.compose('n')
        answer = self.client.post(PATH, {'name': 'n'})
        self.assertEqual(409, answer.status)
        self.assertIn('named n exists already', answer.json['detail'])
        self.assertEqual(['n'], self.valence.traces()['composed'])
        self.assertEqual(2, len(self.client.get('/v1/tasks').json))

    def test_name_taken_while_the_other_is_being_composed(self):
        self.valence.pods[0].set_modes(assembly_ms=200)
        self.client.post(PATH, {'name': 'n'})
        self.assertEqual(409, self.client.post(PATH, {'name': 'n'}).status)
        self.assertEqual(['n'], self.valence.traces()['composed'])

    def test_full(self):
        for number in range(4):
            self.valence.compose(f'n{number}')
        answer = self.valence.waiting('POST', PATH, {'name': 'n'})
        self.assertEqual(409, answer.status)
        self.assertIn(
            'podm-0: all of its 4 systems are in use', answer.json['reasons']
        )

    def test_pod_manager_that_is_being_deleted(self):
        self.valence.compose('n')
        self.valence.pods[0].set_modes(latency_ms=500)
        path = f'/v1/pod_managers/{self.podm["uuid"]}?force=true'
        task = self.client.delete(path).json['task_uuid']
        for ident in ('podm-0', self.podm['uuid']):
            answer = self.client.post(PATH, {'name': 'm', 'podm_id': ident})
            self.assertEqual(409, answer.status)
            self.assertIn(task, answer.json['detail'])
        self.valence.pods[0].clear_modes()
        self.assertEqual(fixtures.NOTHING, self.valence.traces())


class ForcedTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(
            fixtures.Valence(simulator={'mode': 'rsd2.4'})
        )
        self.client = self.valence.client
        self.valence.register()
        self.path = f'{PATH}/{self.valence.compose("n")["uuid"]}'
        self.pod = self.valence.pods[0]

    def delete(self, query):
        answer = self.valence.waiting('DELETE', f'{self.path}{query}')
        self.assertEqual(200, answer.status, answer.body)
        self.assertEqual(fixtures.NOTHING, self.valence.traces())
        return self.pod.calls['force_delete'], self.pod.calls['delete']

    def test_forced(self):
        self.assertEqual((1, 0), self.delete('?force=true'))

    def test_not_forced(self):
        self.assertEqual((0, 1), self.delete('?force=false'))

    def test_neither(self):
        answer = self.client.delete(f'{self.path}?force=maybe')
        self.assertEqual(400, answer.status)
        self.assertIn('force', answer.json['detail'])


class NodeTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(fixtures.Valence())
        self.client = self.valence.client
        self.podm = self.valence.register()
        self.node = self.valence.compose('n', description='d')
        self.path = f'{PATH}/{self.node["uuid"]}'

    def test_by_uuid_and_by_name(self):
        for path in (self.path, f'{PATH}/n'):
            shown = self.client.get(path).json
            self.assertEqual(self.node['uuid'], shown['uuid'])

    def test_detail(self):
        shown = self.client.get(self.path).json
        self.assertEqual('d', shown['description'])
        self.assertIsNone(shown['state_reason'])
        self.assertEqual('Assembled', shown['node_state'])
        self.assertEqual('On', shown['node_power_state'])
        self.assertEqual('OK', shown['health_status'])
        self.assertEqual('/redfish/v1/Systems/1-s-1', shown['computer_system'])
        self.assertIsNotNone(shown['observed_at'])
        metadata = shown['metadata']
        self.assertEqual(16, metadata['processor'][0]['total_core'])
        self.assertEqual(16384, metadata['memory'][0]['total_memory_mb'])
        self.assertEqual('02:00:00:00:00:01', metadata['network'][0]['mac'])

    def test_detail_while_the_pod_manager_is_away(self):
        self.valence.pods[0].set_modes(away=True)
        answer = self.client.get(self.path)
        self.assertEqual(200, answer.status)
        self.assertEqual('Unknown', answer.json['health_status'])
        self.assertIn('cannot be reached', answer.json['status_reason'])
        self.assertIsNone(answer.json['observed_at'])
        self.assertEqual('composed', answer.json['state'])

    def test_change(self):
        answer = self.client.patch(
            self.path, {'name': 'm', 'description': 'e'}
        )
        self.assertEqual(200, answer.status)
        shown = self.client.get(f'{PATH}/m').json
        self.assertEqual(('m', 'e'), (shown['name'], shown['description']))
        self.assertEqual(404, self.client.get(f'{PATH}/n').status)

    def test_change_to_a_name_that_is_taken(self):
        self.valence.compose('m')
        answer = self.client.patch(self.path, {'name': 'm'})
        self.assertEqual(409, answer.status)
        self.assertEqual('n', self.client.get(self.path).json['name'])

    def test_unchangeable(self):
        for field in ('uuid', 'podm_id', 'state', 'properties'):
            answer = self.client.patch(self.path, {field: 'x'})
            self.assertEqual(400, answer.status)
            self.assertIn(f'{field} is not known', answer.json['detail'])

    def test_delete(self):
        answer = self.client.delete(self.path)
        self.assertEqual(202, answer.status)
        self.assertEqual('ACCEPTED', answer.json['code'])
        task = self.valence.task(answer.json['task_uuid'])
        self.assertEqual('delete_node', task['action'])
        self.assertEqual(404, self.client.get(self.path).status)
        self.assertEqual(fixtures.NOTHING, self.valence.traces())
        kinds = {
            row.resource_type
            for row in self.valence.database.resources.list(query=Query())
        }
        self.assertIn('ComputerSystem', kinds)
        self.assertNotIn('ComposedNode', kinds)

    def test_delete_and_wait(self):
        answer = self.valence.waiting('DELETE', self.path)
        self.assertEqual(200, answer.status)
        self.assertEqual('DELETED', answer.json['code'])
        self.assertEqual(
            'This composed node has been deleted successfully.',
            answer.json['detail'],
        )

    def test_delete_fails(self):
        self.valence.pods[0].set_modes(status=500)
        answer = self.valence.waiting('DELETE', self.path)
        self.assertEqual(409, answer.status)
        self.valence.pods[0].clear_modes()
        shown = self.client.get(self.path).json
        self.assertEqual('composed', shown['state'])
        self.assertIsNone(shown['task_uuid'])
        self.valence.waiting('DELETE', self.path)
        self.assertEqual(fixtures.NOTHING, self.valence.traces())

    def test_a_node_that_is_gone_there(self):
        pod = self.valence.pods[0]
        (node,) = pod.nodes.values()
        pod.delete(node)
        answer = self.client.get(self.path)
        self.assertEqual('Unknown', answer.json['health_status'])
        answer = self.valence.waiting('DELETE', self.path)
        self.assertEqual(200, answer.status)
        self.assertEqual(fixtures.NOTHING, self.valence.traces())

    def test_one_change_at_a_time(self):
        self.valence.pods[0].set_modes(latency_ms=500)
        body = {'Reset': {'Type': 'ForceOff'}}
        first = self.client.post(f'{self.path}/action', body)
        for method, path, more in (
            ('POST', f'{self.path}/action', body),
            ('DELETE', self.path, None),
        ):
            answer = self.client.call(method, path, more)
            self.assertEqual(409, answer.status)
            self.assertIn(first.json['task_uuid'], answer.json['detail'])
        self.valence.pods[0].clear_modes()
        task = self.valence.task(first.json['task_uuid'])
        self.assertEqual('Completed', task['status'])

    def test_busy_while_it_is_composed(self):
        self.valence.pods[0].set_modes(assembly_ms=1500)
        made = self.client.post(PATH, {'name': 'm'}).json
        for method, path, body in (
            ('DELETE', f'{PATH}/m', None),
            ('POST', f'{PATH}/m/action', {'Reset': {'Type': 'On'}}),
        ):
            answer = self.client.call(method, path, body)
            self.assertEqual(409, answer.status)
            self.assertIn(made['task_uuid'], answer.json['detail'])
        self.assertIsNone(self.client.get(f'{PATH}/m').json['observed_at'])
        self.assertEqual(['n', 'm'], self.valence.traces()['nodes'])

    def test_unknown(self):
        for method, path, body in (
            ('GET', f'{PATH}/x', None),
            ('PATCH', f'{PATH}/x', {}),
            ('DELETE', f'{PATH}/x', None),
            ('POST', f'{PATH}/x/action', {'Reset': {'Type': 'On'}}),
        ):
            answer = self.client.call(method, path, body)
            self.assertEqual(404, answer.status)
            self.assertEqual(
                'Node x not found in database.', answer.json['detail']
            )


class ActionTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(fixtures.Valence())
        self.client = self.valence.client
        self.valence.register()
        self.node = self.valence.compose('n')
        self.path = f'{PATH}/n/action'

    def test_reset(self):
        body = {'Reset': {'Type': 'ForceOff'}}
        answer = self.client.post(self.path, body)
        self.assertEqual(202, answer.status)
        task = self.valence.task(answer.json['task_uuid'])
        self.assertEqual('reset_node', task['action'])
        self.assertEqual({'reset_type': 'ForceOff'}, task['request'])
        shown = self.client.get(f'{PATH}/n').json
        self.assertEqual('Off', shown['node_power_state'])
        self.assertIsNone(shown['task_uuid'])

    def test_reset_and_wait(self):
        body = {'Reset': {'Type': 'ForceOff'}}
        answer = self.valence.waiting('POST', self.path, body)
        self.assertEqual(200, answer.status)
        self.assertEqual('Off', answer.json['node_power_state'])

    def test_boot(self):
        body = {'Boot': {'Enabled': 'Once', 'Target': 'Pxe', 'Mode': 'UEFI'}}
        answer = self.valence.waiting('POST', self.path, body)
        self.assertEqual(200, answer.status)
        self.assertEqual('Pxe', answer.json['boot_source'])

    def test_what_the_node_does_not_allow(self):
        for body, words in (
            ({'Reset': {'Type': 'PowerCycle'}}, 'PowerCycle'),
            ({'Boot': {'Enabled': 'Once', 'Target': 'Tape'}}, 'Tape'),
        ):
            answer = self.valence.waiting('POST', self.path, body)
            self.assertEqual(400, answer.status)
            self.assertIn(words, answer.json['detail'])
            self.assertIn('allowed:', answer.json['detail'])
            shown = self.client.get(f'{PATH}/n').json
            self.assertIsNone(shown['task_uuid'])

    def test_exactly_one(self):
        reset, boot = {'Type': 'On'}, {'Enabled': 'Once', 'Target': 'Pxe'}
        for body, words in (
            ({}, 'exactly one action'),
            ({'Reset': reset, 'Boot': boot}, 'exactly one action'),
            ({'Explode': {}}, 'Explode is not known; known: Boot, Reset'),
            ({'Reset': {}}, 'Reset.Type is required'),
            ({'Reset': {'Type': 'Explode'}}, 'Reset.Type must be one of On,'),
            ({'Reset': 'On'}, 'Reset must be a JSON object'),
            ({'Boot': {'Target': 'Pxe'}}, 'Boot.Enabled is required'),
            (
                {'Boot': boot | {'Mode': 'BIOS'}},
                'Boot.Mode must be one of UEFI, Legacy',
            ),
        ):
            answer = self.client.post(self.path, body)
            self.assertEqual(400, answer.status)
            self.assertIn(words, answer.json['detail'])
        self.assertEqual(2, len(self.client.get('/v1/tasks').json))

    def test_a_node_that_was_never_composed(self):
        self.valence.database.nodes.create(
            values={
                'uuid': 'u',
                'name': 'm',
                'description': '',
                'requirements': {},
                'project_id': '',
                'state': 'error',
            }
        )
        answer = self.client.post(
            f'{PATH}/m/action', {'Reset': {'Type': 'On'}}
        )
        self.assertEqual(409, answer.status)
        self.assertIn('needs a composed node', answer.json['detail'])
