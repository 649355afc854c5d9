"""One subscription at each pod manager, whatever happens there or here."""

import fixtures as fixtures_lib
import testtools

from tests.fixtures import database, rows
from tests.unit.api import fixtures
from tests.unit.podm import connected, scripted
from tests.unit.simulator import hearing
from valence.common import http_addresses, http_client
from valence.common.http_client import Limits
from valence.conductor.subscribing import Subscriber
from valence.podm.pool import Pool
from valence.simulator import server
from valence.simulator.events import MOST_SUBSCRIPTIONS
from valence.tasks import events

HERE = 'https://valence.example:8181'
_SUBSCRIPTIONS = '/redfish/v1/EventService/Subscriptions'


class Case(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.log = self.useFixture(fixtures_lib.FakeLogger())
        self.database = self.useFixture(database.Database()).database
        limits = Limits(timeout=5, allowed_networks=http_addresses.LOOPBACK)
        self.pool = Pool(limits)
        self.addCleanup(self.pool.close)

    def add(self, url, **more):
        return rows.add_pod_manager(self.database, url=url, **more).uuid

    def subscriber(self, destination=HERE):
        return Subscriber(self.database, self.pool, destination=destination)

    def digest(self, uuid):
        return self.database.pod_managers.event_digest(uuid=uuid)


class SimulatedTest(Case):
    def setUp(self):
        super().setUp()
        simulator = server.Simulator(systems=1, mode='rsd')
        simulator.start()
        self.addCleanup(simulator.stop)
        self.pod = simulator.pods[0]
        self.url = simulator.urls[0]
        self.uuid = self.add(self.url)

    def found(self):
        """Give the subscriptions that are there, by what was sent."""
        return [each.values for each in self.pod.events.subscriptions.values()]

    def renew(self, **more):
        self.subscriber(**more).renew(self.uuid)
        return self.found()

    def add_foreign(self, destination, context='c'):
        podm = self.database.pod_managers.get(ident=self.uuid)
        return self.pool.get(podm).events.subscribe(
            destination=destination, context=context
        )

    def test_made_once(self):
        (made,) = self.renew()
        before = f'{HERE}/v1/events/{self.uuid}/'
        self.assertTrue(made['Destination'].startswith(before))
        token = made['Destination'].removeprefix(before)
        self.assertEqual(events.digest_of(token), self.digest(self.uuid))
        self.assertEqual([made], self.renew())
        self.assertNotIn(token, self.log.output)
        self.assertNotIn(token, made['Context'])

    def test_restored_from_backup(self):
        (old,) = self.renew()
        self.pod.home.run(self.pod.events.forget_subscriptions)
        (new,) = self.renew()
        self.assertNotEqual(old['Destination'], new['Destination'])
        # And then it is the old one that comes back.
        self.add_foreign(old['Destination'], old['Context'])
        self.assertEqual([new], self.renew())

    def test_destination_is_changed(self):
        self.renew()
        other = 'https://other.example'
        (made,) = self.renew(destination=f'{other}/')
        self.assertTrue(made['Destination'].startswith(f'{other}/v1/'))

    def test_destination_is_taken_away(self):
        self.renew()
        self.assertEqual([], self.renew(destination=None))
        self.assertIsNone(self.digest(self.uuid))

    def test_more_than_one(self):
        (made,) = self.renew()
        self.add_foreign(made['Destination'], made['Context'])
        self.assertEqual(1, len(self.renew()))

    def test_those_of_others_are_left_alone(self):
        other = self.add('https://127.0.0.1:1')
        for destination in (
            'https://monitor.example/events',
            # Another Valence, and another pod manager of ours.
            f'https://v.example/v1/events/{rows.new_uuid()}/x',
            f'{HERE}/v1/events/{other}/x',
        ):
            self.add_foreign(destination)
        self.assertEqual(4, len(self.renew()))
        self.subscriber().end(self.uuid)
        self.assertEqual(3, len(self.found()))

    def test_what_a_deleted_one_has_left_is_ended(self):
        self.add_foreign(f'{HERE}/v1/events/{rows.new_uuid()}/x')
        self.assertEqual(1, len(self.renew()))

    def test_token_that_is_not_known_any_more(self):
        (old,) = self.renew()
        self.database.pod_managers.update(
            uuid=self.uuid, values={'event_digest': None}
        )
        (new,) = self.renew()
        self.assertNotEqual(old, new)

    def test_where_events_are_not_sent(self):
        self.pod.set_modes(events='none')
        self.assertEqual([], self.renew())
        self.assertIsNone(self.digest(self.uuid))

    def test_it_does_not_answer(self):
        self.pod.set_modes(away=True)
        self.renew()
        self.subscriber().end(self.uuid)
        self.assertIn('No events of', self.log.output)

    def test_neither_asked_nor_subscribed(self):
        self.assertEqual([], self.renew(destination=None))
        self.assertEqual({}, self.pod.stats()['requests'])

    def test_one_that_is_gone(self):
        self.subscriber().renew(rows.new_uuid())
        self.subscriber().end(rows.new_uuid())

    def test_driver_without(self):
        uuid = self.add('http://127.0.0.1:2', driver='expether')
        self.subscriber().renew(uuid)
        self.assertIsNone(self.digest(uuid))


class ScriptedTest(Case):
    def setUp(self):
        super().setUp()
        self.server = self.useFixture(connected.ScriptedPod())
        service = '/redfish/v1/EventService'
        root = {
            'RedfishVersion': '1.6.0',
            'EventService': connected.link(service),
        }
        self.server.get(connected.ROOT, root)
        self.server.get(
            service, {'Subscriptions': connected.link(_SUBSCRIPTIONS)}
        )
        self.server.get(_SUBSCRIPTIONS, connected.collection())
        self.uuid = self.add(self.server.url)

    def sent(self):
        return [
            each.document
            for each in self.server.requests
            if each.method == 'POST'
        ]

    def test_refusal_that_repeats_the_token(self):
        def refuse(handler, request):
            told = request.document['Destination']
            error = {
                'error': {
                    'message': told,
                    '@Message.ExtendedInfo': [{'Message': told}],
                }
            }
            scripted.Reply(400, error)(handler, request)

        self.server.script['POST', _SUBSCRIPTIONS] = refuse
        self.subscriber().renew(self.uuid)
        (body,) = self.sent()
        token = body['Destination'].rpartition('/')[2]
        self.assertIn('***', self.log.output)
        self.assertNotIn(token, self.log.output)

    def test_subscription_whose_answer_was_lost(self):
        """It is there, and known by its context where it tells no more."""
        self.server.script['POST', _SUBSCRIPTIONS] = scripted.drop
        self.subscriber().renew(self.uuid)
        (body,) = self.sent()
        one = f'{_SUBSCRIPTIONS}/1'
        self.server.get(_SUBSCRIPTIONS, connected.collection(one))
        for shown in (
            {'Context': body['Context']},
            {'Context': body['Context'], 'Destination': 'https://***'},
            {'Destination': body['Destination']},
        ):
            self.server.get(one, shown)
            self.subscriber().renew(self.uuid)
            self.assertEqual([body], self.sent())
            self.assertEqual([], self.server.asked('DELETE'))
        self.server.get(one, {'Context': f'valence:{self.uuid}:other'})
        self.server.script['DELETE', one] = scripted.Reply(204, b'')
        self.subscriber().renew(self.uuid)
        self.assertEqual([one], self.server.asked('DELETE'))
        self.assertEqual(2, len(self.sent()))

    def test_lost_lease_is_not_swallowed(self):
        class LeaseLost(Exception):
            pass

        def refuse():
            raise LeaseLost

        with http_client.each_change_after(refuse):
            self.assertRaises(LeaseLost, self.subscriber().renew, self.uuid)


class WholeTest(testtools.TestCase):
    """As a part of the sync and of the deletion."""

    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(
            fixtures.Valence(
                simulator={'systems': 1}, events__destination=HERE
            )
        )
        self.podm = self.valence.register()
        self.pod = self.valence.pods[0]
        self.path = f'/v1/pod_managers/{self.podm["uuid"]}'

    def test_subscribed_by_the_sync(self):
        self.assertEqual(1, len(self.pod.events.subscriptions))

    def test_ended_by_the_deletion(self):
        answer = self.valence.waiting('DELETE', self.path)
        self.assertEqual(200, answer.status, answer.body)
        self.assertEqual({}, self.pod.events.subscriptions)

    def test_deletion_of_one_that_is_away(self):
        self.pod.set_modes(away=True)
        answer = self.valence.waiting('DELETE', self.path)
        self.assertEqual(200, answer.status, answer.body)
        self.assertEqual(404, self.valence.client.get(self.path).status)

    def test_sync_that_cannot_subscribe_goes_well(self):
        def fill():
            self.pod.events.forget_subscriptions()
            for _number in range(MOST_SUBSCRIPTIONS):
                self.pod.events.subscribe({'Destination': 'http://x/'})

        self.pod.home.run(fill)
        answer = self.valence.waiting('POST', f'{self.path}/sync')
        self.assertEqual(200, answer.status, answer.body)
        self.assertIn('takes no subscription', self.valence.log.text)


class HeardTest(Case):
    def test_events_go_to_the_destination(self):
        simulator = server.Simulator(systems=1, mode='plain')
        simulator.start()
        self.addCleanup(simulator.stop)
        destination = self.useFixture(hearing.Hearing())
        uuid = self.add(simulator.urls[0])
        self.subscriber(destination.server.url).renew(uuid)
        pod = simulator.pods[0]
        pod.home.run(lambda: pod.tell('Alert', 'ResourceChanged', '/x'))
        destination.heard(1)
        (request,) = destination.server.requests[:1]
        token = request.path.rpartition('/')[2]
        self.assertEqual(f'/v1/events/{uuid}/{token}', request.path)
        self.assertEqual(events.digest_of(token), self.digest(uuid))
