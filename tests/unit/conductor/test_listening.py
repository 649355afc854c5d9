"""Streams of events: who reads which, and what becomes of what is told."""

import testtools

from tests.fixtures import database, rows
from tests.unit.api.fixtures import eventually
from tests.unit.common.test_http_stream import then_silence
from tests.unit.podm import connected, scripted
from valence.common import http_addresses
from valence.common.http_client import Limits
from valence.conductor import listening
from valence.podm.pool import Pool
from valence.simulator import server
from valence.tasks.events import Reception

BINARY = 'valence-conductor'
_STREAM = '/redfish/v1/EventService/SSE'
_BEGIN = (
    b'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n'
    b'Connection: close\r\n\r\n'
)
_ADDED = b'id: 5\ndata: {"Events": [{"EventType": "ResourceAdded"}]}\n\n'


class Case(testtools.TestCase):
    pods = 1

    def setUp(self):
        super().setUp()
        self.patch(listening, '_FIRST_PAUSE', 0.02)
        self.database = self.useFixture(database.Database()).database
        limits = Limits(timeout=5, allowed_networks=http_addresses.LOOPBACK)
        self.pool = Pool(limits)
        self.addCleanup(self.pool.close)
        self.up('one')

    def up(self, host, boot_id='boot'):
        self.database.services.report(
            host=host,
            binary=BINARY,
            topic='t',
            boot_id=boot_id,
            version='1',
        )

    def add(self, url, **more):
        return rows.add_pod_manager(self.database, url=url, **more).uuid

    def listening(self, host='one', most=10, interval=0.1, idle=20):
        made = listening.Listening(
            self.database,
            self.pool,
            Reception(self.database, interval=interval),
            who=listening.Who(host, BINARY, 60),
            bounds=listening.Bounds(most=most, idle=idle, interval=0.02),
        )
        self.addCleanup(made.leave)
        return made

    def started(self, **more):
        made = self.listening(**more)
        made.start()
        self.addCleanup(made.stop)
        return made

    def podm(self, uuid):
        return self.database.pod_managers.get(ident=uuid)


class SimulatedTest(Case):
    def setUp(self):
        super().setUp()
        simulator = server.Simulator(
            systems=1, mode='plain', pods=6, password='admin'
        )
        simulator.start()
        self.addCleanup(simulator.stop)
        self.pods = simulator.pods
        self.uuids = [self.add(url) for url in simulator.urls]

    def read(self):
        """Give the numbers of those whose stream is read."""
        return {n for n, pod in enumerate(self.pods) if pod.events.streams}

    def tell(self, number, kind='StatusChange'):
        pod = self.pods[number]
        pod.home.run(lambda: pod.tell(kind, 'x', '/redfish/v1/x'))

    def changes(self, number):
        return self.podm(self.uuids[number]).changes

    def test_all_are_read_and_what_is_told_is_noted(self):
        self.started()
        eventually(lambda: len(self.read()) == 6)
        eventually(lambda: all(self.changes(n) for n in range(6)))
        before = self.podm(self.uuids[0])
        eventually(lambda: self.changes_after(before))
        self.assertIsNone(self.podm(self.uuids[0]).next_sync_at)
        self.tell(0, 'ResourceAdded')
        eventually(lambda: self.podm(self.uuids[0]).next_sync_at)

    def changes_after(self, before):
        self.tell(0)
        return self.podm(before.uuid).changes > before.changes

    def test_each_is_read_by_one(self):
        self.up('two')
        hosts = ['one', 'two']
        chosen = {
            host: {
                number
                for number, uuid in enumerate(self.uuids)
                if listening.chosen(hosts, uuid) == host
            }
            for host in hosts
        }
        one, two = self.listening('one'), self.listening('two')
        one.look()
        eventually(lambda: self.read() == chosen['one'])
        two.look()
        eventually(lambda: len(self.read()) == 6)
        self.assertEqual([1] * 6, [pod.events.streams for pod in self.pods])
        # The other one ends, and its share is taken over.
        self.database.services.retire(
            host='two', binary=BINARY, boot_id='boot'
        )
        two.leave()
        eventually(lambda: self.read() == chosen['one'])
        one.look()
        eventually(lambda: len(self.read()) == 6)

    def test_nothing_while_we_are_not_up(self):
        made = self.listening('three')
        made.look()
        self.assertEqual({}, made._listeners)

    def test_no_more_than_there_may_be(self):
        made = self.listening(most=2)
        for _look in range(2):
            made.look()
        eventually(lambda: len(self.read()) == 2)
        self.assertEqual(2, len(made._listeners))

    def test_those_without_make_room(self):
        for pod in self.pods[:5]:
            pod.set_modes(events='push')
        self.started(most=1)
        eventually(lambda: self.read() == {5})

    def test_ends_when_the_record_is_deleted(self):
        self.started()
        eventually(lambda: len(self.read()) == 6)
        self.database.pod_managers.delete(uuid=self.uuids[0])
        eventually(lambda: self.read() == {1, 2, 3, 4, 5})

    def test_begins_anew_when_the_record_changes(self):
        self.started()
        eventually(lambda: len(self.read()) == 6)
        self.database.pod_managers.update(
            uuid=self.uuids[0],
            values={'authentication': rows.basic('admin', 'wrong')},
        )
        eventually(lambda: 0 not in self.read())
        self.database.pod_managers.update(
            uuid=self.uuids[0],
            values={'authentication': rows.basic('admin', 'admin')},
        )
        eventually(lambda: 0 in self.read())

    def test_breaker_is_respected(self):
        self.started()
        eventually(lambda: len(self.read()) == 6)
        self.database.pod_managers.unanswered(
            uuid=self.uuids[0], reason='x', most=1, pause=1000
        )
        eventually(lambda: 0 not in self.read())
        self.database.pod_managers.answered(uuid=self.uuids[0])
        eventually(lambda: 0 in self.read())

    def test_goes_on_after_what_it_knows(self):
        made = self.listening(interval=1000)
        made.look()
        eventually(lambda: len(self.read()) == 6)
        self.pods[0].set_modes(dead=True)
        self.pods[0].set_modes(dead=False)
        eventually(lambda: 0 in self.read())
        # It was not heard what was told meanwhile.
        eventually(lambda: self.podm(self.uuids[0]).sync_wanted_at)

    def test_stops_at_once_with_all_streams(self):
        made = self.started()
        eventually(lambda: len(self.read()) == 6)
        threads = list(made._listeners.values())
        made.stop()
        for thread in threads:
            thread.join(20)
            self.assertFalse(thread.is_alive())
        eventually(lambda: not self.read())


