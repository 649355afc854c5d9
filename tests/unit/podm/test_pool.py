import dataclasses
import threading

import testtools

from tests.unit.podm import connected, records, scripted
from valence.common import exception, http_addresses, http_client
from valence.podm import pool
from valence.podm.redfish import driver


class PoolTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.closed = []
        close = driver.RedfishConnection.close

        def note(connection):
            self.closed.append(connection)
            close(connection)

        self.patch(driver.RedfishConnection, 'close', note)
        limits = http_client.Limits(allowed_networks=http_addresses.LOOPBACK)
        self.pool = pool.Pool(limits, size=2)
        self.addCleanup(self.pool.close)

    def record(self, **changes):
        return dataclasses.replace(records.RECORD, **changes)

    def test_kept(self):
        connection = self.pool.get(self.record())
        for changes in ({'name': 'x'}, {'status': 'Offline'}, {'usage': {}}):
            self.assertIs(connection, self.pool.get(self.record(**changes)))
        self.assertEqual([], self.closed)

    def test_renewed(self):
        for changes in (
            {'url': 'http://127.0.0.1:2'},
            {'authentication': records.basic('admin', 'other')},
            {'tls': {'verify': False}},
        ):
            old = self.pool.get(self.record())
            self.closed.clear()
            new = self.pool.get(self.record(**changes))
            self.assertIsNot(old, new)
            self.assertEqual([old], self.closed)
            self.assertIs(new, self.pool.get(self.record(**changes)))

    def test_new_credentials_are_used(self):
        pod = self.useFixture(connected.Simulated(systems=1))
        record = self.record(url=pod.url)
        wrong = dataclasses.replace(
            record, authentication=records.basic('admin', 'wrong')
        )
        for podm, status in (
            (wrong, 'Unauthorized'),
            (record, 'Online'),
            (wrong, 'Unauthorized'),
        ):
            self.assertEqual(status, self.pool.get(podm).probe().status)

    def test_bounded(self):
        first, second, third = (self.record(uuid=uuid) for uuid in 'abc')
        one, two = self.pool.get(first), self.pool.get(second)
        self.pool.get(first)
        self.pool.get(third)
        self.assertEqual([two], self.closed)
        self.assertIs(one, self.pool.get(first))

    def test_replaced_connection_still_serves(self):
        pod = self.useFixture(connected.Simulated(systems=1))
        old = self.pool.get(self.record(url=pod.url))
        self.pool.get(self.record())
        self.assertEqual([old], self.closed)
        self.assertEqual(1, len(old.inventory.systems()))

    def test_discard(self):
        connection = self.pool.get(self.record())
        self.pool.discard(self.record().uuid)
        self.pool.discard('unknown')
        self.assertEqual([connection], self.closed)
        self.assertIsNot(connection, self.pool.get(self.record()))

    def test_drop_idle(self):
        for name in ('redfishv1', 'expether'):
            server = self.useFixture(scripted.Scripted())
            podm = self.record(uuid=name, url=server.url, driver=name)
            self.pool.get(podm).probe()
            before = server.server.connections
            self.pool.drop_idle(60)
            connection = self.pool.get(podm)
            connection.probe()
            self.assertEqual(before, server.server.connections)
            self.pool.drop_idle(0)
            connection.probe()
            self.assertLess(before, server.server.connections)
        self.assertEqual([], self.closed)

    def test_close(self):
        both = [self.pool.get(self.record(uuid=uuid)) for uuid in 'ab']
        self.pool.close()
        self.pool.close()
        self.assertEqual(both, self.closed)

    def test_one_for_all_threads(self):
        found = []
        barrier = threading.Barrier(8)

        def get():
            barrier.wait()
            found.append(self.pool.get(self.record()))

        threads = [threading.Thread(target=get) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(8, len(found))
        self.assertEqual(1, len(set(found)))


class Breaker:
    """Refuses those that are broken by their record, and notes the rest."""

    def __init__(self):
        self.made, self.told = [], []

    def admit(self, podm):
        if podm.broken:
            raise exception.PodManagerUnreachable(url=podm.url, reason='')

    def health(self, podm):
        self.made.append(podm)
        return self

    def seen(self, podm):
        self.told.append(podm)

    def answered(self):
        self.told.append('answered')

    def unanswered(self, reason):
        self.told.append(reason)


class PoolWithBreakerTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.breaker = Breaker()
        self.pool = pool.Pool(
            http_client.Limits(allowed_networks=http_addresses.LOOPBACK),
            self.breaker,
        )
        self.addCleanup(self.pool.close)
        self.good = records.RECORD
        self.broken = dataclasses.replace(self.good, failures=3, retry_at=1)

    def test_admitted(self):
        self.assertEqual(self.good, self.pool.get(self.good).podm)

    def test_refused(self):
        self.assertRaises(
            exception.PodManagerUnreachable, self.pool.get, self.broken
        )
        self.assertEqual([], self.breaker.made)

    def test_refused_although_there_is_a_connection(self):
        self.pool.get(self.good)
        self.assertRaises(
            exception.PodManagerUnreachable, self.pool.get, self.broken
        )

    def test_probing_goes_through(self):
        connection = self.pool.get(self.broken, probing=True)
        self.assertIs(connection, self.pool.get(self.good))

    def test_each_record_is_seen(self):
        self.pool.get(self.good)
        self.pool.get(self.broken, probing=True)
        self.assertEqual([self.good, self.broken], self.breaker.told)
        self.assertEqual([self.good], self.breaker.made)

    def test_new_connection_has_a_health_of_its_own(self):
        self.pool.get(self.good)
        moved = dataclasses.replace(self.good, url='http://127.0.0.1:2')
        self.pool.get(moved)
        self.assertEqual([self.good, moved], self.breaker.made)

    def test_calls_are_told_of(self):
        connection = self.pool.get(self.good)
        self.breaker.told.clear()
        self.assertEqual('Offline', connection.probe().status)
        (told,) = self.breaker.told
        self.assertIn('Connection refused', told)


class DriverTest(testtools.TestCase):
    def test_known(self):
        self.assertIn('redfishv1', pool.known_drivers())

    def test_unknown(self):
        connections = pool.Pool(http_client.Limits())
        record = dataclasses.replace(records.RECORD, driver='telepathy')
        error = self.assertRaises(
            exception.DriverNotFound, connections.get, record
        )
        self.assertIn('telepathy', str(error))
        self.assertIn('redfishv1', str(error))
