import time

import orjson
import testtools

from tests.fixtures import rows
from tests.unit.compute import living
from tests.unit.podm.walked import walked
from valence.common import context, exception
from valence.common.http_client import Limits
from valence.compute.manager import ComputeManager
from valence.db.api import Query

SYSTEMS = {'filters': {'resource_type': 'ComputerSystem'}}


class ComputeManagerTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.living = self.useFixture(
            living.Living(pods=2, limits=Limits(timeout=20))
        )
        self.database = self.living.database
        self.ctxt = context.admin()
        self.manager = self.make()

    def make(self, patience=20, **live):
        pool = self.living.make_pool()
        return ComputeManager(
            self.database,
            pool,
            self.living.make_live(pool, **live),
            patience=patience,
        )

    def know_systems(self):
        """Write down the systems of both pod managers."""
        pool = self.living.make_pool()
        for podm in self.living.podms:
            found = walked(pool.get(podm).inventory)
            self.database.resources.add(podm_id=podm.uuid, found=found)

    def systems(self, matching=None, manager=None, **query):
        answer = (manager or self.manager).list_systems(
            self.ctxt, {**SYSTEMS, **query}, matching or {}
        )
        # It has to travel.
        return orjson.loads(orjson.dumps(answer))

    def test_ping(self):
        self.assertEqual({'topic': 'compute'}, self.manager.ping(self.ctxt))

    # Nodes

    def test_list_nodes(self):
        node = rows.add_node(self.database)
        rows.add_node(self.database, project_id='red')
        found = self.manager.list_nodes(
            self.ctxt, {'filters': {'project_id': 'blue'}}
        )
        self.assertEqual([node.brief()], found)

    def test_get_node_with_what_is_told_of_it(self):
        node = self.living.composed()
        shown = self.manager.get_node(self.ctxt, node.name, 'blue')
        self.assertEqual(node.uuid, shown['uuid'])
        self.assertEqual('Assembled', shown['node_state'])
        self.assertEqual('On', shown['node_power_state'])
        self.assertEqual('OK', shown['health_status'])
        self.assertTrue(shown['metadata']['processor'])
        self.assertIsNotNone(shown['observed_at'])
        self.assertEqual('composed', shown['state'])

    def test_get_node_of_another_project(self):
        node = rows.add_node(self.database)
        self.assertRaises(
            exception.NodeNotFound,
            self.manager.get_node,
            self.ctxt,
            node.uuid,
            'red',
        )

    def test_get_node_while_its_pod_manager_is_away(self):
        node = self.living.composed()
        self.living.pod.set_modes(away=True)
        shown = self.manager.get_node(self.ctxt, node.uuid, None)
        self.assertEqual('Unknown', shown['health_status'])
        self.assertIn('cannot be reached', shown['status_reason'])
        self.assertIsNone(shown['observed_at'])
        self.assertEqual(node.name, shown['name'])

    def test_get_node_that_is_not_composed_yet(self):
        node = rows.add_node(self.database, state='composing')
        shown = self.manager.get_node(self.ctxt, node.uuid, None)
        self.assertEqual('composing', shown['state'])
        self.assertIsNone(shown['status_reason'])

    # Systems

    def test_systems_with_what_is_told_of_them(self):
        self.know_systems()
        answer = self.systems()
        self.assertEqual(6, len(answer['systems']))
        for system in answer['systems']:
            self.assertEqual('OK', system['health'])
            self.assertGreater(int(system['cpu']['cores']), 0)
            self.assertGreater(float(system['ram']), 0)
            self.assertIsNone(system['node_uuid'])

    def test_system_in_use_names_its_node(self):
        self.know_systems()
        node = self.living.composed()
        used = {
            system['resource_uri']: system['node_uuid']
            for system in self.systems()['systems']
            if system['node_uuid'] is not None
        }
        self.assertEqual({node.system_url: node.uuid}, used)

    def test_one_dead_pod_manager(self):
        self.know_systems()
        self.living.pod.set_modes(away=True)
        dead = self.living.podm.uuid
        healths = {
            (system['podm_id'] == dead, system['health'])
            for system in self.systems()['systems']
        }
        self.assertEqual({(True, 'Unknown'), (False, 'OK')}, healths)

    def test_one_hanging_pod_manager(self):
        self.know_systems()
        self.living.pod.set_modes(hang=True)
        self.addCleanup(self.living.pod.clear_modes)
        started = time.monotonic()
        answer = self.systems(manager=self.make(patience=5))
        self.assertLess(time.monotonic() - started, 15)
        self.assertEqual(
            3,
            sum(each['health'] == 'Unknown' for each in answer['systems']),
        )

    def test_wrong_credentials_of_one(self):
        self.know_systems()
        self.living.with_wrong_password()
        healths = [each['health'] for each in self.systems()['systems']]
        self.assertEqual(
            (3, 3), (healths.count('OK'), healths.count('Unknown'))
        )

    def test_asked_for_more_than_there_is(self):
        self.know_systems()
        self.assertEqual([], self.systems({'ram': 10**9})['systems'])
        self.assertEqual(6, len(self.systems({'ram': 1})['systems']))

    def test_asked_for_a_property(self):
        self.know_systems()
        for value, count in (('ok', 6), ('Critical', 0)):
            matching = {'properties': {'Status/Health': value}}
            self.assertEqual(count, len(self.systems(matching)['systems']))

    def test_what_cannot_be_read_matches_nothing(self):
        self.know_systems()
        self.living.pod.set_modes(away=True)
        self.assertEqual(3, len(self.systems({'cores': 1})['systems']))

    def test_page(self):
        self.know_systems()
        first = self.systems(limit=4)
        self.assertEqual((4, True), (len(first['systems']), first['full']))
        second = self.systems(limit=4, marker=first['last'])
        self.assertEqual((2, False), (len(second['systems']), second['full']))
        uuids = {each['uuid'] for each in first['systems'] + second['systems']}
        self.assertEqual(6, len(uuids))

    def test_no_systems(self):
        self.assertEqual(
            {'systems': [], 'last': None, 'full': False}, self.systems()
        )

    def a_row(self):
        """Give the row of a system of the first pod manager."""
        self.know_systems()
        filters = {**SYSTEMS['filters'], 'podm_id': self.living.podm.uuid}
        return self.database.resources.list(query=Query(filters=filters))[0]

    def test_get_system(self):
        row = self.a_row()
        shown = self.manager.get_system(self.ctxt, row.uuid)
        self.assertEqual(row.uuid, shown['uuid'])
        self.assertEqual('OK', shown['health'])

    def test_get_system_while_its_pod_manager_is_away(self):
        row = self.a_row()
        self.living.pod.set_modes(away=True)
        shown = self.manager.get_system(self.ctxt, row.uuid)
        self.assertEqual('Unknown', shown['health'])

    def test_get_system_that_is_gone_there(self):
        uuid = self.database.resources.ensure(
            podm_id=self.living.podm.uuid,
            url='/redfish/v1/Systems/gone',
            resource_type='ComputerSystem',
        )
        self.assertRaises(
            exception.SystemNotFound, self.manager.get_system, self.ctxt, uuid
        )

    def test_get_what_is_no_system(self):
        node = self.living.composed()
        for uuid in (node.resource_uuid, rows.new_uuid()):
            self.assertRaises(
                exception.SystemNotFound,
                self.manager.get_system,
                self.ctxt,
                uuid,
            )