class ScriptedTest(Case):
    def setUp(self):
        super().setUp()
        self.server = self.useFixture(connected.ScriptedPod())
        service = '/redfish/v1/EventService'
        self.server.get(
            connected.ROOT,
            {
                'RedfishVersion': '1.6.0',
                'EventService': connected.link(service),
            },
        )
        self.server.get(service, {'ServerSentEventUri': _STREAM})
        self.uuid = self.add(self.server.url)

    def streams(self):
        return [each for each in self.server.requests if each.path == _STREAM]

    def test_opened_again_after_the_last_that_came(self):
        self.server.script['GET', _STREAM] = [
            scripted.raw(_BEGIN + _ADDED),
            then_silence(_BEGIN),
        ]
        self.listening().look()
        eventually(lambda: len(self.streams()) == 2)
        first, second = self.streams()
        self.assertNotIn('Last-Event-ID', first.headers)
        self.assertEqual('5', second.headers['Last-Event-ID'])

    def test_opened_again_after_each_failure(self):
        self.server.script['GET', _STREAM] = [
            scripted.Reply(503, b''),
            scripted.Reply(body={}),
            scripted.raw(b'nonsense\r\n\r\n'),
            scripted.drop,
            then_silence(_BEGIN + _ADDED),
        ]
        self.listening().look()
        eventually(lambda: self.podm(self.uuid).sync_wanted_at)
        self.assertEqual(5, len(self.streams()))

    def test_silence(self):
        self.server.script['GET', _STREAM] = then_silence(_BEGIN)
        self.listening(idle=0.1).look()
        eventually(lambda: len(self.streams()) > 2)

    def test_pauses_grow(self):
        self.patch(listening, '_FIRST_PAUSE', 0.2)
        self.server.script['GET', _STREAM] = scripted.Reply(503, b'')
        made = self.listening()
        made.look()
        eventually(lambda: len(self.streams()) == 3)
        (listener,) = made._listeners.values()
        self.assertGreaterEqual(listener._pause, 0.8)

    def test_driver_without(self):
        self.database.pod_managers.update(
            uuid=self.uuid, values={'driver': 'expether'}
        )
        made = self.listening()
        made.look()
        eventually(lambda: not _alive(made))
        made.look()
        self.assertEqual({}, made._listeners)
        self.assertEqual([], self.server.requests)


def _alive(made):
    return [each for each in made._listeners.values() if each.is_alive()]


class ChoiceTest(testtools.TestCase):
    def test_few_move_when_one_ends(self):
        uuids = [rows.new_uuid() for _number in range(200)]
        before = {u: listening.chosen(['a', 'b', 'c'], u) for u in uuids}
        after = {u: listening.chosen(['a', 'c'], u) for u in uuids}
        self.assertEqual({'a', 'b', 'c'}, set(before.values()))
        for uuid in uuids:
            if before[uuid] != 'b':
                self.assertEqual(before[uuid], after[uuid])
