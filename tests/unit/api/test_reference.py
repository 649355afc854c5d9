"""The API reference says what the code does."""

import json
import re

import testtools
import yaml
from wsme import types as wtypes

from tests.unit.api import accepted, fixtures
from tests.unit.api.test_routes import REFERENCE, routes

_METHOD = re.compile(r'^\.\. rest_method:: (\w+) (\S+)$', re.MULTILINE)
_SAMPLE = re.compile(r'^\.\. literalinclude:: samples/(\S+)$', re.MULTILINE)
_PARAMETER = re.compile(r'^   - ([A-Za-z][\w/-]*): (\w+)$', re.MULTILINE)
_STATUS = re.compile(r'^   - (\d+)', re.MULTILINE)
_RESPONSE = 'Response\n--------\n'
_REQUEST = 'Request\n-------\n'


def sections():
    """Give what is written of each route, by method and path."""
    found = {}
    for file in sorted(REFERENCE.glob('*.rst')):
        # A list begins with what stands before the first route.
        _, *parts = _METHOD.split(file.read_text())
        for method, path, text in zip(
            parts[::3], parts[1::3], parts[2::3], strict=True
        ):
            found[method, path] = text
    return found


def parts(text):
    """Split what is written of a route: its head, request and response."""
    head, _, response = text.partition(_RESPONSE)
    head, _, request = head.partition(_REQUEST)
    return head, request, response


def _attributes(body):
    return wtypes.list_attributes(body) if body is not None else []


def sample(name):
    return json.loads((REFERENCE / 'samples' / name).read_text())


class ReferenceTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        text = (REFERENCE / 'parameters.yaml').read_text()
        self.parameters = yaml.safe_load(text)

    def test_all_parameters_and_samples_are_there_and_used(self):
        text = ''.join(
            file.read_text() for file in sorted(REFERENCE.glob('*.rst'))
        )
        used = {known for _, known in _PARAMETER.findall(text)}
        self.assertEqual(set(self.parameters), used)
        files = {file.name for file in (REFERENCE / 'samples').iterdir()}
        self.assertEqual(files, set(_SAMPLE.findall(text)))

    def test_parameters_of_the_path(self):
        for (method, path), text in sections().items():
            _, request, _ = parts(text)
            self.assertEqual(
                set(re.findall('{(.*?)}', path)),
                self._names(request, 'path'),
                (method, path),
            )

    def test_fields_of_requests(self):
        for key, text in sections().items():
            route = routes()[key]
            _, request, _ = parts(text)
            attributes = _attributes(route.body)
            self.assertEqual(
                {each.name for each in attributes},
                self._names(request, 'body'),
                key,
            )
            required = {each.name for each in attributes if each.mandatory}
            self.assertEqual(
                required, self._names(request, 'body', required=True), key
            )

    def test_fields_of_responses(self):
        for key, text in sections().items():
            _, _, response = parts(text)
            names = self._names(response, 'body')
            if not names:
                continue
            shown = sample(_SAMPLE.search(response)[1])
            shown = shown[0] if isinstance(shown, list) else shown
            self.assertEqual(shown.keys(), names, key)

    def test_statuses(self):
        for key, text in sections().items():
            head, _, _ = parts(text)
            first, *others = map(int, _STATUS.findall(head))
            self.assertEqual(routes()[key].status, first, key)
            self.assertEqual(
                routes()[key].policy is not None, 403 in others, key
            )
            if '{' in key[1]:
                self.assertIn(404, others, key)
            if routes()[key].body is not None:
                self.assertLessEqual({400, 415}, set(others), key)

    def test_what_all_routes_that_answer_202_have_in_common(self):
        for key, text in sections().items():
            if routes()[key].status != 202:
                continue
            head, request, _ = parts(text)
            self.assertLessEqual(
                {'400', '422'}, set(_STATUS.findall(head)), key
            )
            headers = self._names(request, 'header')
            self.assertIn('Idempotency-Key', headers, key)
            if key == ('POST', accepted.CANCEL):
                continue
            self.assertIn('429', _STATUS.findall(head), key)
            self.assertIn('Prefer', headers, key)
            self.assertIn('deadline', self._names(request, 'query'), key)

    def test_filters(self):
        client = self.useFixture(fixtures.Valence()).client
        for (method, path), text in sections().items():
            if (method, path.count('/')) != ('GET', 2):
                continue
            detail = client.get(f'{path}?unknown=').json['detail']
            known = set(detail.rstrip('.').split('known: ')[1].split(', '))
            _, request, _ = parts(text)
            self.assertEqual(
                known - {'limit', 'marker', 'sort_key', 'sort_dir', 'fields'},
                self._names(request, 'query'),
                path,
            )
            detail = client.get(f'{path}?sort_key=').json['detail']
            for key in detail.rstrip('.').split('one of ')[1].split(', '):
                self.assertIn(f'``{key}``', text, path)

    def _names(self, text, where, required=False):
        return {
            name
            for name, known in _PARAMETER.findall(text)
            if self.parameters[known]['in'] == where
            and (self.parameters[known]['required'] or not required)
        }


