import threading

from tests.unit.common.calling import (
    BIT,
    CLOSED_HEADERS,
    GOOD,
    PATH,
    HttpClientTest,
)
from tests.unit.podm import scripted
from valence.common import exception, http_deadline


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
