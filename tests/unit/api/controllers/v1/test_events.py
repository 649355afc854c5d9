"""Events of pod managers, as anybody may send them."""

import testtools

from tests.fixtures import rows
from tests.unit.api import fixtures
from valence.tasks import events

GOOD = {'Events': [{'EventType': 'StatusChange'}]}
ADDED = {'Events': [{'EventType': 'ResourceAdded'}]}


class EventsTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(
            fixtures.Bare(events__interval=1000, api__max_body_kib=64)
        )
        self.client = self.valence.client
        self.podms = self.valence.database.pod_managers
        self.uuid = rows.add_pod_manager(self.valence.database).uuid
        self.token = events.new_token()
        self.podms.update(
            uuid=self.uuid,
            values={'event_digest': events.digest_of(self.token)},
        )
        self.path = f'/v1/events/{self.uuid}/{self.token}'

    @property
    def podm(self):
        return self.podms.get(ident=self.uuid)

    def test_good(self):
        for body in (GOOD, ADDED, {}, {'@odata.type': 5}):
            answer = self.client.post(self.path, body)
            self.assertEqual((204, b''), (answer.status, answer.body))
        self.assertEqual(1, self.podm.changes)

    def test_without_a_body(self):
        self.assertEqual(204, self.client.post(self.path).status)
        self.assertIsNotNone(self.podm.next_sync_at)

    def test_only_what_is_added_needs_a_sync(self):
        self.client.post(self.path, GOOD)
        self.assertIsNone(self.podm.next_sync_at)
        self.client.post(self.path, ADDED)
        self.assertIsNotNone(self.podm.next_sync_at)

    def test_forged_tokens(self):
        other = rows.add_pod_manager(self.valence.database).uuid
        shown = set()
        for path in (
            f'{self.path}x',
            f'/v1/events/{self.uuid}/x',
            f'/v1/events/{other}/{self.token}',
            f'/v1/events/{self.podm.name}/{self.token}',
            f'/v1/events/{rows.new_uuid()}/{self.token}',
            f'/v1/events/{self.uuid}/{"x" * 3000}',
            f'{self.path}/more',
            f'/v1/events/{self.uuid}',
            '/v1/events',
        ):
            answer = self.client.post(path, GOOD)
            self.assertEqual(404, answer.status, path)
            shown.add(answer.json['detail'])
        # Of none is told what is wrong with it.
        self.assertEqual(1, len(shown))
        self.assertEqual(0, self.podm.changes)

    def test_bodies_that_are_refused(self):
        for raw, status in (
            (b'{"Events": [', 400),
            (b'[]', 400),
            (b'"x"', 400),
            (b'[' * 1000 + b']' * 1000, 400),
            (b'{"x": "' + b'x' * 65536 + b'"}', 413),
        ):
            answer = self.client.post(self.path, raw=raw)
            self.assertEqual(status, answer.status, raw[:20])
            answer = self.client.post(self.path + 'x', raw=raw)
            self.assertEqual(status, answer.status, raw[:20])
        self.assertEqual(0, self.podm.changes)

    def test_wrong_methods(self):
        for method in ('GET', 'PUT', 'PATCH', 'DELETE'):
            answer = self.client.call(method, self.path)
            self.assertEqual(405, answer.status, method)
            self.assertEqual('POST', answer.headers['Allow'])

    def test_nothing_of_it_is_kept_or_logged(self):
        body = {'Events': [{'EventType': 'Alert', 'Message': 'c4nary'}]}
        self.client.post(self.path, body)
        self.client.post(f'{self.path}x', body)
        shown = self.client.get(f'/v1/pod_managers/{self.uuid}')
        told = str(self.podm) + self.valence.log.text + str(shown.body)
        for secret in ('c4nary', self.token):
            self.assertNotIn(secret, told)

    def test_token_is_shown_nowhere(self):
        self.assertNotIn('event_digest', self.podm.as_dict())

    def test_collections_leave_it_out(self):
        self.assertNotIn('events', self.client.get('/v1').json)

    def test_change_of_the_url_ends_the_token(self):
        path = f'/v1/pod_managers/{self.uuid}'
        self.client.patch(path, {'description': 'x', 'url': self.podm.url})
        self.assertEqual(204, self.client.post(self.path, GOOD).status)
        answer = self.client.patch(path, {'url': 'http://127.0.0.1:2'})
        self.assertEqual(200, answer.status, answer.body)
        self.assertEqual(404, self.client.post(self.path, GOOD).status)
        self.assertIsNotNone(self.podm.next_sync_at)
