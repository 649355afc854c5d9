import time

import fixtures
import testtools

from tests.unit.common.calling import PATH, HttpClientTest
from tests.unit.podm import scripted
from valence.common import exception, http_auth, http_cache, http_client


def resource(etag, state='On', path=PATH, **more):
    """Answer a GET as a server that knows its ETags."""

    def step(handler, request):
        headers = {'ETag': etag, **more}
        if request.headers.get('If-None-Match') == etag:
            scripted.Reply(304, b'', headers)(handler, request)
        else:
            body = {'Id': '1', 'PowerState': state}
            scripted.Reply(200, body, headers)(handler, request)

    return step


class RevalidatedTest(HttpClientTest):
    def setUp(self):
        super().setUp()
        self.documents = http_cache.Documents(1_000_000)
        self.subject = self.client(documents=self.documents)
        self.script['GET', PATH] = resource('"1"')

    def read(self, client=None, path=PATH):
        with http_cache.revalidating():
            return (client or self.subject).get(path)

    def conditions(self, path=PATH):
        """Give the ETags that the server was asked with; None for none."""
        return [
            request.headers.get('If-None-Match')
            for request in self.server.requests
            if (request.method, request.path) == ('GET', path)
        ]

    def test_unchanged(self):
        first, second = self.read(), self.read()
        self.assertEqual({'Id': '1', 'PowerState': 'On'}, first)
        self.assertEqual(first, second)
        self.assertEqual([None, '"1"'], self.conditions())

    def test_weak(self):
        self.script['GET', PATH] = resource('W/"1"')
        self.read()
        self.assertEqual('On', self.read()['PowerState'])
        self.assertEqual([None, 'W/"1"'], self.conditions())

    def test_documents_are_the_own_of_who_reads_them(self):
        self.read()['PowerState'] = 'changed'
        self.read()['PowerState'] = 'changed'
        self.assertEqual('On', self.read()['PowerState'])

    def test_changed(self):
        self.read()
        self.script['GET', PATH] = resource('"2"', 'Off')
        self.assertEqual('Off', self.read()['PowerState'])
        self.assertEqual('Off', self.read()['PowerState'])
        self.assertEqual([None, '"1"', '"2"'], self.conditions())

    def test_credentials_are_sent_along(self):
        self.read()
        self.read()
        for request in self.server.requests:
            self.assertIn('Authorization', request.headers)

    def test_new_session(self):
        """What is asked again after a login is asked in the same way."""

        class Renewed(http_auth.BasicAuth):
            def renew(self, client, refused, status):
                self._basic = {'Authorization': 'Basic other'}
                return True

        client = self.client(auth=Renewed('me', 'x'), documents=self.documents)
        good = resource('"1"')
        self.script['GET', PATH] = [good, scripted.Reply(401), good]
        self.assertEqual(self.read(client), self.read(client))
        self.assertEqual([None, '"1"', '"1"'], self.conditions())

    # What decides is read as a whole

    def test_other_reads_ask_for_all(self):
        self.read()
        self.subject.get(PATH)
        self.subject.send('GET', PATH)
        self.assertEqual([None] * 3, self.conditions())

    def test_other_reads_are_not_kept(self):
        self.subject.get(PATH)
        self.assertEqual(0, self.documents.size)

    # What is not believed

    def test_after_a_change(self):
        self.read()
        for method in ('POST', 'PATCH', 'DELETE'):
            self.script[method, '/redfish/v1/x'] = scripted.Reply(204, b'')
            self.server.requests.clear()
            self.subject.send(method, '/redfish/v1/x')
            self.read()
            self.read()
            self.assertEqual([None, '"1"'], self.conditions())

    def test_after_a_change_without_an_answer(self):
        self.script['POST', PATH] = scripted.drop
        self.read()
        self.assertFails(
            exception.PodManagerConnectionLost, 'POST', client=self.subject
        )
        self.read()
        self.assertEqual([None] * 2, self.conditions())

    def test_read_begun_before_a_change(self):
        def changed_meanwhile(handler, request):
            self.subject.send('POST', PATH)
            resource('"1"')(handler, request)

        self.script['POST', PATH] = scripted.Reply(204, b'')
        self.script['GET', PATH] = [changed_meanwhile, resource('"1"', 'Off')]
        self.read()
        self.assertEqual('Off', self.read()['PowerState'])
        self.assertEqual([None] * 2, self.conditions())

    def test_too_old(self):
        self.read()
        later = time.monotonic() + http_cache.BELIEVED
        with fixtures.MonkeyPatch('time.monotonic', lambda: later):
            self.read()
        self.assertEqual([None] * 2, self.conditions())

    def test_server_that_lies(self):
        """One ETag, two documents: nothing of it is believed any more."""
        log = self.useFixture(fixtures.FakeLogger())
        self.script['GET', PATH] = [
            scripted.Reply(200, {'PowerState': state}, {'ETag': '"0"'})
            for state in ('On', 'Off', 'On', 'Off')
        ]
        states = [self.read()['PowerState'] for _ in range(4)]
        self.assertEqual(['On', 'Off', 'On', 'Off'], states)
        self.assertEqual([None, '"0"', None, None], self.conditions())
        self.assertEqual(1, log.output.count('under one ETag'))

    def test_path_with_a_query(self):
        path = f'{PATH}?$expand=.'
        self.script['GET', path] = resource('"1"')
        self.read(path=path)
        self.read(path=path)
        self.assertEqual([None] * 2, self.conditions(path))

    def test_no_etags(self):
        for etag in ('', '""', 'W/""', '1', '"1', '*', f'"{"x" * 300}"'):
            self.script['GET', PATH] = resource(etag)
            self.server.requests.clear()
            self.read()
            self.read()
            self.assertEqual([None] * 2, self.conditions(), etag)

    def test_not_to_be_stored(self):
        control = {'Cache-Control': 'max-age=0, No-Store'}
        self.script['GET', PATH] = resource('"1"', **control)
        self.read()
        self.read()
        self.assertEqual([None] * 2, self.conditions())
        self.assertEqual(0, self.documents.size)

    def test_no_object(self):
        self.script['GET', PATH] = scripted.Reply(200, [], {'ETag': '"1"'})
        for _ in range(2):
            self.assertRaises(exception.PodManagerMalformed, self.read)
        self.assertEqual([None] * 2, self.conditions())

    def test_304_that_nobody_asked_for(self):
        self.script['GET', PATH] = scripted.Reply(304, b'')
        self.assertRaises(exception.PodManagerRefused, self.read)
        self.assertFails(exception.PodManagerRefused)

    # Whose it is

    def test_not_of_another_client(self):
        """Another client may be another pod manager, or another user."""
        other = self.client(documents=self.documents)
        self.read()
        self.read(other)
        self.assertEqual([None] * 2, self.conditions())

    def test_nothing_is_kept_unless_there_is_room(self):
        for documents in (None, http_cache.Documents(0)):
            client = self.client(documents=documents)
            self.read(client)
            self.read(client)
        self.assertEqual([None] * 4, self.conditions())


class DocumentsTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.documents = http_cache.Documents(100_000)

    def put(self, number, size=10_000):
        self.documents.put(
            (1, 0, str(number)), http_cache.Kept('"1"', b'x' * size)
        )

    def kept(self):
        return [
            number
            for number in range(100)
            if self.documents.get((1, 0, str(number)))
        ]

    def test_bounded(self):
        for number in range(100):
            self.put(number)
            self.assertLessEqual(self.documents.size, 100_000)
        self.assertEqual(list(range(91, 100)), self.kept())

    def test_what_is_asked_for_stays(self):
        for number in range(100):
            self.put(number)
            self.documents.get((1, 0, '0'))
        self.assertEqual([0, *range(92, 100)], self.kept())

    def test_replaced(self):
        for _ in range(100):
            self.put(1)
        self.assertLess(self.documents.size, 11_000)
        self.assertEqual([1], self.kept())

    def test_dropped(self):
        self.put(1)
        self.documents.drop((1, 0, '1'))
        self.documents.drop((1, 0, '1'))
        self.assertEqual(0, self.documents.size)

    def test_too_large_to_be_kept(self):
        self.put(1)
        self.put(2, 30_000)
        self.assertEqual([1], self.kept())


class LimitsTest(testtools.TestCase):
    def test_nothing_is_kept_by_default(self):
        self.assertIsNone(http_client.Limits().documents)
