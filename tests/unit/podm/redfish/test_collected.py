import fixtures
import testtools

from tests.unit.podm import connected, scripted
from tests.unit.podm.connected import NODES, collection
from tests.unit.podm.redfish.allocations import NODE, TAG, wants
from valence.common import exception
from valence.objects import requirements

OTHER = f'{NODES}/2'


class CollectedTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.FakeLogger())
        self.server = self.useFixture(connected.ScriptedPod())
        self.compute = self.server.connection.compute
        self.server.get(NODES, collection(NODE, OTHER))
        self.server.get(NODE, {'Name': 'n1'})
        self.server.get(OTHER, {'Name': 'n2'})


class HasNodeTest(CollectedTest):
    def test_there(self):
        self.assertTrue(self.compute.has_node(NODE))

    def test_deleted_one_that_still_answers(self):
        self.server.get(NODES, collection(OTHER))
        self.assertFalse(self.compute.has_node(NODE))
        self.assertEqual('n1', self.compute.get_node(NODE).name)

    def test_deleted_one_that_is_still_listed(self):
        for status in (404, 410):
            self.server.script['GET', NODE] = scripted.Reply(status)
            self.assertFalse(self.compute.has_node(NODE))

    def test_links_in_other_spellings(self):
        for link in (
            NODE.lower(),
            f'{NODE}/',
            f'{NODE}/'.lower(),
            f'{self.server.url}{NODE}',
        ):
            self.server.get(NODES, collection(OTHER, link))
            self.assertTrue(self.compute.has_node(NODE), link)
        self.server.get(f'{NODE}/', {'Name': 'n1'})
        self.server.get(NODES, collection(OTHER, NODE))
        self.assertTrue(self.compute.has_node(f'{NODE}/'))

    def test_one_that_begins_alike(self):
        self.server.get(NODES, collection(f'{NODE}0', f'{NODE}/x'))
        self.assertFalse(self.compute.has_node(NODE))

    def test_unknown(self):
        for path, reply, kind in (
            (NODES, scripted.Reply(500), exception.PodManagerRefused),
            (NODES, {'Members': {}}, exception.PodManagerMalformed),
            (NODES, scripted.drop, exception.PodManagerUnreachable),
            (NODE, scripted.Reply(500), exception.PodManagerRefused),
            (NODE, scripted.Reply(200, b'[]'), exception.PodManagerMalformed),
            (NODE, scripted.drop, exception.PodManagerUnreachable),
        ):
            before = self.server.script['GET', path]
            step = reply if callable(reply) else scripted.Reply(body=reply)
            self.server.script['GET', path] = step
            self.assertRaises(kind, self.compute.has_node, NODE)
            self.server.script['GET', path] = before


class FindTest(CollectedTest):
    def test_in_name_or_description(self):
        for properties in (
            {'Name': f'n2 {TAG}'},
            {'Name': None, 'Description': f'of a test {TAG}'},
            {'Name': TAG, 'Description': None},
            {'Name': 7, 'Description': TAG},
        ):
            self.server.get(OTHER, properties)
            self.assertEqual(OTHER, self.compute.find_node(TAG))

    def test_only_as_a_word(self):
        for name in (f'{TAG}-1', f'x{TAG}', f'-{TAG}', TAG[:-1], '', None):
            self.server.get(OTHER, {'Name': name, 'Description': name})
            self.assertIsNone(self.compute.find_node(TAG))

    def test_one_that_vanishes_meanwhile(self):
        self.server.get(OTHER, {'Name': TAG})
        for status in (404, 410):
            self.server.script['GET', NODE] = scripted.Reply(status)
            self.assertEqual(OTHER, self.compute.find_node(TAG))
            (node,) = self.compute.list_nodes()
            self.assertEqual(OTHER, node.url)

    def test_one_that_cannot_be_read(self):
        self.server.get(OTHER, {'Name': TAG})
        for reply in (
            scripted.Reply(500),
            scripted.Reply(200, b'null'),
            scripted.drop,
        ):
            self.server.script['GET', NODE] = reply
            for call in (
                self.compute.list_nodes,
                lambda: self.compute.find_node(TAG),
            ):
                self.assertRaises(exception.PodManagerError, call)

    def test_in_the_spelling_of_the_node(self):
        link = f'{NODE}/'.lower()
        self.server.get(NODES, collection(link))
        self.server.get(link, {'@odata.id': NODE, 'Name': TAG})
        self.assertEqual(NODE, self.compute.find_node(TAG))
        self.assertEqual(NODE, self.compute.list_nodes()[0].url)

    def test_node_that_says_to_be_another(self):
        for lie in (OTHER, f'http://elsewhere{NODE}', 7, None, '/x'):
            self.server.get(NODE, {'@odata.id': lie, 'Name': TAG})
            self.assertEqual(NODE, self.compute.find_node(TAG))


class DeleteTest(CollectedTest):
    def test_missing_one_that_is_refused(self):
        self.server.script['DELETE', NODE] = scripted.Reply(500)
        self.assertRaises(
            exception.PodManagerRefused, self.compute.delete_node, NODE
        )
        self.server.get(NODES, collection(OTHER))
        self.assertIsNone(self.compute.delete_node(NODE))

    def test_refused_for_other_reasons(self):
        self.server.get(NODES, collection(OTHER))
        for status in (400, 405, 409, 503):
            self.server.script['DELETE', NODE] = scripted.Reply(status)
            self.assertRaises(
                exception.PodManagerRefused, self.compute.delete_node, NODE
            )


class CheckTest(CollectedTest):
    def test_pooled_devices(self):
        wanted = requirements.Requirements(
            pci_device=requirements.PciDevice(['GPU'])
        )
        self.assertRaises(
            exception.NoMatchingSystem, self.compute.check, wanted
        )
        self.compute.check(wants(processor={'total_cores': 8}))
        self.assertEqual([], self.server.asked('POST'))
