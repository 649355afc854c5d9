import logging
import socket
import threading

import fixtures
import testtools

from tests.unit.podm import scripted
from valence.common import (
    exception,
    http_auth,
    http_client,
    http_deadline,
)

PASSWORD = 'correct-horse'
PATH = '/redfish/v1/Systems'
GOOD = scripted.Reply(body={'Id': '1'})
CLOSED_HEADERS = b'HTTP/1.1 200 OK\r\nConnection: close\r\n'

#: Slack of the time measured: the machine may be busy.
BIT = 1.0


class HttpClientTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.server = self.useFixture(scripted.Scripted())
        self.script = self.server.script

    def client(self, url=None, verify=True, auth=None, **limits):
        client = http_client.HttpClient(
            url or self.server.url,
            auth=auth or http_auth.BasicAuth('me', PASSWORD),
            limits=http_client.Limits(**limits),
            verify=verify,
            under='/redfish/',
        )
        self.addCleanup(client.close)
        return client

    def assertFails(self, kind, method='GET', client=None, **limits):
        """Send a request that fails, and give the error."""
        client = client or self.client(**limits)
        error = self.assertRaises(kind, client.send, method, PATH)
        self.assertIs(kind, type(error))
        self.assertNotIn(PASSWORD, f'{error} {error.to_dict()}')
        return error


