from oslo_utils import uuidutils

from tests.fixtures import rows
from tests.unit.compute import listing
from tests.unit.podm import scripted
from valence.common import exception
from valence.compute import resources


class ResourcesTest(listing.ListingTest):
    def test_pointers(self):
        row = self.system_row()
        before = self.requests()
        answer = self.resources(
            detail=False, filters={'podm_id': self.podm.uuid}, limit=2
        )
        self.assertEqual((2, True), (len(answer['resources']), answer['full']))
        found = self.manager.get_resource(self.ctxt, row.uuid, False)
        self.assertEqual(
            {
                'uuid': row.uuid,
                'podm_id': self.podm.uuid,
                'resource_url': row.resource_url,
                'resource_type': 'ComputerSystem',
            },
            {
                name: value
                for name, value in found.items()
                if not name.endswith('_at')
            },
        )
        self.assertEqual(before, self.requests())

    def test_detail_of_all_that_there_is(self):
        answer = self.resources()
        self.assertEqual(len(self.rows()), len(answer['resources']))
        for each in answer['resources']:
            self.assertIsNone(each['error'])
            self.assertIsNotNone(each['observed_at'])
            self.assertEqual(
                each['resource_url'], each['properties']['@odata.id']
            )
        before = self.requests()
        self.assertEqual(answer, self.resources())
        self.assertEqual(before, self.requests())

    def test_detail_of_one_that_is_away(self):
        manager = self.make(ttl=0)
        self.resources(manager)
        self.pod.set_modes(away=True)
        for each in self.resources(manager)['resources']:
            if each['podm_id'] == self.podm.uuid:
                self.assertIsNone(each['properties'])
                self.assertIsNone(each['observed_at'])
                self.assertIn('cannot be reached', each['error'])
            else:
                self.assertIsNone(each['error'])

    def test_detail_of_one_that_hangs(self):
        self.hang()
        manager = self.make(patience=6)
        answer = self.resources(manager)['resources']
        self.assertEqual(len(self.rows()), len(answer))
        for each in answer:
            hangs = each['podm_id'] == self.podm.uuid
            self.assertEqual(hangs, each['error'] is not None)
            if hangs:
                self.assertIn('did not answer', each['error'])

    def test_detail_of_what_is_gone(self):
        uuid = self.database.resources.ensure(
            podm_id=self.podm.uuid,
            url='/redfish/v1/Systems/gone',
            resource_type='ComputerSystem',
        )
        shown = self.manager.get_resource(self.ctxt, uuid, True)
        self.assertIsNone(shown['properties'])
        self.assertIsNone(shown['observed_at'])
        self.assertIn('answered 404', shown['error'])

    def test_detail_while_the_pod_manager_is_deleted(self):
        row = self.system_row()
        self.database.pod_managers.delete(uuid=self.podm.uuid)
        shown = self.manager.get_resource(self.ctxt, row.uuid, True)
        self.assertIsNone(shown['properties'])
        self.assertIn('not found in database', shown['error'])

    def test_secrets_of_documents_are_hidden(self):
        server = self.useFixture(scripted.Scripted())
        path = '/redfish/v1/Fabrics/1/Endpoints/1'
        server.get('/redfish/v1/', {'RedfishVersion': '1.6.0'})
        server.get(path, {'Id': '1', 'Authentication': {'Password': 'x'}})
        podm = rows.add_pod_manager(self.database, url=server.url)
        uuid = self.database.resources.ensure(
            podm_id=podm.uuid, url=path, resource_type='Endpoint'
        )
        shown = self.manager.get_resource(self.ctxt, uuid, True)
        self.assertEqual(
            {'Id': '1', 'Authentication': {'Password': '***'}},
            shown['properties'],
        )

    def test_detail_ends_a_page_that_is_large(self):
        rows = self.rows(podm_id=self.podm.uuid)
        live = self.manager._live
        some = resources.detail(self.database, live, rows, 20, most=3000)
        self.assertLess(len(some), len(rows))
        one = resources.detail(self.database, live, rows, 20, most=1)
        self.assertEqual([rows[0].uuid], [each['uuid'] for each in one])

    def test_pages_of_what_is_large(self):
        self.patch(resources, 'detail', self.two_at_most)
        found, marker, full = [], None, True
        while full:
            page = self.resources(limit=5, marker=marker)
            found += [each['uuid'] for each in page['resources']]
            marker, full = page['last'], page['full']
        self.assertEqual([row.uuid for row in self.rows()], found)

    @staticmethod
    def two_at_most(database, live, rows, patience):
        return [resources.show(row) for row in rows[:2]]

    def test_no_resources(self):
        self.assertEqual(
            {'resources': [], 'last': None, 'full': False},
            self.resources(filters={'podm_id': 'x'}),
        )

    def test_unknown(self):
        for detail in (False, True):
            self.assertRaises(
                exception.ResourceNotFound,
                self.manager.get_resource,
                self.ctxt,
                uuidutils.generate_uuid(),
                detail,
            )
