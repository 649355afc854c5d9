import json
import threading

import testtools

from tests.unit.common.test_http_stream import then_silence
from tests.unit.podm import connected, scripted
from tests.unit.podm.expether import connected as expether
from tests.unit.simulator import hearing, running
from valence.common import exception
from valence.objects.event import Look, Told, Way

SERVICE = '/redfish/v1/EventService'
SUBSCRIPTIONS = f'{SERVICE}/Subscriptions'
STREAM = f'{SERVICE}/SSE'
_BEGIN = (
    b'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n'
    b'Connection: close\r\n\r\n'
)
_MODES = ('rsd2.1', 'rsd2.5', 'plain', 'composition')


class SimulatedEventsTest(testtools.TestCase):
    def podm(self, mode='plain'):
        return self.useFixture(connected.Simulated(mode=mode, systems=2))

    def test_offers(self):
        podm = self.podm()
        api = podm.connection.events
        for word, ways in {
            'none': (),
            'push': (Way.PUSH,),
            'sse': (Way.SSE,),
            'both': (Way.PUSH, Way.SSE),
        }.items():
            podm.pod.set_modes(events=word)
            podm.connection.check()
            self.assertEqual(frozenset(ways), api.offers())

    def test_subscribed_and_not_any_more(self):
        for mode in _MODES:
            api = self.podm(mode).connection.events
            url = api.subscribe(
                destination='http://127.0.0.1:1/x', context='c'
            )
            (found,) = api.subscriptions()
            self.assertEqual(url, found.url)
            self.assertEqual('http://127.0.0.1:1/x', found.destination)
            self.assertEqual('c', found.context)
            api.unsubscribe(url)
            api.unsubscribe(url)
            self.assertEqual([], api.subscriptions())

    def test_events_are_sent(self):
        for mode in _MODES:
            podm = self.podm(mode)
            destination = self.useFixture(hearing.Hearing())
            podm.connection.events.subscribe(
                destination=destination.url, context='c'
            )
            podm.pod.appear('')
            event = destination.heard(1)[0]
            self.assertEqual('c', event['Context'])

    def test_stream(self):
        podm = self.podm()
        stream = podm.connection.events.stream(after=None, idle=20)
        told = iter(stream)
        system = podm.connection.inventory.systems()[0]
        podm.connection.compute.reset_system(system.url, 'On')
        self.assertEqual(Told('1', Look.VALUES), next(told))
        stream.close()
        self.assertEqual([], list(told))
        podm.connection.compute.reset_system(system.url, 'ForceOff')
        again = podm.connection.events.stream(after='1', idle=20)
        self.assertEqual(Told('2', Look.VALUES), next(iter(again)))
        again.close()

    def test_where_it_is_not_offered(self):
        podm = self.podm()
        podm.pod.set_modes(events='none')
        api = podm.connection.events
        self.assertEqual([], api.subscriptions())
        self.assertRaises(
            exception.UnsupportedAction,
            api.subscribe,
            destination='http://x/',
            context='',
        )
        self.assertRaises(
            exception.UnsupportedAction, api.stream, after=None, idle=1
        )

    def test_streams_end_with_the_pod_manager(self):
        podm = self.podm()
        stream = podm.connection.events.stream(after=None, idle=20)
        thread = threading.Thread(target=list, args=(stream,))
        thread.start()
        running.eventually(lambda: podm.pod.events.streams)
        podm.pod.home.run(podm.pod.events.end_streams)
        thread.join(10)
        self.assertFalse(thread.is_alive())


class EventsTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.server = self.useFixture(connected.ScriptedPod())
        root = {
            'RedfishVersion': '1.6.0',
            'EventService': connected.link(SERVICE),
        }
        self.server.get(connected.ROOT, root)
        self.serve()
        self.api = self.server.connection.events

    def serve(self, **more):
        service = {
            'Subscriptions': connected.link(SUBSCRIPTIONS),
            'ServerSentEventUri': STREAM,
            **more,
        }
        self.server.get(SERVICE, service)

    def subscribe(self, answer=None):
        self.server.script['POST', SUBSCRIPTIONS] = answer or scripted.Reply(
            201, b'', {'Location': f'{SUBSCRIPTIONS}/1'}
        )
        return self.api.subscribe(destination='https://here/x', context='c')

    def body(self):
        return self.server.requests[-1].document

    def test_types_that_are_offered(self):
        self.serve(
            EventTypesForSubscription=['Alert', 'Other', 'StatusChange']
        )
        self.subscribe()
        self.assertEqual(['StatusChange', 'Alert'], self.body()['EventTypes'])
        self.assertNotIn('Name', self.body())

    def test_newer_ones_have_no_types(self):
        self.subscribe()
        self.assertEqual(
            {
                'Destination': 'https://here/x',
                'Context': 'c',
                'Protocol': 'Redfish',
            },
            self.body(),
        )

    def test_disabled(self):
        self.serve(ServiceEnabled=False)
        self.assertEqual(frozenset(), self.api.offers())

    def test_service_that_is_not_there(self):
        self.server.script['GET', SERVICE] = scripted.Reply(500, b'')
        self.assertEqual(frozenset(), self.api.offers())

    def test_pod_manager_that_is_not_there(self):
        self.server.script['GET', SERVICE] = scripted.drop
        self.assertRaises(exception.PodManagerUnreachable, self.api.offers)

    def test_answers_to_a_subscription(self):
        self.assertEqual(f'{SUBSCRIPTIONS}/1', self.subscribe())
        evil = scripted.Reply(201, b'', {'Location': 'http://evil/1'})
        for answer in (evil, scripted.Reply(204, b'')):
            self.assertIsNone(self.subscribe(answer))
        self.assertRaises(
            exception.PodManagerRefused,
            self.subscribe,
            scripted.Reply(400, {}),
        )

    def test_subscription_that_cannot_be_read(self):
        one, other = f'{SUBSCRIPTIONS}/1', f'{SUBSCRIPTIONS}/2'
        self.server.get(SUBSCRIPTIONS, connected.collection(one, other))
        self.server.script['GET', one] = scripted.Reply(500, b'')
        self.server.get(other, {'Destination': 5, 'Context': None})
        (found,) = self.api.subscriptions()
        self.assertEqual(other, found.url)
        self.assertIsNone(found.destination)

    def test_unsubscribe_fails(self):
        path = f'{SUBSCRIPTIONS}/1'
        self.server.script['DELETE', path] = scripted.Reply(500, b'')
        self.assertRaises(
            exception.PodManagerRefused, self.api.unsubscribe, path
        )

    def test_stream_elsewhere(self):
        self.serve(ServerSentEventUri='http://evil/redfish/v1/SSE')
        self.assertRaises(
            exception.PodManagerMalformed,
            self.api.stream,
            after=None,
            idle=1,
        )

    def told(self, content):
        self.server.script['GET', STREAM] = scripted.raw(_BEGIN + content)
        return list(self.api.stream(after=None, idle=20))

    def test_messages(self):
        event = json.dumps({'Events': [{'EventType': 'Alert'}]}).encode()
        half = len(event) // 2
        for content, told in (
            (b'id: 7\ndata: %s\n\n' % event, Told('7', Look.VALUES)),
            (b'data:%s\nid:8\n\n' % event, Told('8', Look.VALUES)),
            (b'event: x\nretry: 5\ndata\n\n', Told(None, Look.SYNC)),
            (b'data: {"Events": [\ndata: {}]}\n\n', Told(None, Look.SYNC)),
            (b'id: a\x00b\ndata: x\n\n', Told(None, Look.SYNC)),
            (b'id: %s\ndata: x\n\n' % (b'9' * 257), Told(None, Look.SYNC)),
            (b'id: \xff\ndata: x\n\n', Told(None, Look.SYNC)),
        ):
            self.assertEqual([told], self.told(content), content)
        self.assertEqual(
            [],
            self.told(b': nothing\n\nid: 9\n\ndata: %s\n' % event[:half]),
        )

    def test_message_of_several_lines(self):
        content = b'data: {"Events":\ndata: [{"EventType": "Alert"}]}\n\n'
        self.assertEqual([Told(None, Look.VALUES)], self.told(content))

    def test_message_without_end(self):
        line = b'data: ' + b'x' * 500_000 + b'\n'
        self.assertRaises(exception.PodManagerMalformed, self.told, line * 9)

    def test_goes_on_after(self):
        self.server.script['GET', STREAM] = scripted.raw(_BEGIN)
        list(self.api.stream(after='12', idle=20))
        last = self.server.requests[-1]
        self.assertEqual('12', last.headers['Last-Event-ID'])

    def test_closed(self):
        self.server.script['GET', STREAM] = then_silence(_BEGIN)
        stream = self.api.stream(after=None, idle=20)
        stream.close()
        self.assertEqual([], list(stream))


class OtherDriverTest(testtools.TestCase):
    def test_has_none(self):
        manager = self.useFixture(expether.Simulated())
        error = self.assertRaises(
            exception.UnsupportedAction, getattr, manager.connection, 'events'
        )
        self.assertIn('events', error.detail)
