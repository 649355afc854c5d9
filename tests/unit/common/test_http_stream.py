import threading

from tests.unit.common.calling import PATH, HttpClientTest
from tests.unit.podm import scripted
from valence.common import exception, http_auth, http_stream, http_tls

_PLAIN = (
    b'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n'
)
_CLOSED = _PLAIN + b'Connection: close\r\n\r\n'
_CHUNKED = _PLAIN + b'Transfer-Encoding: chunked\r\n\r\n'


def then_silence(content):
    """Send this, and no more until the test ends."""

    def step(handler, request):
        handler.close_connection = True
        handler.wfile.write(content)
        handler.server.stopping.wait(30)

    return step


class Renewing(http_auth.BasicAuth):
    """Has something better once it was refused."""

    def __init__(self):
        super().__init__('me', 'x')
        self._token = {'X-Auth-Token': 'old'}

    def headers(self):
        return self._token

    def renew(self, client, refused, status):
        self._token = {'X-Auth-Token': 'new'}
        return True


class StreamTest(HttpClientTest):
    def begin(self, client=None, idle=20, **headers):
        client = client or self.client()
        stream = client.stream(PATH, headers, idle=idle)
        self.addCleanup(stream.close)
        return stream

    def lines(self, content, **more):
        self.script['GET', PATH] = scripted.raw(content)
        return list(self.begin(**more))

    def test_lines_however_they_end(self):
        for body in (b'a\nb\n\n', b'a\r\nb\r\n\r\n', b'a\rb\r\r'):
            self.assertEqual([b'a', b'b', b''], self.lines(_CLOSED + body))

    def test_lines_in_chunks(self):
        body = b'2\r\na\r\r\n3\r\n\nbc\r\n2\r\nd\n\r\n0\r\n\r\n'
        self.assertEqual([b'a', b'bcd'], self.lines(_CHUNKED + body))

    def test_what_is_no_line_yet_is_not_given(self):
        self.assertEqual([b'a'], self.lines(_CLOSED + b'a\nb'))

    def test_lines_come_before_the_end(self):
        self.script['GET', PATH] = then_silence(_CLOSED + b'a\nb\n')
        stream = iter(self.begin())
        self.assertEqual([b'a', b'b'], [next(stream), next(stream)])

    def test_request(self):
        self.script['GET', PATH] = scripted.raw(_CLOSED)
        list(self.begin(**{'Last-Event-ID': '7'}))
        (request,) = self.server.requests
        self.assertEqual('text/event-stream', request.headers['Accept'])
        self.assertEqual('7', request.headers['Last-Event-ID'])
        self.assertTrue(request.headers['Authorization'].startswith('Basic'))

    def test_silence_is_an_end(self):
        self.script['GET', PATH] = then_silence(_CLOSED + b'a\n')
        self.assertEqual([b'a'], list(self.begin(idle=0.2)))

    def test_closed_from_another_thread(self):
        for wanted in (_CLOSED, _CHUNKED):
            self.script['GET', PATH] = then_silence(wanted)
            stream = self.begin()
            thread = threading.Thread(target=list, args=(stream,))
            thread.start()
            stream.close()
            stream.close()
            thread.join(10)
            self.assertFalse(thread.is_alive())

    def test_closed_before_it_is_read(self):
        self.script['GET', PATH] = then_silence(_CLOSED)
        stream = self.begin()
        stream.close()
        stream.close()
        self.assertEqual([], list(stream))
        self.assertTrue(stream._response.isclosed())

    def test_closed_over_tls(self):
        certificate = self.useFixture(scripted.Certificate())
        server = self.useFixture(scripted.Scripted(certificate.files))
        server.script['GET', PATH] = then_silence(_CLOSED + b'a\n')
        trust = http_tls.Trust.of({'verify': False})
        stream = self.begin(self.client(server.url, trust=trust))
        found = []
        first = threading.Event()

        def read():
            for line in stream:
                found.append(line)
                first.set()

        thread = threading.Thread(target=read)
        thread.start()
        self.assertTrue(first.wait(20))
        stream.close()
        thread.join(10)
        self.assertFalse(thread.is_alive())
        self.assertEqual([b'a'], found)

    def test_connection_that_is_lost(self):
        body = b'2\r\na\n\r\n'
        for rest in (b'', b'zz\r\n'):
            error = self.assertRaises(
                exception.PodManagerConnectionLost,
                self.lines,
                _CHUNKED + body + rest,
            )
            self.assertEqual('GET', error.kwargs['method'])

    def test_what_is_not_http(self):
        self.assertRaises(
            exception.PodManagerMalformed, self.lines, b'nonsense\r\n\r\n'
        )

    def test_line_without_end(self):
        long = b'x' * (http_stream.MAX_LINE + 1)
        self.assertRaises(
            exception.PodManagerMalformed, self.lines, _CLOSED + long
        )
        good = long[:-1] + b'\n'
        self.assertEqual(1, len(self.lines(_CLOSED + good)))

    def test_other_answers(self):
        self.script['GET', PATH] = scripted.Reply(404, b'')
        self.assertRaises(exception.PodManagerResourceMissing, self.begin)
        self.script['GET', PATH] = scripted.Reply(503, b'')
        self.assertRaises(exception.PodManagerRefused, self.begin)
        self.script['GET', PATH] = scripted.Reply(body={})
        self.assertRaises(exception.PodManagerMalformed, self.begin)
        self.script['GET', PATH] = scripted.drop
        self.assertRaises(exception.PodManagerUnreachable, self.begin)

    def test_redirect_is_not_followed(self):
        self.script['GET', PATH] = scripted.Reply(
            307, b'', {'Location': '/redfish/v1/Other'}
        )
        self.assertRaises(exception.PodManagerRefused, self.begin)
        self.assertEqual([PATH], self.server.asked('GET'))

    def test_nobody_there(self):
        client = self.client('http://127.0.0.1:1')
        self.assertRaises(exception.PodManagerUnreachable, self.begin, client)

    def test_header_that_does_not_come(self):
        self.script['GET', PATH] = scripted.hang
        self.assertRaises(
            exception.PodManagerTimeout, self.begin, self.client(timeout=0.2)
        )

    def test_credentials_are_renewed(self):
        self.script['GET', PATH] = [
            scripted.Reply(401, b''),
            scripted.raw(_CLOSED + b'a\n'),
        ]
        client = self.client(auth=Renewing())
        self.assertEqual([b'a'], list(self.begin(client)))
        tokens = [
            each.headers['X-Auth-Token'] for each in self.server.requests
        ]
        self.assertEqual(['old', 'new'], tokens)

    def test_other_calls_have_all_connections(self):
        self.script['GET', PATH] = then_silence(_CLOSED)
        client = self.client(max_connections=1)
        self.begin(client)
        other = '/redfish/v1/Chassis'
        self.script['GET', other] = scripted.Reply(body={'Id': '1'})
        self.assertEqual({'Id': '1'}, client.get(other))
