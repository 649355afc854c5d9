import fixtures
import testtools

from tests.unit.podm import scripted
from tests.unit.podm.connected import SYSTEMS, collection, link
from tests.unit.podm.redfish.allocations import TAG
from tests.unit.podm.redfish.composition import composing
from tests.unit.podm.redfish.composition.composing import (
    COMPOSE,
    NODE,
    SPECIFIC,
    path_of,
)
from tests.unit.podm.redfish.tasks import MONITOR
from valence.common import exception
from valence.objects import hardware


def answered(*responses, **properties):
    """Give the answer to a manifest: a response for each stanza."""
    stanzas = [{'StanzaId': 'node', 'Response': each} for each in responses]
    return {'Manifest': {'Stanzas': stanzas}, **properties}


def failed(code, *details):
    infos = [
        {'MessageId': f'Composition.1.1.0.{each}', 'Message': f'Says {each}.'}
        for each in details
    ]
    return {
        'error': {
            'code': f'Composition.1.1.0.{code}',
            'message': 'It failed.',
            '@Message.ExtendedInfo': infos,
        }
    }


class ManifestsTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.FakeLogger())
        self.pod = self.useFixture(composing.ComposingPod())
        self.pod.take_manifests()
        self.pod.computing('cpu')

    def answer(self, body=b'', status=200, **headers):
        self.pod.script['POST', COMPOSE] = scripted.Reply(
            status, body, headers
        )

    def stanzas(self):
        """Give what was asked for, of each request."""
        return [
            stanza
            for body in self.pod.bodies('POST', COMPOSE)
            for stanza in body['Manifest']['Stanzas']
        ]


class ComposeTest(ManifestsTest):
    def test_body(self):
        self.answer(answered({'@odata.id': NODE}))
        self.assertEqual(NODE, self.pod.allocate())
        (body,) = self.pod.bodies('POST', COMPOSE)
        self.assertEqual(
            ('Manifest', 'Apply'), (body['RequestFormat'], body['RequestType'])
        )
        (stanza,) = self.stanzas()
        self.assertEqual('ComposeSystem', stanza['StanzaType'])
        self.assertEqual(
            {
                'Name': 'n1',
                'Description': f'of a test {TAG}',
                'Links': {'ResourceBlocks': [link(path_of('cpu'))]},
            },
            stanza['Request'],
        )
        self.assertEqual([], self.pod.bodies('POST', SYSTEMS))

    def test_posted_where_that_is_offered(self):
        self.pod.capabilities(
            SPECIFIC, {'Description@Redfish.OptionalOnCreate': True}
        )
        self.assertEqual(NODE, self.pod.allocate())
        self.assertEqual([], self.stanzas())

    def test_accepted(self):
        self.answer(status=202, Location=MONITOR)
        self.assertEqual(hardware.Pending(MONITOR), self.pod.allocate())

    def test_found_by_its_tag(self):
        self.pod.get(NODE, {'SystemType': 'Composed', 'Name': f'n1 {TAG}'})
        self.pod.get(SYSTEMS, collection(NODE))
        for body in (
            *(b'', b'null', b'[]', b'<html>', {}, {'Manifest': None}),
            {'Manifest': {'Stanzas': None}},
            {'Manifest': {'Stanzas': [None, 7]}},
            *map(answered, (None, {}, [], 'x', {'@odata.id': None})),
        ):
            self.answer(body)
            self.assertEqual(NODE, self.pod.allocate(), body)
        self.answer(status=204)
        self.assertEqual(NODE, self.pod.allocate())

    def test_system_at_another_server(self):
        self.answer(answered({'@odata.id': f'http://elsewhere{NODE}'}))
        self.assertRaises(exception.PodManagerMalformed, self.pod.allocate)

    def test_failed(self):
        response = failed('UnableToPerformReservation', 'ResourceBlockInvalid')
        self.answer(answered(response))
        error = self.assertRaises(
            exception.NoMatchingSystem, self.pod.allocate
        )
        self.assertEqual(['Says ResourceBlockInvalid.'], error.reasons)
        self.assertIn('It failed.', str(error))
        self.assertEqual(1, len(self.stanzas()))

    def test_failed_in_no_proper_way(self):
        for error in ('no', {}, [], 7, {'code': 7, 'message': None}):
            self.answer(answered({'error': error}))
            self.assertRaises(exception.NoMatchingSystem, self.pod.allocate)

    def test_no_error_at_all(self):
        self.answer(answered({'error': None, '@odata.id': NODE}))
        self.assertEqual(NODE, self.pod.allocate())

    def test_another_is_chosen(self):
        self.pod.computing('cpu2', cores=16)
        self.pod.script['POST', COMPOSE] = [
            scripted.Reply(
                200, answered(failed('UnableToPerformReservation'))
            ),
            scripted.Reply(200, answered({'@odata.id': NODE})),
        ]
        self.assertEqual(NODE, self.pod.allocate())
        asked = [each['Request']['Links'] for each in self.stanzas()]
        self.assertNotEqual(*asked)

    def test_refused(self):
        for status in (400, 404, 500, 503):
            self.answer(status=status)
            self.assertRaises(exception.PodManagerRefused, self.pod.allocate)

    def test_no_answer(self):
        self.pod.script['POST', COMPOSE] = scripted.drop
        self.assertRaises(
            exception.PodManagerConnectionLost, self.pod.allocate
        )
        self.assertEqual(1, len(self.stanzas()))

    def test_target_that_is_none(self):
        for target in (None, 7, f'http://elsewhere{COMPOSE}'):
            action = {'#CompositionService.Compose': {'target': target}}
            self.pod.service(Actions=action)
            self.assertRaises(exception.PodManagerMalformed, self.pod.allocate)
        self.assertEqual([], self.pod.asked('POST'))

    def test_no_action(self):
        for actions in (None, [], {}, {'#CompositionService.Compose': None}):
            self.pod.service(Actions=actions)
            self.assertEqual(NODE, self.pod.allocate())
        self.assertEqual([], self.stanzas())


