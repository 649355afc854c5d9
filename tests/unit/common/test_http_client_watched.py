import contextlib
import socket
import threading

from tests.unit.common.calling import GOOD, PATH, HttpClientTest
from tests.unit.podm import scripted
from valence.common import exception, http_client, http_deadline
from valence.podm.redfish.service import Service


class Heard:
    """Notes what it is told."""

    def __init__(self):
        self.told = []

    def answered(self):
        self.told.append('answered')

    def unanswered(self, reason):
        self.told.append(reason)


class HealthTest(HttpClientTest):
    """What is told of how calls end."""

    def setUp(self):
        super().setUp()
        self.heard = Heard()

    def send(self, method='GET', url=None, **limits):
        """Send a request; what it ends with is of no interest."""
        client = self.client(url, health=self.heard, **limits)
        with contextlib.suppress(exception.PodManagerError):
            client.send(method, PATH)

    def assert_unanswered(self, reason):
        (told,) = self.heard.told
        self.assertIn(reason, told)

    # Answers

    def test_good_answer(self):
        self.script['GET', PATH] = GOOD
        self.send()
        self.assertEqual(['answered'], self.heard.told)

    def test_bad_answers(self):
        for status in (400, 401, 403, 404, 500, 503):
            self.script['POST', PATH] = scripted.Reply(status)
            self.send('POST')
        self.assertEqual(['answered'] * 6, self.heard.told)

    def test_malformed_answer(self):
        self.script['GET', PATH] = scripted.raw(b'SSH-2.0-OpenSSH_9.2\r\n')
        self.send()
        self.assertEqual(['answered'], self.heard.told)

    def test_answer_after_lost_connections(self):
        self.script['GET', PATH] = [scripted.drop, scripted.drop, GOOD]
        self.send()
        self.assertEqual(['answered'], self.heard.told)

    # No answers

    def test_refused_connection(self):
        with socket.create_server(('127.0.0.1', 0)) as free:
            port = free.getsockname()[1]
        self.send(url=f'http://127.0.0.1:{port}')
        self.assert_unanswered('Connection refused')

    def test_refused_connection_of_a_change(self):
        with socket.create_server(('127.0.0.1', 0)) as free:
            port = free.getsockname()[1]
        self.send('POST', url=f'http://127.0.0.1:{port}')
        self.assert_unanswered('Connection refused')

    def test_lost_connection(self):
        self.script['GET', PATH] = scripted.drop
        self.send()
        self.assert_unanswered('cannot be reached')

    def test_lost_connection_of_a_change(self):
        self.script['POST', PATH] = scripted.drop
        self.send('POST')
        self.assert_unanswered('before it answered')

    def test_timeout(self):
        self.script['GET', PATH] = scripted.hang
        self.send(connect_timeout=0.2, timeout=0.3)
        self.assert_unanswered('did not answer')

    def test_timeout_of_a_change(self):
        self.script['POST', PATH] = scripted.hang
        self.send('POST', connect_timeout=0.2, change_timeout=0.3)
        self.assert_unanswered('did not answer')

    # What tells nothing

    def test_too_little_time_for_an_answer(self):
        self.script['GET', PATH] = scripted.hang
        with http_deadline.within(0.2):
            self.send()
        self.assertEqual([], self.heard.told)

    def test_too_little_time_for_a_connection(self):
        with socket.create_server(('127.0.0.1', 0), backlog=0) as busy:
            address = busy.getsockname()
            with (
                socket.create_connection(address),
                http_deadline.within(0.2),
            ):
                self.send(url=f'http://127.0.0.1:{address[1]}')
        self.assertEqual([], self.heard.told)

    def test_certificate_that_is_not_trusted(self):
        certificate = self.useFixture(scripted.Certificate())
        server = self.useFixture(scripted.Scripted(certificate.files))
        self.send(url=server.url)
        self.assertEqual([], self.heard.told)

    def test_change_that_was_not_sent(self):
        def check():
            raise ZeroDivisionError

        with http_client.each_change_after(check):
            self.assertRaises(ZeroDivisionError, self.send, 'POST')
        self.assertEqual([], self.heard.told)


class EachChangeAfterTest(HttpClientTest):
    """What is called before each request that changes something."""

    def setUp(self):
        super().setUp()
        self.checks = []

    def check(self):
        """Note how many requests came before."""
        self.checks.append(len(self.server.requests))

    def refuse(self):
        raise ZeroDivisionError

    def test_called_before_each_change(self):
        client = self.client()
        with http_client.each_change_after(self.check):
            for method in ('POST', 'PATCH', 'DELETE'):
                self.script[method, PATH] = GOOD
                client.send(method, PATH)
        self.assertEqual([0, 1, 2], self.checks)

    def test_not_called_before_a_read(self):
        self.script['GET', PATH] = GOOD
        with http_client.each_change_after(self.refuse):
            self.client().get(PATH)
        self.assertEqual([PATH], self.server.asked('GET'))

    def test_not_called_after_its_end(self):
        self.script['POST', PATH] = GOOD
        with http_client.each_change_after(self.check):
            pass
        self.client().send('POST', PATH)
        self.assertEqual([], self.checks)

    def test_inner_one_counts(self):
        self.script['POST', PATH] = GOOD
        client = self.client()
        with http_client.each_change_after(self.refuse):
            with http_client.each_change_after(self.check):
                client.send('POST', PATH)
            self.assertRaises(ZeroDivisionError, client.send, 'POST', PATH)
        self.assertEqual([0], self.checks)

    def test_what_it_raises_prevents_the_request(self):
        client = self.client(max_connections=1)
        with http_client.each_change_after(self.refuse):
            for method in ('POST', 'PATCH', 'DELETE'):
                self.script[method, PATH] = GOOD
                self.assertRaises(ZeroDivisionError, client.send, method, PATH)
        self.assertEqual([], self.server.requests)
        # And it leaves nothing occupied.
        client.send('POST', PATH)

    def test_called_when_it_is_sent_not_when_it_waits_its_turn(self):
        """A request may wait for a connection for long."""
        let = threading.Event()

        def slow(handler, request):
            let.wait(10)
            GOOD(handler, request)

        self.script['GET', PATH], self.script['POST', PATH] = slow, GOOD
        client = self.client(max_connections=1)
        reader = threading.Thread(target=client.get, args=(PATH,))
        reader.start()
        while not self.server.requests:
            let.wait(0.01)
        threading.Timer(0.1, let.set).start()
        with http_client.each_change_after(lambda: seen.append(let.is_set())):
            seen = []
            client.send('POST', PATH)
        reader.join()
        self.assertEqual([True], seen)

    def test_holds_in_the_threads_of_a_service(self):
        client = self.client()
        paths = [f'{PATH}/{number}' for number in range(4)]
        for path in paths:
            self.script['POST', path] = GOOD
        service = Service(client)
        with http_client.each_change_after(self.refuse):
            self.assertRaises(
                ZeroDivisionError,
                service.each,
                lambda path: client.send('POST', path),
                paths,
            )
        self.assertEqual([], self.server.requests)
