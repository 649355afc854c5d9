import threading
import time

import fixtures

from tests.unit.common.calling import (
    BIT,
    CLOSED_HEADERS,
    GOOD,
    PATH,
    HttpClientTest,
)
from tests.unit.podm import scripted
from valence.common import exception


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

    def test_connections_that_are_not_used_are_dropped(self):
        barrier = threading.Barrier(2, timeout=20)

        def together(handler, request):
            barrier.wait()
            GOOD(handler, request)

        client = self.client()
        connections = []

        def twice():
            self.script['GET', PATH] = together
            other = threading.Thread(target=client.get, args=[PATH])
            other.start()
            client.get(PATH)
            other.join()
            connections.append(self.server.server.connections)

        twice()
        client.drop_idle(60)
        twice()
        start = time.monotonic()
        self.script['GET', PATH] = GOOD
        time.sleep(0.1)
        client.get(PATH)
        # Both stand, and one of them was used since.
        client.drop_idle(time.monotonic() - start)
        twice()
        client.drop_idle(0)
        twice()
        self.assertEqual([2, 2, 3, 5], connections)

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

    def test_body_of_any_form(self):
        chunks = (
            CLOSED_HEADERS + b'Transfer-Encoding: chunked\r\n\r\n'
            b'4\r\n{"Id\r\n6;x=y\r\n": "1"\r\n1\r\n}\r\n0\r\nX: y\r\n\r\n'
        )
        until_close = CLOSED_HEADERS + b'\r\n{"Id": "1"}'
        old = b'HTTP/1.0 200 OK\r\n\r\n{"Id": "1"}'
        for answer in (chunks, until_close, old):
            self.script['GET', PATH] = scripted.raw(answer)
            self.assertEqual({'Id': '1'}, self.client().get(PATH))

    def test_connection_that_was_closed_meanwhile(self):
        """Not even a change is lost by that."""
        closing = scripted.raw(
            b'HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n'
        )
        self.script['POST', PATH] = closing
        client = self.client()
        for _ in range(3):
            client.send('POST', PATH)
            time.sleep(0.1)
        self.assertEqual(3, self.server.server.connections)

    def test_paths_are_sent_as_they_are(self):
        client = self.client()
        for path, sent in (
            ('/redfish/v1/a%20b%2Fc', '/redfish/v1/a%20b%2Fc'),
            ('/redfish/v1/a b', '/redfish/v1/a%20b'),
            ('/redfish/v1/\xe9', '/redfish/v1/%C3%A9'),
            ("/redfish/v1/a('b')?$expand=.", "/redfish/v1/a('b')?$expand=."),
        ):
            self.script['GET', sent] = GOOD
            self.assertEqual({'Id': '1'}, client.get(path))

    def test_condition_of_a_change(self):
        self.script['PATCH', PATH] = scripted.Reply(204, b'')
        client = self.client()
        client.send('PATCH', PATH, {}, if_match='W/"1"')
        client.send('PATCH', PATH, {})
        self.assertEqual(
            ['W/"1"', None],
            [each.headers['If-Match'] for each in self.server.requests],
        )

    def test_no_more_connections_than_allowed(self):
        inside, most = 0, 0
        lock, both = threading.Lock(), threading.Event()

        def count(handler, request):
            nonlocal inside, most
            with lock:
                inside += 1
                most = max(most, inside)
                if inside == 2:
                    both.set()
            both.wait(20)
            # Time for one more to come.
            time.sleep(0.05)
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