class DecomposeTest(ManifestsTest):
    """A system that cannot be taken apart by DELETE."""

    def setUp(self):
        super().setUp()
        self.pod.get(NODE, {'SystemType': 'Composed'})
        self.pod.get(SYSTEMS, collection(NODE))
        self.pod.script['DELETE', NODE] = scripted.Reply(405)

    def test_done(self):
        self.answer(answered({'@odata.id': NODE}))
        self.assertIsNone(self.pod.compute.delete_node(NODE))
        (stanza,) = self.stanzas()
        self.assertEqual('DecomposeSystem', stanza['StanzaType'])
        self.assertEqual(link(NODE), stanza['Request'])

    def test_accepted(self):
        self.answer(status=202, Location=MONITOR)
        self.assertEqual(
            hardware.Pending(MONITOR), self.pod.compute.delete_node(NODE)
        )

    def test_links_where_a_reference_is_not_understood(self):
        for refused in (
            scripted.Reply(400),
            scripted.Reply(200, answered(failed('UnableToProcess'))),
        ):
            self.pod.requests.clear()
            self.pod.script['POST', COMPOSE] = [
                refused,
                scripted.Reply(200, answered({})),
            ]
            self.assertIsNone(self.pod.compute.delete_node(NODE))
            request = self.stanzas()[-1]['Request']
            self.assertEqual([link(NODE)], request['Links']['ComputerSystems'])

    def test_failed(self):
        self.answer(answered(failed('UnableToProcess', 'SystemIsOn')))
        error = self.assertRaises(
            exception.PodManagerRefused, self.pod.compute.delete_node, NODE
        )
        self.assertEqual(['Says SystemIsOn.'], error.reasons)
        self.assertEqual(2, len(self.stanzas()))

    def test_no_answer(self):
        self.pod.script['POST', COMPOSE] = scripted.drop
        self.assertRaises(
            exception.PodManagerConnectionLost,
            self.pod.compute.delete_node,
            NODE,
        )
        self.assertEqual(1, len(self.stanzas()))

    def test_no_manifests(self):
        self.pod.service()
        error = self.assertRaises(
            exception.PodManagerRefused, self.pod.compute.delete_node, NODE
        )
        self.assertIn('405', str(error))

    def test_other_refusals(self):
        for status in (400, 409, 500, 503):
            self.pod.script['DELETE', NODE] = scripted.Reply(status)
            error = self.assertRaises(
                exception.PodManagerRefused, self.pod.compute.delete_node, NODE
            )
            self.assertIn(str(status), str(error))
        self.assertEqual([], self.stanzas())
