"""The main job as a user does it; run on each database.

These are no tests until a class names the database: see test_mariadb.py and
test_postgresql.py beside this file.
"""

import operator
from typing import Any

from tests.fixtures.rest import names
from tests.functional.flow.base import SYSTEMS, FlowCase
from tests.unit.tasks import working

_COMPUTES = '/v1/services?binary=valence-compute'


class MainJob(FlowCase):
    def test_node_from_compose_to_delete(self) -> None:
        podm = self.podms[0]
        task = self.rest.completed(
            'POST',
            '/v1/nodes',
            {
                'name': 'story',
                'description': 'a story',
                'podm_id': podm['uuid'],
                'properties': {
                    'processor': {'total_cores': '8'},
                    'memory': {'capacity_mib': 16384},
                },
            },
        )
        uuid = task['resource_uuid']
        node = self.rest.get(f'/v1/nodes/{uuid}')
        self.assertEqual('composed', node['state'])
        self.assertEqual('Assembled', node['node_state'])
        self.assertEqual('On', node['node_power_state'])
        self.assertGreaterEqual(
            sum(cpu['total_core'] for cpu in node['metadata']['processor']), 8
        )
        self.assertEqual(1, self.nodes_at_pods())

        action = f'/v1/nodes/{uuid}/action'
        self.rest.completed('POST', action, {'Reset': {'Type': 'ForceOff'}})
        self.rest.completed(
            'POST', action, {'Boot': {'Enabled': 'Once', 'Target': 'Pxe'}}
        )
        node = self.rest.get(f'/v1/nodes/{uuid}')
        self.assertEqual('Off', node['node_power_state'])
        self.assertEqual('Pxe', node['boot_source'])

        self.rest.completed('DELETE', f'/v1/nodes/{uuid}')
        self.assertEqual(404, self.status(f'/v1/nodes/{uuid}'))
        self.assertEqual(0, self.nodes_at_pods())

    def test_scheduler_chooses_where_none_is_named(self) -> None:
        task = self.rest.completed('POST', '/v1/nodes', {'name': 'anywhere'})
        node = self.rest.get(f'/v1/nodes/{task["resource_uuid"]}')
        self.assertIn(node['podm_id'], [podm['uuid'] for podm in self.podms])
        self.rest.completed('DELETE', f'/v1/nodes/{node["uuid"]}')

    def test_waiting_for_the_task_gives_the_finished_answer(self) -> None:
        wait = {'Prefer': 'wait=30'}
        made = self.rest.request(
            'POST', '/v1/nodes', {'name': 'waited'}, headers=wait
        )
        self.assertEqual(200, made.status_code, made.text)
        self.assertEqual('composed', made.json()['state'])
        gone = self.rest.request(
            'DELETE', f'/v1/nodes/{made.json()["uuid"]}', headers=wait
        )
        self.assertEqual(200, gone.status_code, gone.text)
        self.assertEqual('DELETED', gone.json()['code'])

    def test_request_id_goes_from_the_api_to_the_log_of_the_worker(
        self,
    ) -> None:
        answer = self.rest.request('POST', '/v1/nodes', {'name': 'traced'})
        request_id = answer.headers['X-Openstack-Request-Id']
        task = self.rest.ended(answer.json()['task_uuid'])
        self.assertEqual(request_id, task['request_id'])
        logs = self.stack.log('compute1') + self.stack.log('compute2')
        self.assertIn(request_id, logs)
        self.rest.completed('DELETE', f'/v1/nodes/{answer.json()["uuid"]}')

    def test_systems_of_all_pod_managers_with_power_and_boot(self) -> None:
        systems = self.rest.get('/v1/systems')
        self.assertEqual(2 * SYSTEMS, len(systems))
        system = next(
            system for system in systems if system['node_uuid'] is None
        )
        path = f'/v1/systems/{system["uuid"]}'
        self.rest.completed(
            'POST', f'{path}/action', {'Reset': {'Type': 'On'}}
        )
        self.assertEqual('On', self.rest.get(path)['power_state'])
        self.rest.completed(
            'POST',
            f'{path}/action',
            {'Boot': {'Enabled': 'Once', 'Target': 'Pxe'}},
        )
        self.rest.completed(
            'POST', f'{path}/action', {'Reset': {'Type': 'ForceOff'}}
        )

    def test_all_services_are_up(self) -> None:
        services = self.rest.get('/v1/services')
        self.assertEqual(
            [
                'valence-compute',
                'valence-compute',
                'valence-conductor',
                'valence-network',
                'valence-storage',
            ],
            sorted(service['binary'] for service in services),
        )
        self.assertEqual({'up'}, {service['status'] for service in services})

    def test_disabled_service_takes_no_tasks(self) -> None:
        services = self.rest.get(_COMPUTES)
        for service in services:
            self.disable(service, True)
            self.addCleanup(self.disable, service, False)
        # Heard by the next report, and done before the one after it.
        self.wait_for_reports(2)
        answer = self.rest.accepted('POST', '/v1/nodes', {'name': 'late'})
        task = self.rest.get(f'/v1/tasks/{answer["task_uuid"]}?wait=2')
        self.assertEqual('In Progress', task['status'])
        for service in services:
            self.disable(service, False)
        task = self.rest.ended(answer['task_uuid'])
        self.assertEqual('Completed', task['status'])
        self.rest.completed('DELETE', f'/v1/nodes/{answer["uuid"]}')

    def disable(self, service: Any, disabled: bool) -> None:
        answer = self.rest.request(
            'PATCH', f'/v1/services/{service["uuid"]}', {'disabled': disabled}
        )
        self.assertEqual(200, answer.status_code, answer.text)

    def wait_for_reports(self, more: int) -> None:
        """Wait until each compute service has reported so often again."""

        def counts() -> list[int]:
            return [each['report_count'] for each in self.rest.get(_COMPUTES)]

        wanted = [count + more for count in counts()]
        self.assertTrue(
            working.wait_until(lambda: all(map(operator.ge, counts(), wanted)))
        )

    def status(self, path: str) -> int:
        return self.rest.request('GET', path).status_code