class SamplesTest(testtools.TestCase):
    """Sends the samples of requests, and looks at what comes back."""

    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(fixtures.Valence())
        self.client = self.valence.client

    def ask(self, name, method, path):
        """Send a sample; the answer looks like the other sample."""
        body = None
        needs_none = path.endswith(('/sync', '/cancel'))
        if method in ('POST', 'PATCH') and not needs_none:
            body = self._request(name)
        answer = self.client.call(method, path, body)
        self.assertLess(answer.status, 400, answer.body)
        self._compare(name, sample(f'{name}-response.json'), answer.json)
        if isinstance(answer.json, dict) and answer.json.get('task_uuid'):
            self.valence.task(answer.json['task_uuid'])
        return answer.json

    def _request(self, name):
        body = sample(f'{name}-request.json')
        if 'authentication' in body:
            body['authentication'] = fixtures.authentication()
            body['url'] = self.valence.urls[0]
        if 'node_index' in body:
            (podm,) = self.client.get('/v1/pod_managers').json
            body['podm_id'] = podm['uuid']
            body['node_index'] = self.valence.pods[0].appear('')
        return body

    def _ask_what_stands_where(self, system):
        self.ask('system-inventory', 'GET', f'{system}/inventory')
        for kind, path in (
            ('rack', '/v1/racks'),
            ('chassis', '/v1/chassis'),
            ('device', '/v1/devices'),
        ):
            item = self.ask(f'{kind}-list', 'GET', path)[0]['uuid']
            self.ask(f'{kind}-show', 'GET', f'{path}/{item}')
        self.ask('device-sync', 'POST', '/v1/devices/sync')

    def _ask_to_cancel(self):
        """Cancel a task that does not end by itself."""
        self.valence.pods[0].set_modes(assembly_ms=600_000)
        made = self.client.post('/v1/nodes', {'name': 'web-2'}).json
        task = made['task_uuid']
        shown = self.ask('task-cancel', 'POST', f'/v1/tasks/{task}/cancel')
        self.assertTrue(shown['cancel_requested'])
        self.assertEqual('Cancelled', self.valence.task(task)['status'])
        self.valence.pods[0].clear_modes()

    def _compare(self, name, told, found):
        if isinstance(told, dict):
            self.assertEqual(told.keys(), found.keys(), name)
            for key, value in told.items():
                if isinstance(value, dict | list) and found[key] is not None:
                    self._compare(f'{name} {key}', value, found[key])
        elif isinstance(told, list):
            self.assertIsInstance(found, list, name)
            for one, other in zip(told, found, strict=False):
                self._compare(name, one, other)

    def test_samples(self):
        self.ask('versions', 'GET', '/')
        self.ask('version', 'GET', '/v1')
        self.ask('healthcheck', 'GET', '/healthcheck')
        podms = '/v1/pod_managers'
        podm = self.ask('pod-manager-create', 'POST', podms)
        podm = f'{podms}/{podm["uuid"]}'
        self.ask('pod-manager-list', 'GET', podms)
        self.ask('pod-manager-show', 'GET', podm)
        self.ask('pod-manager-update', 'PATCH', podm)
        self.ask('pod-manager-sync', 'POST', f'{podm}/sync')
        flavors = '/v1/flavors'
        flavor = self.ask('flavor-create', 'POST', flavors)
        flavor = f'{flavors}/{flavor["uuid"]}'
        self.ask('flavor-list', 'GET', flavors)
        self.ask('flavor-show', 'GET', flavor)
        self.ask('flavor-update', 'PATCH', flavor)
        nodes = '/v1/nodes'
        made = self.ask('node-create', 'POST', nodes)
        node, task = f'{nodes}/{made["uuid"]}', made['task_uuid']
        adopted = self.ask('node-manage', 'POST', f'{nodes}/manage')
        self.ask('node-list', 'GET', nodes)
        self.ask('node-show', 'GET', node)
        self.ask('node-update', 'PATCH', node)
        self.ask('node-action', 'POST', f'{node}/action')
        answer = self.valence.waiting(
            'POST', f'{node}/action', self._request('node-action-boot')
        )
        self.assertEqual(200, answer.status)
        systems = '/v1/systems'
        system = self.ask('system-list', 'GET', systems)[1]['uuid']
        self.ask('system-show', 'GET', f'{systems}/{system}')
        self.ask('system-action', 'POST', f'{systems}/{system}/action')
        path = '/v1/resources'
        self.ask('resource-list', 'GET', path)
        drives = self.client.get(f'{path}?resource_type=Drive').json
        one = f'{path}/{drives[0]["uuid"]}?detail=true'
        self.ask('resource-show', 'GET', one)
        self._ask_what_stands_where(f'{systems}/{system}')
        services = '/v1/services'
        service = self.ask('service-list', 'GET', services)[0]['uuid']
        self.ask('service-update', 'PATCH', f'{services}/{service}')
        self.ask('task-list', 'GET', '/v1/tasks?action=compose_node')
        self.ask('task-show', 'GET', f'/v1/tasks/{task}')
        self.ask('task-delete', 'DELETE', f'/v1/tasks/{task}')
        self._ask_to_cancel()
        self.ask('node-delete', 'DELETE', node)
        self.ask('node-delete', 'DELETE', f'{nodes}/{adopted["uuid"]}')
        self.ask('flavor-delete', 'DELETE', flavor)
        self.ask('pod-manager-delete', 'DELETE', podm)
        answer = self.client.post(flavors, {'description': 5})
        self._compare('error', sample('error-response.json'), answer.json)
