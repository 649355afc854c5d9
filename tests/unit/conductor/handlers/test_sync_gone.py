"""What vanishes at a pod manager, what comes back, and what is free there."""

from typing import ClassVar

from tests.fixtures import rows
from tests.unit.conductor.handlers import faulty, syncing
from tests.unit.conductor.handlers.syncing import NODES, ROOT, SYSTEMS
from valence.objects.node import node_tag


class GoneTest(syncing.SyncCase):
    def setUp(self):
        super().setUp()
        self.sync()
        self.before = self.rows()

    def test_resource_that_vanishes(self):
        system = self.systems()[1]
        self.faults.hidden.add(system)
        task = self.sync()
        self.assert_true()
        after = self.rows()
        self.assertNotIn(system, after)
        self.assertLess(after.items(), self.before.items())
        gone = self.before.keys() - after.keys()
        self.assertTrue(all(url.startswith(system) for url in gone), gone)
        self.assertEqual((0, len(gone)), self.changes(task))
        self.assertEqual(2, self.podm().usage['systems'])

    def test_resource_that_comes_back(self):
        self.faults.hidden.add(self.systems()[1])
        _, deleted = self.changes(self.sync())
        self.faults.hidden.clear()
        self.assertEqual((deleted, 0), self.changes(self.sync()))
        self.assertEqual(self.before, self.rows())
        self.assert_true()

    def test_row_of_what_never_was(self):
        uuid = self.database.resources.ensure(
            podm_id=self.living.podm.uuid,
            url=f'{ROOT}/Fabrics/9',
            resource_type='Fabric',
        )
        self.assertEqual((0, 1), self.changes(self.sync()))
        self.assertIsNone(self.database.resources.get(uuid=uuid))
        self.assertEqual(self.before, self.rows())

    def test_pod_manager_that_was_restored_from_backup(self):
        node, other = self.living.composed(), self.living.composed(name='b')
        self.sync()
        before = self.rows()
        pod = self.living.pod
        # The nodes are at other urls; of the systems one is missing yet.
        for each in (node, other):
            pod.forget(each.index)
        for each in (node, other):
            pod.appear(node_tag(each.uuid))
        lost = next(
            url
            for url in self.systems()
            if url not in (node.system_url, other.system_url)
        )
        self.faults.hidden.add(lost)
        self.sync()
        found = {finding['kind'] for finding in self.podm().findings}
        self.assertEqual({'moved'}, found)
        self.sync()
        self.assert_true()
        places = [self.living.node(each.uuid) for each in (node, other)]
        urls = {place.resource_url for place in places}
        self.assertEqual({f'{NODES}/3', f'{NODES}/4'}, urls)
        self.assertEqual({'composed'}, {place.state for place in places})
        self.faults.hidden.clear()
        self.sync()
        self.assert_true()
        after = self.rows()
        moved = {f'{NODES}/{number}' for number in (1, 2, 3, 4)}
        self.assertEqual(
            {url: uuid for url, uuid in before.items() if url not in moved},
            {url: uuid for url, uuid in after.items() if url not in moved},
        )

    def test_node_that_is_missing_keeps_its_pointer(self):
        node = self.living.composed()
        self.faults.hidden.add(node.resource_url)
        for _ in range(2):
            self.sync()
            found = self.living.node(node.uuid)
            self.assertEqual('missing', found.state)
            self.assertEqual(node.resource_url, found.resource_url)
            self.assertEqual(0, self.podm().usage['composed_nodes'])
        self.faults.hidden.clear()
        self.sync()
        found = self.living.node(node.uuid)
        self.assertEqual('composed', found.state)
        self.assertEqual(node.resource_uuid, found.resource_uuid)
        self.assert_true()

    def test_pointer_goes_after_its_missing_node(self):
        node = self.living.composed()
        self.faults.hidden.add(node.resource_url)
        self.sync()
        self.database.nodes.delete(uuid=node.uuid)
        self.assertEqual((0, 1), self.changes(self.sync()))
        self.assert_true()

    def test_registered_again(self):
        first = self.living.podm
        self.database.resources.delete_of_pod_manager(podm_id=first.uuid)
        self.database.pod_managers.delete(uuid=first.uuid)
        again = rows.add_pod_manager(self.database, url=first.url)
        self.living.podms[0] = again
        self.assertNotEqual(first.uuid, again.uuid)
        self.sync()
        self.assertEqual(self.before, self.rows())
        self.assert_true()


class UsageTest(syncing.SyncCase):
    def usage(self):
        self.sync()
        return dict(self.podm().usage)

    def test_all_is_free(self):
        usage = self.usage()
        self.assertEqual((3, 3), (usage['systems'], usage['free_systems']))
        for name in ('cores', 'memory_gib', 'drives'):
            self.assertGreater(usage[name], 0, name)
            self.assertEqual(usage[name], usage[f'free_{name}'])
        self.assertEqual(0, usage['composed_nodes'])
        self.assertNotIn('capacity', usage)

    def test_nodes_take_systems(self):
        before = self.usage()
        self.living.composed()
        self.living.pod.appear('of somebody else')
        usage = self.usage()
        self.assertEqual((3, 1), (usage['systems'], usage['free_systems']))
        self.assertEqual(2, usage['composed_nodes'])
        for name in ('cores', 'memory_gib', 'drives'):
            self.assertEqual(before[name], usage[name])
            self.assertLess(usage[f'free_{name}'], usage[name])
            self.assertGreater(usage[f'free_{name}'], 0)

    def test_node_that_is_missing_holds_its_system(self):
        node = self.living.composed()
        self.faults.hidden.add(node.resource_url)
        usage = self.usage()
        self.assertEqual(
            (2, 0), (usage['free_systems'], usage['composed_nodes'])
        )


class ComposedOfBlocksTest(syncing.SyncCase):
    """Nodes are systems there, and not made of systems."""

    options: ClassVar = {'mode': 'composition'}

    def test_nodes_are_systems_that_are_not_free(self):
        self.sync()
        before = self.podm().usage
        self.living.composed()
        self.sync()
        usage = self.podm().usage
        self.assertEqual(before['systems'] + 1, usage['systems'])
        self.assertEqual(before['free_systems'], usage['free_systems'])
        self.assertEqual(3, usage['capacity'])
        self.assert_true()

    def test_node_that_is_missing_is_no_system_any_more(self):
        self.sync()
        before = self.podm().usage
        node = self.living.composed()
        self.faults.hidden.add(node.resource_url)
        self.sync()
        self.assertEqual('missing', self.living.node(node.uuid).state)
        self.assertIn(node.resource_url, self.rows())
        self.assertEqual(before, self.podm().usage)

    def test_capacity_stays_where_nodes_cannot_be_read(self):
        self.living.composed()
        self.sync()
        before = self.podm().usage
        self.faults.broken[SYSTEMS] = faulty.server_error
        self.sync()
        usage = self.podm().usage
        for name in ('systems', 'composed_nodes', 'capacity'):
            self.assertEqual(before[name], usage[name], name)
