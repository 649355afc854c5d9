"""One long story, after which nobody has seen a password."""

import base64
import sqlite3

import testtools

from tests.unit.api import fixtures
from valence.db.api import Query


class CanaryTest(testtools.TestCase):
    """Every answer is looked through by the client, the log at the end."""

    def test_password_is_seen_nowhere(self):
        valence = self.useFixture(fixtures.Valence(simulator={'pods': 2}))
        client = valence.client
        valence.register(0)
        self._wrong_bodies(client, valence.urls[1])
        valence.register(1)
        client.post('/v1/pod_managers', self._body(valence.urls[1]))
        valence.compose('one')
        valence.pods[0].set_modes(status=401)
        valence.pods[1].set_modes(away=True)
        for method, path, body in (
            ('POST', '/v1/pod_managers/podm-0/sync', None),
            ('POST', '/v1/pod_managers/podm-1/sync', None),
            ('POST', '/v1/nodes', {'name': 'two'}),
            ('DELETE', '/v1/nodes/one', None),
        ):
            answer = valence.waiting(method, path, body)
            self.assertGreaterEqual(answer.status, 400)
        for pod in valence.pods:
            pod.clear_modes()
        authentication = fixtures.authentication()
        client.patch(
            '/v1/pod_managers/podm-0', {'authentication': authentication}
        )
        self._crash(valence)
        self._search_database(valence)
        for path in (
            '/v1/pod_managers',
            '/v1/nodes',
            '/v1/systems',
            '/v1/tasks',
            '/v1/services',
            '/healthcheck',
        ):
            self.assertEqual(200, client.get(path).status)
        valence.waiting('DELETE', '/v1/nodes/one')
        for number in (0, 1):
            path = f'/v1/pod_managers/podm-{number}?force=true'
            valence.waiting('DELETE', path)
        self.assertEqual(fixtures.NOTHING, valence.traces())
        tasks = valence.database.tasks.list(query=Query())
        self.assertNotIn(fixtures.CANARY, str(tasks))
        # That the log was looked at, and down to DEBUG.
        self.assertIn('Task ', valence.log.text)
        self.assertNotIn(fixtures.CANARY, valence.log.text)

    def _body(self, url, **more):
        return {
            'name': 'p',
            'url': url,
            'authentication': fixtures.authentication(),
        } | more

    def _wrong_bodies(self, client, url):
        """Send the password in bodies that are refused, and why not."""
        for body in (
            self._body(url, colour='red'),
            self._body(url, driver='x'),
            self._body(url, name=''),
            self._body('http://a b'),
            self._body(url.replace('//', f'//admin:{fixtures.CANARY}@')),
            self._body(url, authentication=fixtures.CANARY),
            self._body(
                url,
                authentication=fixtures.authentication({'x': fixtures.CANARY}),
            ),
        ):
            answer = client.post('/v1/pod_managers', body)
            self.assertIn(answer.status, (400, 404))
        raw = f'{{"authentication": "{fixtures.CANARY}"'.encode()
        self.assertEqual(400, client.post('/v1/nodes', raw=raw).status)
        answer = client.post(
            '/v1/nodes', raw=raw, headers={'Content-Type': 'text/plain'}
        )
        self.assertEqual(415, answer.status)

    def _search_database(self, valence):
        path = valence.database.engine.url.database
        with sqlite3.connect(path) as connection:
            dump = '\n'.join(connection.iterdump())
        connection.close()
        self.assertIn('podm-1', dump)
        basic = base64.b64encode(f'admin:{fixtures.CANARY}'.encode())
        for secret in (fixtures.CANARY, basic.decode()):
            self.assertNotIn(secret, dump)

    def _crash(self, valence):
        """Crash where a password is at hand."""

        def create(**_more):
            raise RuntimeError

        table = valence.database.pod_managers
        before, table.update = table.update, create
        try:
            answer = valence.client.patch(
                '/v1/pod_managers/podm-0',
                {'authentication': fixtures.authentication()},
            )
        finally:
            table.update = before
        self.assertEqual(500, answer.status)
