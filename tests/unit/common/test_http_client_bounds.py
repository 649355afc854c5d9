import gzip
import threading
import tracemalloc
import zlib

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
        def after(seconds):
            def slow(handler, request):
                handler.server.stopping.wait(seconds)
                GOOD(handler, request)

            return slow

        # The third one alone would be in time.
        self.script['GET', PATH] = [after(0.2), after(0.2), after(1.4), GOOD]
        client = self.client()
        with scripted.Stopwatch() as watch, http_deadline.within(1.5):
            client.get(PATH)
            client.get(PATH)
            self.assertFails(exception.PodManagerTimeout, client=client)
        self.assertTrue(1.4 < watch.seconds < 1.5 + BIT, watch.seconds)
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

    def test_announced_as_too_large(self):
        self.script['GET', PATH] = scripted.raw(
            CLOSED_HEADERS + b'Content-Length: 1001\r\n\r\n'
        )
        error = self.assertFails(exception.PodManagerMalformed, max_body=1000)
        self.assertIn('1000 bytes', str(error))

    def test_header_without_end(self):
        line = b'X: ' + b'x' * 1000 + b'\r\n'
        for start in (CLOSED_HEADERS, b''):
            piece = line if start else b'HTTP/1.1 100 Continue\r\n\r\n' * 50
            self.script['GET', PATH] = scripted.drip(start, piece, pause=0)
            self.assertFails(exception.PodManagerMalformed)

    def test_deep(self):
        body = b'{"a":' * 64 + b'1' + b'}' * 64
        self.script['GET', PATH] = scripted.Reply(body=body)
        self.assertIn('a', self.client().get(PATH))
        for depth in (65, 100_000):
            body = b'{"a":' * depth + b'1' + b'}' * depth
            self.script['GET', PATH] = scripted.Reply(body=body)
            error = self.assertRaises(
                exception.PodManagerMalformed, self.client().get, PATH
            )
            self.assertIn('deep', str(error))


class PackedTest(HttpClientTest):
    """Nobody asks for a packed answer, but some send one."""

    def answer(self, body, coding='gzip'):
        self.script['GET', PATH] = scripted.Reply(
            body=body, headers={'Content-Encoding': coding}
        )

    def test_not_asked_for(self):
        self.script['GET', PATH] = GOOD
        self.client().get(PATH)
        (request,) = self.server.requests
        self.assertEqual('identity', request.headers['Accept-Encoding'])

    def test_unpacked(self):
        for coding, pack in (
            ('gzip', gzip.compress),
            ('x-gzip', gzip.compress),
            ('GZip', gzip.compress),
            ('deflate', zlib.compress),
            ('identity', bytes),
        ):
            self.answer(pack(b'{"Id": "1"}'), coding)
            self.assertEqual({'Id': '1'}, self.client().get(PATH))

    def test_bomb(self):
        bomb = gzip.compress(b' ' * 100_000_000)
        self.answer(bomb)
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        error = self.assertFails(
            exception.PodManagerMalformed, max_body=1_000_000
        )
        _now, peak = tracemalloc.get_traced_memory()
        self.assertIn('1000000 bytes', str(error))
        self.assertLess(peak, 20_000_000)

    def test_not_what_it_says(self):
        packed = gzip.compress(b'{"Id": "1"}')
        for body, coding in (
            (b'{}', 'gzip'),
            (packed[:-4], 'gzip'),
            (packed, 'br'),
            (packed, 'gzip, gzip'),
        ):
            self.answer(body, coding)
            self.assertFails(exception.PodManagerMalformed)

    def test_nothing_in_it(self):
        self.script['POST', PATH] = scripted.Reply(
            204, b'', {'Content-Encoding': 'gzip'}
        )
        self.assertEqual(204, self.client().send('POST', PATH).status)