class ReadTest(HttpClientTest):
    def test_get(self):
        self.script['GET', PATH] = GOOD
        self.assertEqual({'Id': '1'}, self.client().get(PATH))
        (request,) = self.server.requests
        self.assertEqual('application/json', request.headers['Accept'])
        self.assertEqual(
            'Basic bWU6Y29ycmVjdC1ob3JzZQ==', request.headers['Authorization']
        )

    def test_body_is_sent_as_json(self):
        self.script['POST', PATH] = scripted.Reply(204, b'')
        self.client().send('POST', PATH, {'ResetType': 'On'})
        (request,) = self.server.requests
        self.assertEqual({'ResetType': 'On'}, request.document)
        self.assertEqual('application/json', request.headers['Content-Type'])

    def test_connection_is_kept_alive(self):
        self.script['GET', PATH] = GOOD
        client = self.client()
        for _ in range(5):
            client.get(PATH)
        self.assertEqual(1, self.server.server.connections)

    def test_environment_is_not_asked_for_a_proxy(self):
        self.script['GET', PATH] = GOOD
        for name in ('http_proxy', 'HTTP_PROXY', 'all_proxy'):
            self.useFixture(
                fixtures.EnvironmentVariable(name, 'http://127.0.0.1:1')
            )
        self.client().get(PATH)

    def test_cookies_are_not_kept(self):
        self.script['GET', PATH] = scripted.Reply(
            headers={'Set-Cookie': 'a=b; Path=/'}
        )
        client = self.client()
        client.get(PATH)
        client.get(PATH)
        self.assertNotIn('Cookie', self.server.requests[1].headers)

    def test_not_an_object(self):
        for body in (b'<html/>', b'', b'[]', b'"x"', b'{"a": NaN}', b'\xff'):
            self.script['GET', PATH] = scripted.Reply(body=body)
            error = self.assertRaises(
                exception.PodManagerMalformed, self.client().get, PATH
            )
            self.assertIn(PATH, str(error))

    def test_no_more_connections_than_allowed(self):
        inside, most = 0, 0
        lock, enough = threading.Lock(), threading.Event()

        def count(handler, request):
            nonlocal inside, most
            with lock:
                inside += 1
                most = max(most, inside)
            enough.wait(0.05)
            with lock:
                inside -= 1
            GOOD(handler, request)

        self.script['GET', PATH] = count
        client = self.client(max_connections=2)
        threads = [
            threading.Thread(target=client.get, args=(PATH,)) for _ in 'xxxxxx'
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(2, most)
        self.assertEqual(2, self.server.server.connections)

    def test_closed_client_still_serves(self):
        self.script['GET', PATH] = GOOD
        client = self.client()
        client.close()
        self.assertEqual({'Id': '1'}, client.get(PATH))

    def test_no_url(self):
        self.assertRaises(
            exception.PodManagerUnreachable, self.client, 'podm:8443'
        )


class LinkTest(HttpClientTest):
    def test_followed(self):
        client = self.client()
        self.assertEqual(
            PATH, client.path_of(f'{self.server.url}{PATH}', '/redfish/v1')
        )

    def test_not_followed(self):
        error = self.assertRaises(
            exception.PodManagerMalformed,
            self.client().path_of,
            'http://evil/redfish/v1',
            '/redfish/v1/Systems/1',
        )
        self.assertIn('/redfish/v1/Systems/1', str(error))
        self.assertIn('another server', str(error))


class RedirectTest(HttpClientTest):
    def redirect(self, location, method='GET', status=308):
        self.script[method, PATH] = scripted.Reply(
            status, b'', {'Location': location}
        )

    def test_to_itself(self):
        self.redirect(f'{PATH}/')
        self.script['GET', f'{PATH}/'] = GOOD
        self.assertEqual({'Id': '1'}, self.client().get(PATH))

    def test_to_another_server(self):
        other = self.useFixture(scripted.Scripted())
        other.script['GET', PATH] = GOOD
        self.redirect(f'{other.url}{PATH}')
        error = self.assertFails(exception.PodManagerRefused)
        self.assertIn('308', str(error))
        self.assertEqual(0, other.server.connections)

    def test_to_a_path_of_others(self):
        self.redirect('/login')
        self.script['GET', '/login'] = GOOD
        self.assertFails(exception.PodManagerRefused)
        self.assertEqual([PATH], self.server.asked('GET'))

    def test_without_end(self):
        self.redirect(PATH)
        self.assertFails(exception.PodManagerRefused)
        self.assertEqual([PATH] * 4, self.server.asked('GET'))

    def test_of_a_change(self):
        self.redirect(f'{PATH}/', 'POST', 307)
        self.script['POST', f'{PATH}/'] = GOOD
        self.assertFails(exception.PodManagerRefused, 'POST')
        self.assertEqual([PATH], self.server.asked('POST'))


class RepeatTest(HttpClientTest):
    def test_get_is_repeated(self):
        for step in (scripted.drop, *map(scripted.Reply, (429, 502, 503))):
            self.script['GET', PATH] = [step, step, GOOD]
            self.assertEqual({'Id': '1'}, self.client().get(PATH))

    def test_get_is_repeated_twice_at_most(self):
        self.script['GET', PATH] = scripted.Reply(504)
        self.assertFails(exception.PodManagerRefused)
        self.assertEqual([PATH] * 3, self.server.asked('GET'))

    def test_lost_connection_is_tried_again_twice_at_most(self):
        self.script['GET', PATH] = scripted.drop
        self.assertFails(exception.PodManagerUnreachable)
        self.assertEqual([PATH] * 3, self.server.asked('GET'))

    def test_body_cut_short(self):
        short = CLOSED_HEADERS + b'Content-Length: 100\r\n\r\n{'
        self.script['GET', PATH] = [scripted.raw(short), GOOD]
        self.assertEqual({'Id': '1'}, self.client().get(PATH))

    def test_other_errors_are_final(self):
        self.script['GET', PATH] = scripted.Reply(500)
        self.assertFails(exception.PodManagerRefused)
        self.assertEqual([PATH], self.server.asked('GET'))

    def test_changes_are_never_repeated(self):
        for method in ('POST', 'PATCH', 'DELETE'):
            self.script[method, PATH] = scripted.Reply(503)
            self.assertFails(exception.PodManagerRefused, method)
            self.script[method, PATH] = scripted.drop
            self.assertFails(exception.PodManagerConnectionLost, method)
            self.assertEqual([PATH] * 2, self.server.asked(method))

    def test_retry_after(self):
        busy = scripted.Reply(503, headers={'Retry-After': '1'})
        self.script['GET', PATH] = [busy, GOOD]
        with scripted.Stopwatch() as watch:
            self.client().get(PATH)
        self.assertTrue(1 <= watch.seconds < 1 + BIT, watch.seconds)

    def test_retry_after_the_deadline(self):
        self.script['GET', PATH] = scripted.Reply(
            503, headers={'Retry-After': '30'}
        )
        with scripted.Stopwatch() as watch:
            self.assertFails(exception.PodManagerRefused, timeout=20)
        self.assertTrue(watch.seconds < BIT, watch.seconds)
        self.assertEqual([PATH], self.server.asked('GET'))


class DeadlineTest(HttpClientTest):
    def assertTimesOut(self, step, method='GET'):
        self.script[method, PATH] = step
        with scripted.Stopwatch() as watch:
            error = self.assertFails(
                exception.PodManagerTimeout,
                method,
                timeout=0.4,
                change_timeout=0.4,
            )
        self.assertIn(f'{method} {PATH} within 0.4 s', str(error))
        self.assertTrue(0.3 < watch.seconds < 0.4 + BIT, watch.seconds)
        self.assertEqual([PATH], self.server.asked(method))

    def test_hang(self):
        self.assertTimesOut(scripted.hang)

    def test_hang_of_a_change(self):
        self.assertTimesOut(scripted.hang, 'POST')

    def test_headers_drip(self):
        self.assertTimesOut(scripted.drip(CLOSED_HEADERS + b'X: '))

    def test_body_drips(self):
        self.assertTimesOut(
            scripted.drip(CLOSED_HEADERS + b'Content-Length: 9999\r\n\r\n')
        )

    def test_chunks_drip(self):
        chunked = CLOSED_HEADERS + b'Transfer-Encoding: chunked\r\n\r\n'
        self.assertTimesOut(scripted.drip(chunked, b'1\r\nx\r\n'))

    def test_early_hints_drip(self):
        self.assertTimesOut(
            scripted.drip(b'', b'HTTP/1.1 100 Continue\r\n\r\n')
        )

    def test_outer_deadline_bounds_several_calls(self):
        def slow(handler, request):
            handler.server.stopping.wait(0.2)
            GOOD(handler, request)

        self.script['GET', PATH] = slow
        client = self.client()
        with scripted.Stopwatch() as watch, http_deadline.within(0.5):
            client.get(PATH)
            client.get(PATH)
            self.assertFails(exception.PodManagerTimeout, client=client)
        self.assertTrue(0.4 < watch.seconds < 0.5 + BIT, watch.seconds)
        client.get(PATH)

    def test_waiting_for_a_connection_counts(self):
        self.script['GET', PATH] = scripted.hang
        client = self.client(max_connections=1, timeout=0.4)
        other = threading.Thread(
            target=self.assertFails,
            args=(exception.PodManagerTimeout,),
            kwargs={'client': client},
        )
        other.start()
        with scripted.Stopwatch() as watch:
            self.assertFails(exception.PodManagerTimeout, client=client)
        other.join()
        self.assertTrue(watch.seconds < 0.4 + BIT, watch.seconds)


class SizeTest(HttpClientTest):
    def test_as_large_as_allowed(self):
        self.script['GET', PATH] = scripted.Reply(body=b'{}' + b' ' * 998)
        self.assertEqual({}, self.client(max_body=1000).get(PATH))

    def test_too_large(self):
        self.script['GET', PATH] = scripted.Reply(body=b'{}' + b' ' * 999)
        error = self.assertFails(exception.PodManagerMalformed, max_body=1000)
        self.assertIn('1000 bytes', str(error))

    def test_without_end(self):
        self.script['GET', PATH] = scripted.drip(
            CLOSED_HEADERS + b'\r\n', b' ' * 100_000, pause=0
        )
        self.assertFails(exception.PodManagerMalformed, max_body=1_000_000)


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


class TlsTest(HttpClientTest):
    def setUp(self):
        super().setUp()
        self.certificate = self.useFixture(scripted.Certificate())
        self.server = self.useFixture(
            scripted.Scripted(self.certificate.files)
        )
        self.server.script['GET', PATH] = GOOD

    def test_untrusted(self):
        error = self.assertFails(exception.PodManagerUntrusted)
        self.assertIn('self-signed certificate', str(error))
        self.assertEqual([], self.server.requests)

    def test_trusted_by_its_record(self):
        client = self.client(verify=self.certificate.certificate)
        self.assertEqual({'Id': '1'}, client.get(PATH))

    def test_not_verified(self):
        self.assertEqual({'Id': '1'}, self.client(verify=False).get(PATH))

    def test_certificate_of_another_host(self):
        url = self.server.url.replace('127.0.0.1', 'localhost')
        client = self.client(url, verify=self.certificate.certificate)
        error = self.assertFails(exception.PodManagerUntrusted, client=client)
        self.assertIn('localhost', str(error))

    def test_ca_that_cannot_be_read(self):
        for path in ('/nowhere/ca.pem', self.certificate.key):
            client = self.client(verify=path)
            error = self.assertFails(
                exception.PodManagerUntrusted, client=client
            )
            self.assertIn('cannot be read', str(error))

    def test_no_tls_in_time(self):
        with socket.create_server(('127.0.0.1', 0)) as silent:
            port = silent.getsockname()[1]
            client = self.client(
                f'https://127.0.0.1:{port}', connect_timeout=0.3
            )
            with scripted.Stopwatch() as watch:
                error = self.assertFails(
                    exception.PodManagerUnreachable, client=client
                )
        self.assertIn('no TLS in time', str(error))
        self.assertTrue(watch.seconds < 0.3 + BIT, watch.seconds)

    def test_no_tls_there(self):
        plain = self.useFixture(scripted.Scripted())
        client = self.client(plain.url.replace('http:', 'https:'))
        error = self.assertFails(
            exception.PodManagerUnreachable, client=client
        )
        self.assertIn('no TLS', str(error))


class RefusedTest(HttpClientTest):
    def test_unauthorized(self):
        for status in (401, 403):
            self.script['POST', PATH] = scripted.Reply(status)
            self.assertFails(exception.PodManagerUnauthorized, 'POST')
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
