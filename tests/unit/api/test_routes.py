"""All routes: each has its rule, its reference and its personas."""

import pathlib
import re

import fixtures as fixtures_lib
import testtools

from tests.unit.api import fixtures, personas
from valence.api import app
from valence.api.controllers.root import RootController
from valence.api.middleware import identity, request_id
from valence.common import exception, policies
from valence.common.policy import Policy
from valence.common.states import NodeState
from valence.conf import CONF
from valence.objects.task import NewTask

REFERENCE = pathlib.Path(__file__).parents[3] / 'api-ref' / 'source'
_METHOD = re.compile(r'^\.\. rest_method:: (\w+) (\S+)$', re.MULTILINE)


def routes():
    """Give all routes, by method and path."""
    found = {}
    for entry in RootController(None).walk():
        key = entry.method, entry.path
        assert key not in found, key
        found[key] = entry.route
    return found


class RulesTest(testtools.TestCase):
    def test_each_route_has_its_rule(self):
        rules = {rule.name: rule for rule in policies.list_rules()}
        for key, route in routes().items():
            if route.policy is None:
                self.assertEqual(personas.OPEN, personas.ALLOWED[key])
                continue
            method, path = key
            self.assertIn(
                {'method': method, 'path': path},
                rules[route.policy].operations,
            )

    def test_each_rule_has_its_route(self):
        documented = [
            (operation['method'], operation['path'], rule.name)
            for rule in policies.list_rules()
            for operation in getattr(rule, 'operations', ())
        ]
        guarded = [
            (*key, policy)
            for key, route in routes().items()
            for policy in (route.policy, *route.flags.values())
            if policy is not None
        ]
        self.assertEqual(sorted(guarded), sorted(documented))

    def test_names_and_descriptions(self):
        for rule in policies.list_rules():
            self.assertTrue(rule.description.endswith('.'), rule.name)
            if rule.name != 'admin':
                self.assertRegex(rule.name, r'^valence:[a-z_]+:[a-z_]+$')


class ReferenceTest(testtools.TestCase):
    def test_same_routes(self):
        documented = [
            found
            for file in sorted(REFERENCE.rglob('*.rst'))
            for found in _METHOD.findall(file.read_text())
        ]
        self.assertEqual(sorted(routes()), sorted(documented))


class PolicyTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.Configured())
        self.policy = Policy(CONF)

    def test_no_route_is_missing(self):
        self.assertEqual(set(routes()), set(personas.ALLOWED))

    def test_personas(self):
        target = {'project_id': personas.PROJECT}
        for key, route in routes().items():
            if route.policy is None:
                continue
            allowed = {
                persona
                for persona in personas.PERSONAS
                if self._may(persona, route.policy, target)
            }
            self.assertEqual(personas.ALLOWED[key], allowed, key)

    def test_own_project_is_the_usual_target(self):
        self.assertTrue(self._may('other', 'valence:nodes:list', None))

    def test_everything_for_valence_itself(self):
        ctxt = personas.context('nobody', is_admin=True)
        self.policy.authorize(ctxt, 'valence:services:update')

    def test_refusal_names_the_rule(self):
        error = self.assertRaises(
            exception.NotAuthorized,
            self.policy.authorize,
            personas.context('nobody'),
            'valence:nodes:list',
        )
        self.assertIn('valence:nodes:list', error.detail)
        self.assertEqual(403, error.status)

    def _may(self, persona, rule, target):
        try:
            self.policy.authorize(personas.context(persona), rule, target)
        except exception.NotAuthorized:
            return False
        return True


class Persona:
    """The middleware in whose place it stands, with a persona's context."""

    current = 'admin'

    def __init__(self, application):
        self._application = application

    def __call__(self, environ, start_response):
        environ[identity.CONTEXT_KEY] = personas.context(
            self.current,
            request_id=environ[request_id.ENVIRON_KEY],
            is_admin=self.current == 'admin',
        )
        return self._application(environ, start_response)


