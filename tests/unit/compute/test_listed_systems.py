"""Systems as they are listed: how old, and of pod managers that are away."""

import socket

import fixtures

from tests.fixtures import rows
from tests.unit.compute import listing
from valence.common import http_addresses
from valence.common.http_client import Limits
from valence.compute.manager import ComputeManager
from valence.podm.pool import Pool
from valence.tasks.breaker import Breaker

STABLE = {'Name', 'cpu', 'id', 'location', 'network', 'ram', 'storage'}


class Hole(fixtures.Fixture):
    """A port that answers no connection, as a host that is gone."""

    def _setUp(self):
        self._socket = socket.create_server(('127.0.0.1', 0), backlog=0)
        self.addCleanup(self._socket.close)
        address = self._socket.getsockname()
        self.url = f'http://127.0.0.1:{address[1]}'
        # They fill the queue of those that nobody has accepted.
        for _ in range(4):
            waiting = socket.socket()
            self.addCleanup(waiting.close)
            waiting.setblocking(False)
            waiting.connect_ex(address)


class ListedSystemsTest(listing.ListingTest):
    def test_warm_asks_nobody(self):
        first = self.systems()
        before = self.requests()
        self.assertEqual(first, self.systems())
        self.assertEqual(before, self.requests())

    def test_records_are_read_in_one_statement(self):
        found = self.database.pod_managers.list
        asked = []
        self.patch(
            self.database.pod_managers,
            'list',
            lambda **query: asked.append(query) or found(**query),
        )
        self.patch(self.database.pod_managers, 'get', None)
        self.assertEqual(6, len(self.systems()['systems']))
        self.assertEqual(1, len(asked))

    def test_away_from_the_beginning_only_pointers_are_known(self):
        self.pod.set_modes(away=True)
        away = self.of(self.podm)
        self.assertEqual(3, len(away))
        for system in away:
            self.assertEqual(
                {
                    'uuid',
                    'podm_id',
                    'resource_uri',
                    'node_uuid',
                    'health',
                    'observed_at',
                },
                system.keys(),
            )
            self.assertEqual('Unknown', system['health'])
            self.assertIsNone(system['observed_at'])
        self.assertEqual(
            {'OK'}, {each['health'] for each in self.of(self.other)}
        )

    def test_away_later_what_lasts_is_told_with_its_age(self):
        manager = self.make(ttl=0)
        before = self.of(self.podm, manager=manager)
        self.pod.set_modes(away=True)
        away = self.of(self.podm, manager=manager)
        for was, now in zip(before, away, strict=True):
            self.assertEqual('Unknown', now['health'])
            self.assertIsNone(now['power_state'])
            self.assertEqual(was['observed_at'], now['observed_at'])
            for name in STABLE:
                self.assertEqual(was[name], now[name], name)

    def test_filters_of_one_that_is_away(self):
        manager = self.make(ttl=0)
        name = self.of(self.podm, manager=manager)[0]['Name']
        self.pod.set_modes(away=True)
        for properties, number in (
            ({'Status/Health': 'OK'}, 0),
            ({'Status/Health': 'unknown'}, 3),
            ({'Status/State': 'Enabled'}, 0),
            ({'PowerState': 'Off'}, 0),
            ({'Name': name}, 1),
        ):
            found = self.of(
                self.podm,
                manager=manager,
                matching={'properties': properties},
            )
            self.assertEqual(number, len(found), properties)
        found = self.of(self.podm, manager=manager, matching={'cores': 1})
        self.assertEqual(3, len(found))

    def test_it_is_back(self):
        manager = self.make(ttl=0)
        self.pod.set_modes(away=True)
        self.of(self.podm, manager=manager)
        self.pod.clear_modes()
        healths = {each['health'] for each in self.of(self.podm)}
        self.assertEqual({'OK'}, healths)

    def test_one_that_hangs(self):
        self.hang()
        found = self.systems(self.make(patience=4))['systems']
        for podm, health in ((self.podm, 'Unknown'), (self.other, 'OK')):
            healths = [
                each['health']
                for each in found
                if each['podm_id'] == podm.uuid
            ]
            self.assertEqual([health] * 3, healths)

    def test_one_that_was_away_lately_is_hardly_waited_for(self):
        self.hang()
        self.database.pod_managers.unanswered(
            uuid=self.podm.uuid, reason='x', most=3, pause=600
        )
        manager = self.make(patience=3600)
        healths = [each['health'] for each in self.systems(manager)['systems']]
        self.assertEqual(['OK'] * 3 + ['Unknown'] * 3, sorted(healths))

    def test_those_that_are_left_alone_are_not_asked(self):
        self.database.pod_managers.unanswered(
            uuid=self.podm.uuid, reason='x', most=1, pause=600
        )
        living = self.living
        pool = Pool(
            Limits(allowed_networks=http_addresses.LOOPBACK),
            Breaker(self.database, failures=1, pause=600),
        )
        self.addCleanup(pool.close)
        manager = ComputeManager(
            self.database, pool, living.make_live(pool), patience=20
        )
        before = self.pod.requests.total()
        healths = [
            each['health'] for each in self.of(self.podm, manager=manager)
        ]
        self.assertEqual(['Unknown'] * 3, healths)
        self.assertEqual(before, self.pod.requests.total())

    def test_many_whose_connections_nobody_takes(self):
        hole = self.useFixture(Hole())
        for number in range(30):
            podm = rows.add_pod_manager(
                self.database, url=f'{hole.url}/{number}'
            )
            self.database.resources.ensure(
                podm_id=podm.uuid,
                url='/redfish/v1/Systems/1',
                resource_type='ComputerSystem',
            )
        pool = Pool(
            Limits(connect_timeout=2, allowed_networks=http_addresses.LOOPBACK)
        )
        self.addCleanup(pool.close)
        # Fewer threads than there are dead ones.
        manager = ComputeManager(
            self.database, pool, self.living.make_live(pool), patience=30
        )
        healths = [each['health'] for each in self.systems(manager)['systems']]
        self.assertEqual(['OK'] * 6 + ['Unknown'] * 30, sorted(healths))

    def test_a_system_that_its_pod_manager_does_not_tell_of(self):
        uuid = self.database.resources.ensure(
            podm_id=self.podm.uuid,
            url='/redfish/v1/Systems/gone',
            resource_type='ComputerSystem',
        )
        (gone,) = (each for each in self.of(self.podm) if each['uuid'] == uuid)
        self.assertEqual('Unknown', gone['health'])
        self.assertIsNone(gone['observed_at'])

    def test_a_pod_manager_that_is_deleted_meanwhile(self):
        self.database.pod_managers.delete(uuid=self.podm.uuid)
        self.assertEqual(
            ['Unknown'] * 3, [each['health'] for each in self.of(self.podm)]
        )

    def test_urls_that_are_written_in_another_way(self):
        row = self.system_row()
        self.database.resources.delete(uuids=[row.uuid])
        uuid = self.database.resources.ensure(
            podm_id=self.podm.uuid,
            url=f'{row.resource_url.replace("Systems", "systems")}/',
            resource_type='ComputerSystem',
        )
        (shown,) = (
            each for each in self.of(self.podm) if each['uuid'] == uuid
        )
        self.assertEqual('OK', shown['health'])

    def test_pages_with_a_filter(self):
        name = self.of(self.other)[1]['Name']
        matching = {'properties': {'Name': name}}
        found, pages, marker = [], 0, None
        while True:
            page = self.systems(matching=matching, limit=2, marker=marker)
            found += page['systems']
            pages += 1
            if not page['full']:
                break
            marker = page['last']
        # The last page has no more rows, so it is known to be the last.
        self.assertEqual(4, pages)
        self.assertEqual(
            {self.podm.uuid, self.other.uuid},
            {each['podm_id'] for each in found},
        )
        self.assertEqual(2, len(found))

    def power(self, manager=None):
        return {each['power_state'] for each in self.of(self.podm)}

    def test_our_own_change_is_seen_at_once(self):
        row = self.system_row()
        self.assertEqual({'Off'}, self.power())
        task = self.living.finish(
            self.living.submit(
                'reset_system',
                'valence-compute',
                podm_id=self.podm.uuid,
                resource_type='system',
                resource_uuid=row.uuid,
                request={'reset_type': 'On'},
            )
        )
        self.assertEqual('completed', task.state)
        self.assertEqual({'On', 'Off'}, self.power())

    def test_a_change_of_a_node_is_seen_at_once(self):
        node = self.living.composed()
        before = self.living.record(self.podm).changes
        self.living.act('reset_node', node, reset_type='ForceOff')
        boot = {'enabled': 'Once', 'target': 'Pxe', 'mode': None}
        task = self.living.act('boot_node', node, boot=boot)
        self.assertEqual('completed', task.state)
        self.assertEqual(before + 2, self.living.record(self.podm).changes)

    def test_what_a_sync_has_found_is_seen_at_once(self):
        self.living.sync()
        before = self.living.record(self.podm).changes
        self.living.sync()
        self.assertEqual(before, self.living.record(self.podm).changes)
        self.database.resources.delete(uuids=[self.system_row().uuid])
        self.living.sync()
        self.assertEqual(before + 1, self.living.record(self.podm).changes)

    def test_what_was_refused_has_changed_nothing(self):
        node = self.living.composed()
        before = self.living.record(self.podm).changes
        task = self.living.act('reset_node', node, reset_type='Nonsense')
        self.assertEqual('failed', task.state)
        self.assertEqual(before, self.living.record(self.podm).changes)

    def test_what_has_no_answer_may_have_changed_something(self):
        node = self.living.composed()
        before = self.living.record(self.podm).changes
        self.pod.set_modes(drop=1)
        task = self.living.act(
            'reset_node', node, reset_type='GracefulRestart'
        )
        self.assertEqual('failed', task.state)
        self.assertEqual(before + 1, self.living.record(self.podm).changes)
