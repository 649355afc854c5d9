import socket
import threading

from tests.fixtures import processes
from tests.unit.common.calling import BIT, GOOD, PATH, HttpClientTest
from tests.unit.common.resolver import NAME, Resolver
from tests.unit.podm import scripted
from valence.common import exception, http_addresses

METADATA = '169.254.169.254'


class NamedTest(HttpClientTest):
    """A server that is called by its name."""

    def setUp(self):
        super().setUp()
        self.script['GET', PATH] = self.script['POST', PATH] = GOOD
        port = self.server.server.server_port
        self.url = f'http://{NAME}:{port}'

    def resolver(self, *answers):
        return self.useFixture(Resolver(*answers))

    def call(self, *allowed, method='GET', **limits):
        """Call the server by its name, with a new client."""
        networks = http_addresses.networks(allowed)
        client = self.client(self.url, allowed=networks, **limits)
        return client.send(method, PATH)


class RouteTest(NamedTest):
    def assertRefused(self, *allowed, **limits):
        return self.assertRaises(
            exception.PodManagerAddressRefused, self.call, *allowed, **limits
        )

    def test_refused(self):
        resolver = self.resolver(['127.0.0.1'])
        for method in ('GET', 'POST'):
            error = self.assertRefused(method=method)
            self.assertEqual('podm_address_refused', error.error_code)
            for word in (
                NAME,
                '127.0.0.1',
                'loopback',
                '[http_client] allowed_networks',
            ):
                self.assertIn(word, str(error))
        # Not tried again, either.
        self.assertEqual(2, resolver.asked)
        self.assertEqual(0, self.server.server.connections)

    def test_refused_without_a_resolver(self):
        for host in ('127.0.0.1', '[::1]', '[::ffff:127.0.0.1]'):
            client = self.client(f'http://{host}:1', allowed=())
            self.assertFails(exception.PodManagerAddressRefused, client=client)

    def test_name_is_kept(self):
        self.resolver(['127.0.0.1'])
        self.call('127.0.0.0/8')
        (request,) = self.server.requests
        self.assertEqual(self.url, f'http://{request.headers["Host"]}')

    def test_all_addresses_count(self):
        for answer in (['127.0.0.1', METADATA], [METADATA, '127.0.0.1']):
            self.resolver(answer)
            error = self.assertRefused('127.0.0.0/8')
            self.assertIn(METADATA, str(error))
        self.assertEqual(0, self.server.server.connections)

    def test_what_was_checked_is_connected_to(self):
        """Whoever asks the resolver a second time is led astray."""
        resolver = self.resolver(['127.0.0.1'], [METADATA])
        self.call('127.0.0.0/8')
        self.assertEqual(1, resolver.asked)
        self.assertEqual(1, len(self.server.requests))

    def test_each_connection_is_checked(self):
        resolver = self.resolver(['127.0.0.1'], [METADATA])
        networks = http_addresses.networks(['127.0.0.0/8'])
        client = self.client(self.url, allowed=networks)
        for _ in range(3):
            client.get(PATH)
        self.assertEqual(1, resolver.asked)
        client.close()
        error = self.assertRaises(
            exception.PodManagerAddressRefused, client.get, PATH
        )
        self.assertIn(METADATA, str(error))
        self.assertEqual(1, self.server.server.connections)

    def test_next_address_where_one_does_not_answer(self):
        self.resolver(['127.0.0.2', '127.0.0.1'])
        self.assertEqual(200, self.call('127.0.0.0/8').status)

    def test_next_address_where_one_is_silent(self):
        port = processes.free_port()
        silent = ('127.0.0.2', port)
        with (
            socket.create_server(silent, backlog=0),
            socket.create_connection(silent),
        ):
            self.url = f'http://{NAME}:{port}'
            self.listen_at(port)
            self.resolver(['127.0.0.2', '127.0.0.1'])
            answer = self.call('127.0.0.0/8', connect_timeout=0.6)
        self.assertEqual(200, answer.status)

    def listen_at(self, port):
        """Answer one request at this port of 127.0.0.1."""
        relay = socket.create_server(('127.0.0.1', port))
        self.addCleanup(relay.close)

        def serve():
            connection, _address = relay.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(
                    b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'
                )

        thread = threading.Thread(target=serve)
        thread.start()
        self.addCleanup(thread.join)

    def test_unknown_name(self):
        error = socket.gaierror(socket.EAI_NONAME, 'Name not known')
        resolver = self.resolver(error)
        found = self.assertRaises(exception.PodManagerUnreachable, self.call)
        self.assertIn('Name not known', str(found))
        self.assertEqual(3, resolver.asked)

    def test_known_again(self):
        error = socket.gaierror(socket.EAI_AGAIN, 'Try again')
        self.resolver(error, ['127.0.0.1'])
        self.assertEqual(200, self.call('127.0.0.0/8').status)


class SlowResolverTest(NamedTest):
    def threads(self):
        return [
            each for each in threading.enumerate() if each.name == 'resolver'
        ]

    def test_within_the_time_for_a_connection(self):
        resolver = self.resolver(['127.0.0.1'])
        resolver.go_on.clear()
        with scripted.Stopwatch() as watch:
            error = self.assertRaises(
                exception.PodManagerUnreachable,
                self.call,
                connect_timeout=0.2,
            )
        self.assertIn('no connection in time', str(error))
        self.assertLess(watch.seconds, 0.2 + BIT)

    def test_one_thread_at_the_most(self):
        resolver = self.resolver(['127.0.0.1'])
        resolver.go_on.clear()
        networks = http_addresses.networks(['127.0.0.0/8'])
        client = self.client(self.url, allowed=networks, connect_timeout=0.1)
        for _ in range(5):
            self.assertFails(exception.PodManagerUnreachable, client=client)
        (thread,) = self.threads()
        self.assertEqual(1, resolver.asked)
        resolver.go_on.set()
        thread.join()
        client = self.client(self.url, allowed=networks)
        self.assertEqual({'Id': '1'}, client.get(PATH))
        for each in self.threads():
            each.join(10)
        self.assertEqual([], self.threads())
