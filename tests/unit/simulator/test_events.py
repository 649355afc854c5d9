"""The event service: subscriptions, what is sent, and the stream."""

import json
from typing import Any

import requests
import testtools

from tests.unit.simulator import hearing, running

SERVICE = f'{running.ROOT}/EventService'
SUBSCRIPTIONS = f'{SERVICE}/Subscriptions'
STREAM = f'{SERVICE}/SSE'
RESET = f'{running.SYSTEM}/Actions/ComputerSystem.Reset'


class Case(testtools.TestCase):
    mode = 'rsd'

    def setUp(self) -> None:
        super().setUp()
        self.running = self.useFixture(
            running.Running(mode=self.mode, systems=3, assembly_ms=0)
        )
        self.client = self.running.client
        self.pod = self.running.pods[0]

    def subscribe(self, destination: str, **more: Any) -> requests.Response:
        body = {'Destination': destination, 'Protocol': 'Redfish', **more}
        return self.client.post(SUBSCRIPTIONS, body)

    def reset(self, reset_type: str = 'On') -> None:
        answer = self.client.post(RESET, {'ResetType': reset_type})
        self.assertEqual(204, answer.status_code)

    def counts(self) -> Any:
        return self.client.stats()['events']


class SubscriptionsTest(Case):
    def test_service(self) -> None:
        service = self.client.get(SERVICE)
        self.assertTrue(service['ServiceEnabled'])
        self.assertIn('StatusChange', service['EventTypesForSubscription'])
        self.assertNotIn('ServerSentEventUri', service)
        self.assertEqual(404, self.client.call('GET', STREAM).status_code)

    def test_made_shown_and_ended(self) -> None:
        answer = self.subscribe('http://127.0.0.1:1/x', Context='c')
        self.assertEqual(201, answer.status_code)
        path = answer.headers['Location']
        shown = self.client.get(path)
        self.assertEqual('c', shown['Context'])
        self.assertEqual('http://127.0.0.1:1/x', shown['Destination'])
        members = self.client.get(SUBSCRIPTIONS)['Members']
        self.assertEqual([{'@odata.id': path}], members)
        self.assertEqual(204, self.client.delete(path).status_code)
        self.assertEqual(404, self.client.delete(path).status_code)
        self.assertEqual([], self.client.get(SUBSCRIPTIONS)['Members'])

    def test_wrong_requests(self) -> None:
        url = 'http://127.0.0.1:1/'
        for body in (
            {},
            {'Destination': url},
            {'Protocol': 'Redfish'},
            {'Destination': 'ftp://x/', 'Protocol': 'Redfish'},
            {'Destination': url, 'Protocol': 'SNMPv2c'},
            {'Destination': url, 'Protocol': 'Redfish', 'EventTypes': ['x']},
            {'Destination': url, 'Protocol': 'Redfish', 'Unknown': 1},
        ):
            answer = self.client.post(SUBSCRIPTIONS, body)
            self.assertEqual(400, answer.status_code, body)
        self.assertEqual(0, self.counts()['subscriptions'])

    def test_no_more_than_there_may_be(self) -> None:
        for _number in range(16):
            self.assertEqual(
                201, self.subscribe('http://127.0.0.1:1/').status_code
            )
        answer = self.subscribe('http://127.0.0.1:1/')
        self.assertEqual(409, answer.status_code)

    def test_needs_credentials(self) -> None:
        answer = requests.get(self.client.url + SUBSCRIPTIONS, timeout=10)
        self.assertEqual(401, answer.status_code)

    def test_none(self) -> None:
        self.client.modes(events='none')
        for path in (SERVICE, SUBSCRIPTIONS):
            self.assertEqual(404, self.client.call('GET', path).status_code)
        self.assertNotIn('EventService', self.client.get(running.ROOT))

    def test_wrong_mode(self) -> None:
        answer = self.client.modes(events='some')
        self.assertEqual(400, answer.status_code)


