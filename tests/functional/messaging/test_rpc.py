"""The bus on a real RabbitMQ."""

import contextlib
import threading
import time
from urllib import parse

import fixtures
import kombu.exceptions
import testtools
from oslo_config import fixture as config

from tests import fixtures as servers
from tests.fixtures import proxy, rabbitmq
from tests.unit.common import bus_contract
from valence.common import exception, rpc
from valence.conf import CONF

#: Seconds in which a call or a bell must be given up without a broker.
SOON = 20
#: Seconds for the first connection, where it is not what the test is about.
PATIENCE = 20
#: What a bell raises without a broker: depends on what it finds first.
AWAY = (
    kombu.exceptions.OperationalError,
    rpc.messaging.MessagingException,
)


class Connected(fixtures.Fixture):
    """The configuration of a process that uses a broker."""

    def __init__(self, url: str, timeout: float) -> None:
        super().__init__()
        self._url = url
        self._timeout = timeout

    def _setUp(self) -> None:
        conf = self.useFixture(config.Config(CONF))
        rpc.set_defaults(CONF)
        conf.config(transport_url=self._url, rpc_call_timeout=self._timeout)


class RpcBusTest(bus_contract.BusContract, testtools.TestCase):
    timeout = 8.0

    def make_bus(self):
        url = servers.shared_rabbitmq().new_vhost()
        self.useFixture(Connected(url, self.timeout))
        self.patch(rpc, '_CONNECT_PATIENCE', PATIENCE)
        return rpc.RpcBus(CONF)

    def test_bell_reaches_every_server(self):
        second = threading.Event()
        server = self.bus.serve(
            bus_contract.TOPIC, 'other', bus_contract.Endpoint(), second.set
        )
        self.addCleanup(server.stop)
        self.bus.ring(bus_contract.TOPIC)
        self.assertTrue(self.looked.wait(30))
        self.assertTrue(second.wait(30))

    def test_call_reaches_one_server(self):
        other = bus_contract.Endpoint()
        server = self.bus.serve(
            bus_contract.TOPIC, 'other', other, lambda: None
        )
        self.addCleanup(server.stop)
        for _ in range(10):
            self.call('echo')
        self.assertEqual(10, len(self.endpoint.contexts) + len(other.contexts))

    def test_newer_version_than_is_served(self):
        client = self.bus.client(bus_contract.TOPIC, '1.9')
        try:
            client.call(bus_contract.asker(), 'echo')
        except Exception as error:
            self.assertNotIsInstance(error, exception.ServiceUnavailable)
        self.assertEqual([], self.endpoint.contexts)


class FarBrokerTest(testtools.TestCase):
    """A broker to which each packet takes its time."""

    def setUp(self):
        super().setUp()
        url = parse.urlsplit(servers.shared_rabbitmq().new_vhost())
        cable = self.useFixture(proxy.Proxy(url.port, delay=0.01))
        near = url.netloc.replace(f':{url.port}', f':{cable.port}')
        self.useFixture(Connected(url._replace(netloc=near).geturl(), 8.0))
        self.bus = rpc.RpcBus(CONF)
        self.addCleanup(self.bus.close)
        server = self.bus.serve(
            bus_contract.TOPIC, 'host', bus_contract.Endpoint(), lambda: None
        )
        self.addCleanup(server.stop)

    def test_first_call_is_answered(self):
        client = self.bus.client(bus_contract.TOPIC, bus_contract.VERSION)
        for number in range(3):
            answer = client.call(bus_contract.asker(), 'echo', a=number)
            self.assertEqual({'a': number}, answer)


class BrokerAwayTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.FakeLogger())
        self.broker = self.useFixture(rabbitmq.RabbitMQ())
        self.useFixture(Connected(self.broker.url, 4.0))
        self.bus = rpc.RpcBus(CONF)
        self.addCleanup(self.bus.close)
        self.looked = threading.Event()
        self.server = self.bus.serve(
            bus_contract.TOPIC,
            'host',
            bus_contract.Endpoint(),
            self.looked.set,
        )
        self.addCleanup(self.server.stop)
        self.client = self.bus.client(bus_contract.TOPIC, bus_contract.VERSION)

    def echo(self, client=None):
        return (client or self.client).call(bus_contract.asker(), 'echo', a=1)

    def answers_again(self, client=None):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                return self.echo(client)
            except exception.ServiceUnavailable:
                time.sleep(0.2)
        return None

    def rings_again(self):
        """Ring until it is heard: a bell may find a dead connection."""
        end = time.monotonic() + 60
        while time.monotonic() < end and not self.looked.is_set():
            with contextlib.suppress(*AWAY):
                self.bus.ring(bus_contract.TOPIC)
            self.looked.wait(0.5)
        return self.looked.is_set()

    def test_killed_and_started_again(self):
        self.assertEqual({'a': 1}, self.answers_again())
        self.broker.kill()

        started = time.monotonic()
        self.assertRaises(exception.ServiceUnavailable, self.echo)
        self.assertLess(time.monotonic() - started, SOON)

        started = time.monotonic()
        with contextlib.suppress(*AWAY):
            self.bus.ring(bus_contract.TOPIC)
            self.fail('A bell was taken by nobody')
        self.assertLess(time.monotonic() - started, SOON)

        self.broker.start()
        self.assertEqual({'a': 1}, self.answers_again())
        self.assertTrue(self.rings_again())

    def test_frozen_for_a_while(self):
        self.answers_again()
        self.broker.pause()
        started = time.monotonic()
        self.assertRaises(exception.ServiceUnavailable, self.echo)
        self.assertLess(time.monotonic() - started, SOON)
        started = time.monotonic()
        with contextlib.suppress(*AWAY):
            self.bus.ring(bus_contract.TOPIC)
        self.assertLess(time.monotonic() - started, SOON)
        self.broker.resume()
        self.assertEqual({'a': 1}, self.answers_again())
        self.assertTrue(self.rings_again())

    def lose(self, bus):
        """Let a sender fail as one does whose connection is broken."""
        with bus.sender():
            raise kombu.exceptions.OperationalError('broken')

    def test_sender_that_failed_is_replaced(self):
        self.answers_again()
        with self.bus.sender() as before:
            pass
        self.assertRaises(
            kombu.exceptions.OperationalError, self.lose, self.bus
        )
        with self.bus.sender() as after:
            self.assertIsNot(before, after)
        self.assertEqual({'a': 1}, self.answers_again())

    def test_sender_that_waits_for_the_broker_is_kept(self):
        other = rpc.RpcBus(CONF)
        self.addCleanup(other.close)
        with other.sender() as before:
            pass
        self.assertRaises(kombu.exceptions.OperationalError, self.lose, other)
        with other.sender() as after:
            self.assertIs(before, after)

    def test_call_without_an_answer_keeps_the_sender(self):
        self.answers_again()
        with self.bus.sender() as before:
            pass
        nobody = self.bus.client('nobody', '1.0')
        self.assertRaises(exception.ServiceUnavailable, self.echo, nobody)
        with self.bus.sender() as after:
            self.assertIs(before, after)

    def test_never_there(self):
        self.broker.kill()
        other = rpc.RpcBus(CONF)
        self.addCleanup(other.close)
        client = other.client(bus_contract.TOPIC, bus_contract.VERSION)
        started = time.monotonic()
        self.assertRaises(exception.ServiceUnavailable, self.echo, client)
        self.assertLess(time.monotonic() - started, SOON)
        self.broker.start()
        self.assertEqual({'a': 1}, self.answers_again(client))

    def test_server_stops_without_a_broker(self):
        self.broker.kill()
        stopping = threading.Thread(target=self.server.stop, daemon=True)
        stopping.start()
        stopping.join(SOON)
        stopped = not stopping.is_alive()
        self.broker.start()
        stopping.join(60)
        self.assertTrue(stopped)
