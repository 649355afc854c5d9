import fixtures as fixtures_lib
import testtools

from tests.unit.api import fixtures
from tests.unit.api.test_routes import routes
from valence.common import context, exception

#: A port of which it is known that nobody listens.
_NO_DATABASE = 'mysql+pymysql://valence:database-pw@127.0.0.1:1/valence'


class ShapeTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.bare = self.useFixture(fixtures.Bare())
        self.client = self.bare.client

    def test_not_found(self):
        answer = self.client.get('/v1/nothing')
        self.assertEqual(
            {
                'status': 404,
                'code': 'Not Found',
                'title': 'Resource could not be found',
                'detail': 'There is nothing at /v1/nothing: see / for what '
                'there is.',
                'request_id': answer.request_id,
            },
            answer.json,
        )

    def test_wrong_method(self):
        paths = {}
        for method, path in routes():
            paths.setdefault(path, set()).add(method)
        for path, methods in paths.items():
            for method in {'GET', 'POST', 'PUT', 'PATCH', 'DELETE'} - methods:
                answer = self.client.call(method, path)
                self.assertEqual(405, answer.status, (method, path))
                allowed = answer.headers['Allow']
                self.assertEqual(', '.join(sorted(methods)), allowed)
                self.assertIn(method, answer.json['detail'])

    def test_odd_methods(self):
        for method in ('OPTIONS', 'TRACE', 'FROB'):
            answer = self.client.call(method, '/v1/nodes')
            self.assertEqual(405, answer.status)

    def test_accept_does_not_matter(self):
        for kind in ('text/html', 'application/xml', 'image/png', 'x'):
            answer = self.client.get('/v1', headers={'Accept': kind})
            self.assertEqual(200, answer.status)
            answer = self.client.get('/v2', headers={'Accept': kind})
            self.assertEqual(404, answer.status)

    def test_reasons(self):
        answer = self.client.post('/v1/flavors', {'description': 1})
        self.assertEqual(
            [
                'name is required',
                'description must be a string',
                'properties is required',
            ],
            _in_order(answer.json['reasons']),
        )

    def test_unknown_field(self):
        answer = self.client.post(
            '/v1/flavors', {'name': 'f', 'properties': {}, 'colour': 'red'}
        )
        self.assertEqual(
            'colour is not known; known: description, name, properties, '
            'public.',
            answer.json['detail'],
        )

    def test_wrong_password_is_not_told(self):
        for wrong in (
            [fixtures.CANARY],
            {'x': fixtures.CANARY},
            fixtures.CANARY * 100,
        ):
            answer = self.client.post(
                '/v1/pod_managers',
                {
                    'name': 'p',
                    'url': 'http://127.0.0.1:1',
                    'authentication': fixtures.authentication(wrong),
                },
            )
            self.assertEqual(400, answer.status)
            self.assertIn(
                'authentication[0].auth_items.password', answer.json['detail']
            )

    def test_unknown_kind_of_authentication_is_not_told(self):
        item = {'type': fixtures.CANARY, 'auth_items': fixtures.CANARY}
        answer = self.client.post(
            '/v1/pod_managers',
            {'name': 'p', 'url': 'http://h', 'authentication': [item]},
        )
        self.assertIn('must be one of basic', answer.json['detail'])


def _in_order(reasons):
    order = ('name', 'description', 'properties')
    return sorted(reasons, key=lambda reason: order.index(reason.split()[0]))


class CrashTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.bare = self.useFixture(fixtures.Bare())

    def _crash(self, error):
        def get(**_more):
            raise error

        self.patch(self.bare.database.tasks, 'get', get)
        return self.bare.client.get('/v1/tasks/x')

    def test_says_nothing_but_the_request_id(self):
        answer = self._crash(RuntimeError('the colour of the cat'))
        self.assertEqual(500, answer.status)
        self.assertNotIn(b'cat', answer.body)
        self.assertNotIn(b'RuntimeError', answer.body)
        self.assertIn('request id', answer.json['detail'])

    def test_the_log_says_the_rest(self):
        self._crash(RuntimeError('the colour of the cat'))
        self.assertIn('A request crashed', self.bare.log.text)
        self.assertIn('the colour of the cat', self.bare.log.text)

    def test_the_log_has_the_request_id(self):
        records = []
        self.useFixture(
            fixtures_lib.MonkeyPatch(
                'valence.api.middleware.errors.LOG.exception',
                lambda *args: records.append(context.current_request_id()),
            )
        )
        answer = self._crash(RuntimeError())
        self.assertEqual([answer.request_id], records)

    def test_an_error_without_a_meaning(self):
        answer = self._crash(exception.ValenceError())
        self.assertEqual(500, answer.status)
        self.assertIn('request id', answer.json['detail'])


class AwayTest(testtools.TestCase):
    def test_services(self):
        bare = self.useFixture(fixtures.Bare())
        for path in ('/v1/nodes', '/v1/pod_managers', '/v1/flavors/x'):
            answer = bare.client.get(path)
            self.assertEqual(503, answer.status)
            self.assertEqual('5', answer.headers['Retry-After'])
            self.assertIn('service does not answer', answer.json['detail'])

    def test_a_service_that_is_slow(self):
        valence = self.useFixture(fixtures.Valence())
        valence.register()
        valence.compose()
        self.patch(valence.bus, '_timeout', 0.5)
        valence.pods[0].set_modes(latency_ms=1000)
        answer = valence.client.get('/v1/nodes/node')
        self.assertEqual(503, answer.status)
        self.assertIn('valence-compute', answer.json['detail'])

    def test_database(self):
        bare = self.useFixture(
            fixtures.Bare(database__connection=_NO_DATABASE)
        )
        for method, path, body in (
            ('GET', '/v1/tasks', None),
            ('POST', '/v1/nodes', {'name': 'n'}),
            ('DELETE', '/v1/nodes/n', None),
            ('PATCH', '/v1/services/s', {'disabled': True}),
        ):
            answer = bare.client.call(method, path, body)
            self.assertEqual(503, answer.status)
            self.assertEqual('5', answer.headers['Retry-After'])
            self.assertEqual(
                'The database does not answer. Try again later.',
                answer.json['detail'],
            )
        self.assertNotIn('database-pw', bare.log.text)
