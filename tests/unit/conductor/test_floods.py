"""Bursts, floods and forgeries of events, and how often we look for them."""

import threading
import time

import testtools

from tests.unit.api import fixtures
from valence.db.api import Query

_INTERVAL = 0.5
_ADDED = {'Events': [{'EventType': 'ResourceAdded'}]}
_STATUS = {'Events': [{'EventType': 'StatusChange'}]}


class FloodTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(
            fixtures.Valence(
                simulator={'systems': 2},
                events__interval=_INTERVAL,
                # Who posts is the test, with the token.
                events__destination='http://127.0.0.1:1',
                conductor__sync_interval=9000,
            )
        )
        self.uuid = self.valence.register()['uuid']
        self.podms = self.valence.database.pod_managers
        self.pod = self.valence.pods[0]
        (subscription,) = self.pod.events.subscriptions.values()
        self.path = subscription.destination.removeprefix('http://127.0.0.1:1')
        self.settled()
        self.before = self.looks()
        self.began = time.monotonic()

    def looks(self):
        """Count the syncs, at the pod manager itself."""
        return self.pod.calls['nodes'], self.podms.get(ident=self.uuid).changes

    def settled(self):
        """Wait until no event and no sync is left."""

        def quiet():
            podm = self.podms.get(ident=self.uuid)
            later = podm.next_sync_at or 0
            now = time.time_ns() // 1000
            return (
                podm.event_due_at is None
                and podm.task_uuid is None
                and (later == 0 or later > now + 60_000_000)
            )

        fixtures.eventually(quiet)

    def send(self, body, path=None):
        return self.valence.client.post(path or self.path, body).status

    def allowed(self):
        """Give how many looks there may have been since the beginning."""
        return (time.monotonic() - self.began) / _INTERVAL + 1

    def assertFewLooks(self):
        self.settled()
        reads, changes = self.looks()
        # A sync asks for the nodes more than once.
        syncs = (reads - self.before[0]) / self.reads_of_a_sync()
        self.assertLessEqual(syncs, self.allowed())
        # One that found something has what was read dropped, too.
        by_events = changes - self.before[1] - syncs
        self.assertLessEqual(by_events, self.allowed())

    def reads_of_a_sync(self):
        before = self.pod.calls['nodes']
        path = f'/v1/pod_managers/{self.uuid}/sync'
        answer = self.valence.waiting('POST', path)
        self.assertEqual(200, answer.status, answer.body)
        return self.pod.calls['nodes'] - before

    def known(self):
        """Give the paths of the nodes in our table."""
        rows = self.valence.database.resources.list(
            query=Query(
                filters={
                    'podm_id': self.uuid,
                    'resource_type': 'ComposedNode',
                }
            )
        )
        return {row.resource_url for row in rows}

    def test_last_of_a_burst_is_looked_at(self):
        for _event in range(20):
            self.assertEqual(204, self.send(_ADDED))
        # After the sync that the first one made due may have begun.
        node = f'/redfish/v1/Nodes/{self.pod.appear("")}'
        self.assertEqual(204, self.send(_ADDED))
        fixtures.eventually(lambda: node in self.known())
        self.assertFewLooks()

    def test_flood_from_many_threads(self):
        statuses = set()
        end = threading.Event()

        def flood():
            while not end.is_set():
                statuses.add(self.send(_ADDED))

        threads = [threading.Thread(target=flood) for _ in range(8)]
        for thread in threads:
            thread.start()
        fixtures.eventually(lambda: self.looks()[1] > self.before[1] + 1)
        end.set()
        for thread in threads:
            thread.join()
        node = f'/redfish/v1/Nodes/{self.pod.appear("")}'
        self.assertEqual(204, self.send(_ADDED))
        fixtures.eventually(lambda: node in self.known())
        self.assertEqual({204}, statuses)
        self.assertFewLooks()

    def test_forgeries(self):
        self.assertEqual(404, self.send(_ADDED, f'{self.path}x'))
        self.settled()
        self.assertEqual(self.before, self.looks())
        for number in range(30):
            origin = {'@odata.id': f'http://evil/redfish/v1/{number}'}
            event = {'EventType': 'x' * number, 'OriginOfCondition': origin}
            self.assertEqual(204, self.send({'Events': [event]}))
        self.assertFewLooks()

    def test_power_needs_no_sync(self):
        for _event in range(20):
            self.assertEqual(204, self.send(_STATUS))
        self.settled()
        syncs, changes = self.looks()
        self.assertEqual(self.before[0], syncs)
        self.assertGreater(changes, self.before[1])
        self.assertFewLooks()
