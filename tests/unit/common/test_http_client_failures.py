import logging
import socket

import fixtures

from tests.unit.common.calling import (
    BIT,
    CLOSED_HEADERS,
    PASSWORD,
    PATH,
    HttpClientTest,
)
from tests.unit.podm import scripted
from valence.common import exception


class UnreachableTest(HttpClientTest):
    def test_nobody_listens(self):
        with socket.create_server(('127.0.0.1', 0)) as free:
            port = free.getsockname()[1]
        client = self.client(f'http://127.0.0.1:{port}')
        error = self.assertFails(
            exception.PodManagerUnreachable, client=client
        )
        self.assertIn('Connection refused', str(error))

    def test_no_such_host(self):
        client = self.client('http://podm.invalid')
        self.assertFails(exception.PodManagerUnreachable, client=client)

    def test_nobody_accepts(self):
        with socket.create_server(('127.0.0.1', 0), backlog=0) as busy:
            address = busy.getsockname()
            with socket.create_connection(address):
                client = self.client(
                    f'http://127.0.0.1:{address[1]}', connect_timeout=0.3
                )
                with scripted.Stopwatch() as watch:
                    error = self.assertFails(
                        exception.PodManagerUnreachable, client=client
                    )
        self.assertIn('in time', str(error))
        self.assertTrue(watch.seconds < 0.3 + BIT, watch.seconds)

    def test_not_http(self):
        for junk in (b'SSH-2.0-OpenSSH_9.2\r\n', CLOSED_HEADERS * 5000):
            self.script['GET', PATH] = scripted.raw(junk)
            self.assertFails(exception.PodManagerMalformed)

    def test_body_is_not_what_its_encoding_says(self):
        self.script['GET', PATH] = scripted.Reply(
            body=b'{}', headers={'Content-Encoding': 'gzip'}
        )
        self.assertFails(exception.PodManagerMalformed)


class RefusedTest(HttpClientTest):
    def test_unauthorized(self):
        for status, kind in (
            (401, exception.PodManagerUnauthorized),
            (403, exception.PodManagerForbidden),
        ):
            self.script['POST', PATH] = scripted.Reply(status)
            self.assertFails(kind, 'POST')
        self.assertEqual([PATH] * 2, self.server.asked('POST'))

    def test_missing(self):
        for status in (404, 410):
            self.script['GET', PATH] = scripted.Reply(status)
            error = self.assertFails(exception.PodManagerResourceMissing)
            self.assertIn(f'{status} to GET {PATH}', str(error))

    def test_refused(self):
        info = [{'MessageId': 'Base.1.0.X', 'Message': 'why'}]
        self.script['PATCH', PATH] = scripted.Reply(
            400,
            {'error': {'message': 'no', '@Message.ExtendedInfo': info}},
        )
        error = self.assertFails(exception.PodManagerRefused, 'PATCH')
        self.assertIn(f'answered 400 to PATCH {PATH}: no', str(error))
        self.assertEqual(['why'], error.reasons)
        self.assertEqual(['Base.1.0.X'], error.kwargs['codes'])

    def test_no_secret_that_is_echoed(self):
        info = [
            {'Message': f'{PASSWORD} is wrong', 'MessageId': PASSWORD},
            {'Message': 'Basic bWU6Y29ycmVjdC1ob3JzZQ=='},
        ]
        body = {'error': {'message': PASSWORD, '@Message.ExtendedInfo': info}}
        for status in (400, 401):
            self.script['GET', PATH] = scripted.Reply(status, body)
            error = self.assertRaises(
                exception.PodManagerError, self.client().get, PATH
            )
            self.assertEqual(['*** is wrong', 'Basic ***'], error.reasons)
            self.assertNotIn(PASSWORD, f'{error} {error.kwargs}')

    def test_no_secret_in_the_log(self):
        log = self.useFixture(
            fixtures.FakeLogger(level=logging.DEBUG, format='%(message)s')
        )
        self.script['POST', PATH] = scripted.Reply(200)
        self.client().send('POST', PATH, {'Password': PASSWORD})
        self.assertIn(f'POST {self.server.url}{PATH}: 200', log.output)
        self.assertNotIn(PASSWORD, log.output)
        self.assertNotIn('bWU6', log.output)
