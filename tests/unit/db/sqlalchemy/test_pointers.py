import uuid

import testtools

from tests.fixtures import database, rows

URL = '/redfish/v1/Systems/1'
SYSTEM = 'ComputerSystem'


class PointersTest(testtools.TestCase):
    """The uuids of resources: the same always, and nobody else's."""

    backend = database.SQLITE

    def setUp(self):
        super().setUp()
        self.database = self.useFixture(
            database.Database(self.backend)
        ).database
        self.table = self.database.resources
        self.podm = rows.add_pod_manager(self.database)

    def ensure(self, podm_id, url=URL):
        return self.table.ensure(
            podm_id=podm_id, url=url, resource_type=SYSTEM
        )

    def uuids(self, podm_id):
        known = self.table.known(podm_id=podm_id)
        return {url: each.uuid for url, each in known.items()}

    def register_again(self):
        """Delete the pod manager, and register it under the same url."""
        self.table.delete_of_pod_manager(podm_id=self.podm.uuid)
        self.database.pod_managers.delete(uuid=self.podm.uuid)
        again = rows.add_pod_manager(self.database, url=self.podm.url)
        self.assertNotEqual(self.podm.uuid, again.uuid)
        return again

    def move(self):
        """Give the pod manager another url, and its own to another one."""
        was = self.podm.url
        self.database.pod_managers.update(
            uuid=self.podm.uuid, values={'url': f'{was}/elsewhere'}
        )
        return rows.add_pod_manager(self.database, url=was)

    def test_derived(self):
        name = f'{self.podm.url} {URL}'
        self.assertEqual(
            str(uuid.uuid5(uuid.NAMESPACE_URL, name)),
            self.ensure(self.podm.uuid),
        )

    def test_same_by_either_way(self):
        uuid = self.ensure(self.podm.uuid)
        again = self.register_again()
        self.table.add(podm_id=again.uuid, found=[(URL, SYSTEM)])
        self.assertEqual({URL: uuid}, self.uuids(again.uuid))

    def test_same_after_all_was_registered_again(self):
        found = [(f'/s/{number}', SYSTEM) for number in range(600)]
        self.table.add(podm_id=self.podm.uuid, found=found)
        before = self.uuids(self.podm.uuid)
        again = self.register_again()
        # In another order, so in other batches.
        self.table.add(podm_id=again.uuid, found=found[::-1])
        self.assertEqual(600, len(set(before.values())))
        self.assertEqual(before, self.uuids(again.uuid))

    def test_row_that_stays_keeps_its_uuid_when_the_url_changes(self):
        uuid = self.ensure(self.podm.uuid)
        self.move()
        self.table.add(podm_id=self.podm.uuid, found=[(URL, SYSTEM)])
        self.assertEqual(uuid, self.ensure(self.podm.uuid))
        self.assertEqual({URL: uuid}, self.uuids(self.podm.uuid))

    def test_ensure_where_the_uuid_is_taken(self):
        uuid = self.ensure(self.podm.uuid)
        other = self.move()
        found = self.ensure(other.uuid)
        self.assertNotEqual(uuid, found)
        self.assertEqual({URL: found}, self.uuids(other.uuid))
        self.assertEqual({URL: uuid}, self.uuids(self.podm.uuid))
        self.assertEqual(found, self.ensure(other.uuid))

    def test_add_where_some_uuids_are_taken(self):
        uuid = self.ensure(self.podm.uuid)
        other = self.move()
        found = [(URL, SYSTEM), ('/s/2', SYSTEM), ('/s/3', SYSTEM)]
        self.assertEqual(3, self.table.add(podm_id=other.uuid, found=found))
        before = self.uuids(other.uuid)
        self.assertEqual({url for url, _ in found}, before.keys())
        self.assertNotEqual(uuid, before[URL])
        self.assertEqual(0, self.table.add(podm_id=other.uuid, found=found))
        self.assertEqual(before, self.uuids(other.uuid))

    def test_pod_manager_without_a_record(self):
        nobody = rows.new_uuid()
        uuid = self.ensure(nobody)
        self.assertEqual(uuid, self.ensure(nobody))
        self.assertNotEqual(uuid, self.ensure(rows.new_uuid()))