class SendingTest(Case):
    def test_power(self) -> None:
        destination = self.useFixture(hearing.Hearing())
        self.subscribe(destination.url, Context='mine')
        self.reset()
        self.reset('On')
        self.reset('ForceOff')
        on, off = destination.heard(2)
        self.assertEqual('StatusChange', on['EventType'])
        self.assertEqual('mine', on['Context'])
        self.assertEqual(
            {'@odata.id': running.SYSTEM}, on['OriginOfCondition']
        )
        self.assertIn('ResourcePoweredOn', on['MessageId'])
        self.assertIn('ResourcePoweredOff', off['MessageId'])
        running.eventually(lambda: self.counts()['delivered'] == 2)
        self.assertEqual(2, self.counts()['delivered'])

    def test_node(self) -> None:
        destination = self.useFixture(hearing.Hearing())
        self.subscribe(
            destination.url,
            EventTypes=['ResourceAdded', 'ResourceRemoved'],
        )
        node = self.client.allocate()
        self.client.assemble(node)
        self.client.settle(node)
        self.client.delete(node)
        added, removed = destination.heard(2)
        self.assertEqual('ResourceAdded', added['EventType'])
        self.assertEqual('ResourceRemoved', removed['EventType'])
        for event in (added, removed):
            self.assertEqual({'@odata.id': node}, event['OriginOfCondition'])

    def test_only_from_where_it_was_asked_for(self) -> None:
        destination = self.useFixture(hearing.Hearing())
        other = f'{running.ROOT}/Systems/1-s-2'
        self.subscribe(destination.url, OriginResources=[{'@odata.id': other}])
        self.reset()
        path = f'{other}/Actions/ComputerSystem.Reset'
        self.client.post(path, {'ResetType': 'On'})
        (event,) = destination.heard(1)
        self.assertEqual({'@odata.id': other}, event['OriginOfCondition'])

    def test_sent_again(self) -> None:
        destination = self.useFixture(hearing.Hearing([500, 204]))
        self.subscribe(destination.url)
        self.reset()
        first, again = destination.heard(2)
        self.assertEqual(first, again)
        running.eventually(lambda: self.counts()['delivered'])
        self.assertEqual(0, self.counts()['failed'])

    def test_destination_that_is_not_there(self) -> None:
        self.subscribe('http://127.0.0.1:1/')
        self.reset()
        self.assertTrue(running.eventually(lambda: self.counts()['failed']))

    def test_nothing_after_its_end(self) -> None:
        destination = self.useFixture(hearing.Hearing())
        path = self.subscribe(destination.url).headers['Location']
        self.client.delete(path)
        self.reset()
        other = self.useFixture(hearing.Hearing())
        self.subscribe(other.url)
        self.reset('ForceOff')
        other.heard(1)
        self.assertEqual([], destination.documents)

    def test_queue_is_bounded_and_keeps_the_last(self) -> None:
        destination = self.useFixture(hearing.Hearing())
        self.subscribe(destination.url)

        def flood() -> None:
            for number in range(300):
                self.pod.tell('Alert', 'ResourceChanged', f'/{number}')

        self.pod.home.run(flood)
        running.eventually(
            lambda: (
                destination.documents
                and destination.heard(1)[-1]['EventId'] == '300'
            )
        )
        self.assertEqual('300', destination.heard(1)[-1]['EventId'])
        self.assertGreaterEqual(self.counts()['dropped'], 199)

    def test_restored_from_backup(self) -> None:
        self.subscribe('http://127.0.0.1:1/')
        self.pod.home.run(self.pod.events.forget_subscriptions)
        self.assertEqual([], self.client.get(SUBSCRIPTIONS)['Members'])

    def test_dead_ones_tell_nothing(self) -> None:
        self.pod.set_modes(dead=True)
        self.pod.home.run(lambda: self.pod.tell('Alert', 'x', '/'))
        self.pod.set_modes(dead=False)
        self.assertEqual(0, self.counts()['told'])


class CompositionTest(Case):
    mode = 'composition'

    def test_system(self) -> None:
        destination = self.useFixture(hearing.Hearing())
        self.subscribe(destination.url)
        system = self.pod.appear('')
        self.pod.forget(system)
        added, removed = destination.heard(2)
        path = f'{running.ROOT}/Systems/{system}'
        self.assertEqual('ResourceAdded', added['EventType'])
        self.assertEqual('ResourceRemoved', removed['EventType'])
        self.assertEqual({'@odata.id': path}, removed['OriginOfCondition'])


class StreamTest(Case):
    mode = 'plain'

    def stream(self, **headers: str) -> requests.Response:
        answer = self.client.call('GET', STREAM, stream=True, headers=headers)
        self.addCleanup(answer.close)
        self.assertEqual(200, answer.status_code)
        self.assertEqual('text/event-stream', answer.headers['Content-Type'])
        return answer

    def messages(self, answer: requests.Response, count: int) -> list[Any]:
        """Read so many; give the id and the event of each."""
        found: list[Any] = []
        for line in answer.iter_lines():
            name, _, value = line.decode().partition(': ')
            if name == 'id':
                found.append([int(value)])
            elif name == 'data':
                found[-1].append(json.loads(value)['Events'][0])
            elif not line and len(found) == count:
                break
        return found

    def test_events_come(self) -> None:
        self.assertEqual(
            STREAM, self.client.get(SERVICE)['ServerSentEventUri']
        )
        answer = self.stream()
        self.reset()
        ((number, event),) = self.messages(answer, 1)
        self.assertEqual(1, number)
        self.assertEqual('StatusChange', event['EventType'])

    def test_goes_on_after_the_last_that_is_known(self) -> None:
        for reset_type in ('On', 'ForceOff', 'On'):
            self.reset(reset_type)
        answer = self.stream(**{'Last-Event-ID': '1'})
        numbers = [number for number, _ in self.messages(answer, 2)]
        self.assertEqual([2, 3], numbers)

    def test_those_that_left_are_forgotten(self) -> None:
        self.stream().close()
        running.eventually(lambda: not self.counts()['streams'])
        self.assertEqual(0, self.counts()['streams'])

    def test_no_more_than_there_may_be(self) -> None:
        for _number in range(16):
            self.stream()
        running.eventually(lambda: self.counts()['streams'] == 16)
        answer = self.client.call('GET', STREAM)
        self.assertEqual(503, answer.status_code)

    def test_ends_with_the_simulator(self) -> None:
        answer = self.stream()
        self.running.simulator.stop()
        self.assertEqual(b'', answer.raw.read().replace(b': events\n\n', b''))

    def test_only_the_stream(self) -> None:
        self.client.modes(events='sse')
        self.assertNotIn('Subscriptions', self.client.get(SERVICE))
        answer = self.client.post(SUBSCRIPTIONS, {})
        self.assertEqual(404, answer.status_code)
        self.stream()