class Failures(FlowCase):
    """Each gives its clear error, and leaves nothing behind."""

    def setUp(self) -> None:
        super().setUp()
        self.addCleanup(self.assert_nothing_is_left)

    def assert_nothing_is_left(self) -> None:
        self.assertEqual([], self.rest.get('/v1/nodes'))
        self.assertEqual(0, self.nodes_at_pods())
        self.assertEqual(
            ['pod0', 'pod1'], names(self.rest.get('/v1/pod_managers'))
        )

    def failed(self, **body: object) -> dict[str, object]:
        """Compose what must fail, and give the error of the task."""
        accepted = self.rest.accepted('POST', '/v1/nodes', body)
        task = self.rest.ended(accepted['task_uuid'])
        self.assertEqual('Failed', task['status'])
        error: dict[str, object] = task['error']
        return error

    def refused(
        self, status: int, method: str, path: str, body: object = None
    ) -> dict[str, str]:
        answer = self.rest.request(method, path, body)
        self.assertEqual(status, answer.status_code, answer.text)
        error: dict[str, str] = answer.json()
        self.assertEqual(
            {'status', 'code', 'title', 'detail', 'request_id'},
            set(error) - {'reasons'},
        )
        return error

    def test_pod_manager_away(self) -> None:
        podm = self.podms[0]
        self.pods.pods[0].set_modes(away=True)
        self.addCleanup(self.pods.pods[0].clear_modes)
        error = self.failed(name='away', podm_id=podm['uuid'])
        self.assertEqual(503, error['status'])
        self.assertIn(self.pods.urls[0], str(error['detail']))
        self.pods.pods[0].clear_modes()

    def test_wrong_credentials(self) -> None:
        podm = self.podms[0]
        path = f'/v1/pod_managers/{podm["uuid"]}'
        self.change_password(path, 'wrong')
        self.addCleanup(self.change_password, path, 'admin')
        error = self.failed(name='unknown', podm_id=podm['uuid'])
        self.assertEqual('Authorization Error', error['title'])

    def change_password(self, path: str, password: str) -> None:
        items = {'username': 'admin', 'password': password}
        body = {'authentication': [{'type': 'basic', 'auth_items': items}]}
        answer = self.rest.request('PATCH', path, body)
        self.assertEqual(200, answer.status_code, answer.text)

    def test_no_matching_system_at_the_named_pod_manager(self) -> None:
        error = self.failed(
            name='huge',
            podm_id=self.podms[0]['uuid'],
            properties={'processor': {'total_cores': 100000}},
        )
        self.assertEqual('No matching system', error['title'])
        self.assertTrue(error['reasons'])

    def test_no_matching_system_anywhere(self) -> None:
        error = self.failed(
            name='huge', properties={'memory': {'capacity_mib': 2**30}}
        )
        self.assertEqual('No matching system', error['title'])
        reasons = ' '.join(error['reasons'])  # type: ignore[arg-type]
        self.assertIn('pod0', reasons)
        self.assertIn('pod1', reasons)

    def test_assembly_that_fails_is_taken_apart(self) -> None:
        self.pods.pods[0].set_modes(assembly='fail')
        self.addCleanup(self.pods.pods[0].clear_modes)
        error = self.failed(name='broken', podm_id=self.podms[0]['uuid'])
        self.assertEqual('Composition failed', error['title'])

    def test_node_name_taken(self) -> None:
        task = self.rest.completed('POST', '/v1/nodes', {'name': 'taken'})
        error = self.refused(409, 'POST', '/v1/nodes', {'name': 'taken'})
        self.assertIn('taken', error['detail'])
        self.assertEqual(1, self.nodes_at_pods())
        self.rest.completed('DELETE', f'/v1/nodes/{task["resource_uuid"]}')

    def test_broken_body(self) -> None:
        answer = self.rest.session.post(
            f'{self.rest.url}/v1/nodes',
            data='{"name": ',
            headers={'Content-Type': 'application/json'},
            timeout=30,
        )
        self.assertEqual(400, answer.status_code)
        self.assertIn('not JSON', answer.json()['detail'])
        error = self.refused(400, 'POST', '/v1/nodes', {'nmae': 'x'})
        self.assertIn('nmae', error['detail'])

    def test_unknown_uuids(self) -> None:
        uuid = '00000000-0000-0000-0000-000000000000'
        for path in ('nodes', 'pod_managers', 'systems', 'tasks', 'flavors'):
            error = self.refused(404, 'GET', f'/v1/{path}/{uuid}')
            self.assertIn(uuid, error['detail'])
        body = {'name': 'nowhere', 'podm_id': uuid}
        self.refused(404, 'POST', '/v1/nodes', body)
        body = {'name': 'nowhere', 'flavor_id': uuid}
        self.refused(404, 'POST', '/v1/nodes', body)