class PersonasTest(testtools.TestCase):
    """The same table once more, through the whole of the application."""

    def setUp(self):
        super().setUp()
        self.useFixture(
            fixtures_lib.MonkeyPatch(
                f'{app.__name__}.NoAuthentication', Persona
            )
        )
        self.valence = self.useFixture(fixtures.Valence())
        self.made = 0

    def test_personas(self):
        for key, allowed in personas.ALLOWED.items():
            for persona in personas.PERSONAS:
                answer = self._ask(persona, *key)
                self.assertNotEqual(500, answer.status, key)
                if persona != 'other':
                    self.assertEqual(
                        persona not in allowed,
                        answer.status == 403,
                        (key, persona, answer.body),
                    )

    def test_what_asks_for_more_has_its_own_rule(self):
        for (method, path), route in routes().items():
            for flag in route.flags:
                for persona in ('admin', 'member', 'reader'):
                    self.patch(Persona, 'current', persona)
                    path = self._path(path)
                    for answer in (
                        self.valence.client.call(
                            method, f'{path}?{flag}=true'
                        ),
                        self.valence.client.call(method, path, {flag: True}),
                    ):
                        self.assertEqual(
                            persona != 'admin', answer.status == 403, path
                        )

    def test_things_of_another_project_are_not_there(self):
        for method, path in personas.ALLOWED:
            if not re.search('{(node|flavor|task)}', path):
                continue
            answer = self._ask('other', method, path)
            self.assertEqual(404, answer.status, (method, path))

    def test_lists_show_the_own_project(self):
        for kind in ('nodes', 'flavors', 'tasks'):
            self._path('{' + kind[:-1] + '}')
            mine = self._send('member', 'GET', f'/v1/{kind}').json
            self.assertEqual(1, len(mine))
            for query in ('', '?name=x' if kind != 'tasks' else ''):
                path = f'/v1/{kind}{query}'
                self.assertEqual([], self._send('other', 'GET', path).json)
        path = '/v1/tasks?project_id=ours'
        self.assertEqual([], self._send('other', 'GET', path).json)
        self.assertEqual(1, len(self._send('admin', 'GET', path).json))

    def test_names_are_of_a_project(self):
        for persona in ('member', 'other'):
            answer = self._send(persona, 'POST', '/v1/nodes', {'name': 'same'})
            self.assertEqual(202, answer.status)
        self.valence.traces()

    def test_public_flavors(self):
        body = {'name': 'f', 'properties': {}}
        self.assertEqual(
            400,
            self._send(
                'member', 'POST', '/v1/flavors', body | {'public': True}
            ).status,
        )
        public = self._send('admin', 'POST', '/v1/flavors', body).json
        self.assertIsNone(public['project_id'])
        path = f'/v1/flavors/{public["uuid"]}'
        self.assertEqual(200, self._send('other', 'GET', path).status)
        self.assertEqual(404, self._send('member', 'DELETE', path).status)
        self.assertEqual(404, self._send('member', 'PATCH', path, {}).status)
        self.assertEqual(200, self._send('admin', 'DELETE', path).status)

    def test_private_flavor(self):
        body = {'name': 'f', 'properties': {}}
        made = self._send('member', 'POST', '/v1/flavors', body).json
        self.assertEqual(personas.PROJECT, made['project_id'])

    def _ask(self, persona, method, path):
        body = {} if method in ('POST', 'PATCH') else None
        return self._send(persona, method, self._path(path), body)

    def _send(self, persona, method, path, body=None):
        self.patch(Persona, 'current', persona)
        return self.valence.client.call(method, path, body)

    def _path(self, path):
        """Put something new that is ours into a path."""
        self.made += 1
        uuid = f'00000000-0000-0000-0000-{self.made:012}'
        name, database = f'n{self.made}', self.valence.database
        if '{node}' in path:
            database.nodes.create(
                values={
                    'uuid': uuid,
                    'name': name,
                    'description': '',
                    'requirements': {},
                    'project_id': personas.PROJECT,
                    'state': NodeState.COMPOSED,
                }
            )
        if '{flavor}' in path:
            database.flavors.create(
                values={
                    'uuid': uuid,
                    'name': name,
                    'description': '',
                    'properties': {},
                    'project_id': personas.PROJECT,
                }
            )
        if '{task}' in path:
            database.tasks.create(
                task=NewTask(
                    uuid=uuid,
                    action='a',
                    topic='nobody-listens',
                    request={},
                    project_id=personas.PROJECT,
                )
            )
        return re.sub('{.*}', uuid, path)
