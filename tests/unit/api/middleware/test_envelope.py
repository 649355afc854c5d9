import json

import testtools
import webob

from tests.unit.api import fixtures
from tests.unit.api.test_routes import routes

#: Bodies that no route takes, with the status and a part of the detail.
HOSTILE = [
    (b'{', 400, 'not JSON'),
    (b'{"name": }', 400, 'not JSON'),
    (b"{'name': 'x'}", 400, 'not JSON'),
    (b'{"name": NaN}', 400, 'not JSON'),
    (b'{"name": -Infinity}', 400, 'not JSON'),
    (b'{"name": "\xff"}', 400, 'not JSON'),
    (b'{"name": "\\ud800"}', 400, 'not JSON'),
    (b'{"name": "a\\u0000b"}', 400, 'NUL'),
    (b'{"a\\u0000b": 1}', 400, 'NUL'),
    (b'{"name": {"x": ["\\u0000"]}}', 400, 'NUL'),
    (b'{"name": "a\x00b"}', 400, 'not JSON'),
    (b'\xef\xbb\xbf{}', 400, 'not JSON'),
    (b'[' * 26 + b']' * 26, 400, 'too deeply'),
    (b'{"a":' * 26 + b'1' + b'}' * 26, 400, 'too deeply'),
    (b'[' * 100000 + b']' * 100000, 400, 'JSON'),
    (b'[]', 400, 'must be a JSON object'),
    (b'[{}]', 400, 'must be a JSON object'),
    (b'1', 400, 'must be a JSON object'),
    (b'1e999', 400, 'JSON'),
    (b'"name"', 400, 'must be a JSON object'),
    (b'true', 400, 'must be a JSON object'),
    (b' ' * (1024 * 1024 + 1), 413, 'larger than 1024 KiB'),
]


class BodyTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.bare = self.useFixture(fixtures.Bare())
        self.client = self.bare.client

    def test_hostile_bodies(self):
        for (method, path), route in routes().items():
            if route.body is None:
                continue
            for raw, status, words in HOSTILE:
                answer = self.client.call(method, path, raw=raw)
                self.assertEqual(status, answer.status, raw[:40])
                self.assertIn(words, answer.json['detail'])

    def test_hostile_bodies_where_none_is_needed(self):
        for method, path in (('GET', '/'), ('DELETE', '/v1/tasks/x')):
            for raw, status, words in HOSTILE:
                answer = self.client.call(method, path, raw=raw)
                self.assertEqual(status, answer.status, raw[:40])
                self.assertIn(words, answer.json['detail'])

    def test_null_and_nothing_are_no_object(self):
        for raw in (b'null', b''):
            answer = self.client.post('/v1/flavors', raw=raw)
            self.assertEqual(400, answer.status)
            self.assertIn('must be a JSON object', answer.json['detail'])

    def test_as_deep_as_allowed(self):
        raw = b'[' * 25 + b']' * 25
        answer = self.client.post('/v1/flavors', raw=raw)
        self.assertIn('must be a JSON object', answer.json['detail'])

    def test_content_types(self):
        body = json.dumps({'name': 'f', 'properties': {}}).encode()
        for kind, status in (
            ('application/json', 201),
            ('application/json; charset=utf-8', 409),
            ('Application/JSON', 409),
            ('application/merge-patch+json', 409),
            ('text/plain', 415),
            ('application/xml', 415),
            ('application/x-www-form-urlencoded', 415),
            ('application/jsonp', 415),
            ('', 415),
        ):
            request = webob.Request.blank('/v1/flavors', method='POST')
            request.body = body
            request.environ['CONTENT_TYPE'] = kind
            self.assertEqual(status, self.client.send(request).status, kind)

    def test_unknown_length_is_bounded(self):
        request = webob.Request.blank('/v1/flavors', method='POST')
        request.body = b' ' * (1024 * 1024 + 1)
        del request.environ['CONTENT_LENGTH']
        request.environ['wsgi.input_terminated'] = True
        request.content_type = 'application/json'
        self.assertEqual(413, self.client.send(request).status)

    def test_wrong_length(self):
        for length in ('x', '-1', '٣'):
            request = webob.Request.blank('/v1/flavors', method='POST')
            request.environ['CONTENT_LENGTH'] = length
            status, _, body = request.call_application(
                self.bare.api.application
            )
            self.assertEqual('400 Bad Request', status)
            self.assertIn(b'Content-Length', b''.join(body))

    def test_bounds_are_options(self):
        bare = self.useFixture(
            fixtures.Bare(api__max_body_kib=1, api__max_body_depth=2)
        )
        answer = bare.client.post('/v1/flavors', raw=b' ' * 1025)
        self.assertEqual(413, answer.status)
        answer = bare.client.post('/v1/flavors', {'a': {'b': {}}})
        self.assertIn('too deeply', answer.json['detail'])

    def test_old_clients_send_a_body_with_everything(self):
        made = self.client.post(
            '/v1/flavors', {'name': 'f', 'properties': {}}
        ).json
        path = f'/v1/flavors/{made["uuid"]}'
        self.assertEqual(200, self.client.get('/v1/tasks', body={}).status)
        self.assertEqual(200, self.client.get('/v1', body={}).status)
        self.assertEqual(200, self.client.delete(path, body={}).status)


class PathTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.client = self.useFixture(fixtures.Bare()).client

    def test_last_slash_is_optional(self):
        for path in ('/v1', '/v1/tasks', '/v1/tasks/x'):
            one, other = self.client.get(path), self.client.get(path + '/')
            self.assertEqual(one.status, other.status)
            self.assertEqual(
                one.body.replace(one.request_id.encode(), b''),
                other.body.replace(other.request_id.encode(), b''),
            )

    def test_unknown(self):
        for path in (
            '/v2',
            '/v1/shelves',
            '/v1/tasks/x/y',
            '/v1/nodes/x/actions',
            '/v1/nodes/x/action/y',
            '/healthcheck/x',
            '/v1.json',
            '/favicon.ico',
        ):
            answer = self.client.get(path)
            self.assertEqual(404, answer.status, path)
            self.assertIn(path, answer.json['detail'])

    def test_names_of_python(self):
        for name in (
            '__class__',
            '__init__',
            '_route',
            '_methods',
            'deps',
            'children',
            'find',
            'walk',
            'get_all',
            'item',
        ):
            for path in (f'/{name}', f'/v1/{name}', f'/v1/tasks/x/{name}'):
                answer = self.client.get(path)
                self.assertEqual(404, answer.status, path)
            answer = self.client.get(f'/v1/tasks/{name}')
            self.assertEqual(404, answer.status)

    def test_not_utf8(self):
        for path in ('/v1/tasks/%ff', '/%c3%28', '/v1/tasks/%ed%a0%80'):
            answer = self.client.get(path)
            self.assertEqual(400, answer.status, path)
            self.assertIn('UTF-8', answer.json['detail'])

    def test_nul(self):
        self.assertEqual(404, self.client.get('/v1/tasks/a%00b').status)

    def test_beyond_ascii(self):
        answer = self.client.get('/v1/tasks/%e2%82%ac')
        self.assertEqual(404, answer.status)
        self.assertIn('€', answer.json['detail'])

    def test_dots_and_slashes(self):
        for path in ('/v1/../v1/tasks', '/v1/tasks/%2e%2e/%2e%2e/v1'):
            self.assertEqual(404, self.client.get(path).status, path)
        self.assertEqual(200, self.client.get('//v1//tasks').status)


class QueryTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.client = self.useFixture(fixtures.Bare()).client

    def test_not_utf8(self):
        for query in ('action=%ff', '%ff=x', 'action=%ed%a0%80'):
            answer = self.client.get(f'/v1/tasks?{query}')
            self.assertEqual(400, answer.status, query)
            self.assertIn('UTF-8', answer.json['detail'])

    def test_nul(self):
        for query in ('action=a%00', 'a%00=b'):
            answer = self.client.get(f'/v1/tasks?{query}')
            self.assertIn('NUL', answer.json['detail'])

    def test_too_many_parameters(self):
        query = '&'.join(f'a{number}=1' for number in range(101))
        answer = self.client.get(f'/v1/tasks?{query}')
        self.assertEqual(400, answer.status)

    def test_the_last_value_counts(self):
        answer = self.client.get('/v1/tasks?limit=x&limit=1')
        self.assertEqual(200, answer.status)

    def test_no_other_method_by_parameter_or_header(self):
        answer = self.client.get('/v1/services/x?_method=PATCH')
        self.assertEqual(405, answer.status)
        answer = self.client.post(
            '/v1/tasks/x', headers={'X-HTTP-Method-Override': 'DELETE'}
        )
        self.assertEqual(405, answer.status)
