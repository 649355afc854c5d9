import testtools

from tests.unit.podm import connected, scripted
from tests.unit.podm.connected import ROOT, SYSTEMS
from tests.unit.podm.redfish import clients
from tests.unit.podm.walked import walked
from valence.common import exception
from valence.podm.redfish import service


class MembersTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.server = self.useFixture(connected.ScriptedPod())
        client = self.useFixture(clients.Client(self.server.url)).client
        self.service = service.Service(client)

    def systems(self):
        return self.service.members(SYSTEMS)

    def page(self, path, member, following=None):
        document = connected.collection(member)
        if following:
            document['Members@odata.nextLink'] = following
        self.server.get(path, document)

    def test_pages(self):
        self.page(SYSTEMS, f'{SYSTEMS}/1', f'{SYSTEMS}?$skip=1')
        self.page(f'{SYSTEMS}?$skip=1', f'{SYSTEMS}/2')
        self.assertEqual([f'{SYSTEMS}/1', f'{SYSTEMS}/2'], self.systems())

    def test_pages_in_a_ring(self):
        self.page(SYSTEMS, f'{SYSTEMS}/1', f'{SYSTEMS}?$skip=1')
        self.page(f'{SYSTEMS}?$skip=1', f'{SYSTEMS}/1', SYSTEMS)
        self.assertEqual([f'{SYSTEMS}/1'], self.systems())

    def test_next_page_at_another_server(self):
        self.page(SYSTEMS, f'{SYSTEMS}/1', 'http://evil/redfish/v1/Systems')
        self.assertRaises(exception.PodManagerMalformed, self.systems)

    def test_too_many(self):
        self.patch(service, 'MAX_MEMBERS', 1)
        self.server.get(
            SYSTEMS, connected.collection(f'{SYSTEMS}/1', f'{SYSTEMS}/2')
        )
        self.assertRaises(exception.PodManagerMalformed, self.systems)

    def test_below_links_and_miscounted(self):
        self.server.get(
            SYSTEMS,
            {
                'Links': connected.collection(f'{SYSTEMS}/1'),
                'Members@odata.count': 20,
            },
        )
        self.assertEqual([f'{SYSTEMS}/1'], self.systems())

    def test_none(self):
        self.server.get(SYSTEMS, {'Members@odata.count': 20, 'Members': []})
        self.assertEqual([], self.systems())

    def test_no_list(self):
        for members in (None, 'x', {}):
            self.server.get(SYSTEMS, {'Members': members})
            error = self.assertRaises(
                exception.PodManagerMalformed, self.systems
            )
            self.assertIn('Members is missing', str(error))

    def test_member_that_must_not_be_followed(self):
        for path in ('http://evil/redfish/v1/Systems/1', '/admin'):
            self.server.get(SYSTEMS, connected.collection(path))
            self.assertRaises(exception.PodManagerMalformed, self.systems)


class RootTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.server = self.useFixture(connected.ScriptedPod())
        self.inventory = self.server.connection.inventory

    def test_read_once(self):
        walked(self.inventory)
        walked(self.inventory)
        self.assertEqual(1, self.server.asked('GET').count(ROOT))

    def test_without_a_slash(self):
        root = self.server.script.pop(('GET', ROOT))
        self.server.script['GET', ROOT.rstrip('/')] = root
        self.assertEqual([], walked(self.inventory))

    def test_redirected(self):
        root = self.server.script['GET', ROOT]
        self.server.script['GET', ROOT] = scripted.Reply(
            301, b'', {'Location': '/redfish/v1'}
        )
        self.server.script['GET', '/redfish/v1'] = root
        self.assertEqual([], walked(self.inventory))

    def test_not_redfish(self):
        self.server.get(ROOT, {'hello': 'world'})
        self.assertRaises(
            exception.PodManagerMalformed, walked, self.inventory
        )


class EtagTest(testtools.TestCase):
    """What a change must match is read with the resource."""

    def setUp(self):
        super().setUp()
        self.server = self.useFixture(connected.ScriptedPod())
        client = self.useFixture(clients.Client(self.server.url)).client
        self.service = service.Service(client)

    def etag(self, document, **headers):
        self.server.script['GET', SYSTEMS] = scripted.Reply(
            200, document, headers
        )
        found, etag = self.service.get_with_etag(SYSTEMS)
        self.assertEqual(document, found.raw)
        return etag

    def test_header(self):
        for etag in ('"1"', 'W/"1"', '1'):
            both = self.etag({'@odata.etag': '"2"'}, ETag=etag)
            self.assertEqual(etag, both)

    def test_in_the_document(self):
        self.assertEqual('"2"', self.etag({'@odata.etag': '"2"'}))

    def test_none(self):
        for document in ({}, {'@odata.etag': None}, {'@odata.etag': 7}):
            self.assertIsNone(self.etag(document))

    def test_no_document(self):
        for body in (b'', b'null', b'[]', b'<html>'):
            self.server.script['GET', SYSTEMS] = scripted.Reply(
                200, body, {'ETag': '"1"'}
            )
            self.assertRaises(
                exception.PodManagerMalformed,
                self.service.get_with_etag,
                SYSTEMS,
            )
