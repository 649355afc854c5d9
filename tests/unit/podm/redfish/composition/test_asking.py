import fixtures
import testtools

from tests.unit.podm import scripted
from tests.unit.podm.connected import SYSTEMS, collection
from tests.unit.podm.redfish.allocations import TAG
from tests.unit.podm.redfish.composition import composing
from tests.unit.podm.redfish.composition.composing import (
    BLOCKS,
    CAPABILITIES,
    NODE,
    SERVICE,
    SPECIFIC,
    path_of,
    refusal,
)
from tests.unit.podm.redfish.tasks import MONITOR, task
from valence.common import exception
from valence.objects import hardware


class AskingTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.log = self.useFixture(fixtures.FakeLogger())
        self.pod = self.useFixture(composing.ComposingPod())
        self.pod.computing('cpu1')

    def answer(self, status=201, location=NODE, body=b''):
        headers = {'Location': location} if location else {}
        self.pod.script['POST', SYSTEMS] = scripted.Reply(
            status, body, headers
        )

    def system(self, path=NODE, **properties):
        """Let a composed system be there."""
        told = {'SystemType': 'Composed', **properties}
        self.pod.get(path, told)
        self.pod.get(SYSTEMS, collection(path))


class BodyTest(AskingTest):
    def test_body(self):
        self.pod.allocate()
        (body,) = self.pod.bodies('POST')
        self.assertEqual(
            {
                'Name': 'n1',
                'Description': f'of a test {TAG}',
                'Links': {'ResourceBlocks': [{'@odata.id': path_of('cpu1')}]},
            },
            body,
        )

    def test_tag_where_no_description_is_taken(self):
        for told in ({'Name@Redfish.RequiredOnCreate': True}, {'a': None}):
            self.pod.requests.clear()
            self.pod.capabilities(SPECIFIC, told)
            self.pod.allocate()
            (body,) = self.pod.bodies('POST')
            self.assertEqual(f'n1 {TAG}', body['Name'])
            self.assertNotIn('Description', body)

    def test_description_that_is_told_in_some_way(self):
        for when, told in (
            ('RequiredOnCreate', True),
            ('OptionalOnCreate', 'true'),
            ('SetOnlyOnCreate', True),
        ):
            self.pod.requests.clear()
            name = f'Description@Redfish.{when}'
            self.pod.capabilities(SPECIFIC, {name: told})
            self.pod.allocate()
            (body,) = self.pod.bodies('POST')
            self.assertIn(TAG, body['Description'])

    def test_capabilities_that_are_none(self):
        for told in (
            *(None, [], {'Capabilities': None}, {'Capabilities': {}}),
            {'Capabilities': [None, 7, {'UseCase': 7}]},
        ):
            self.pod.requests.clear()
            self.pod.get(
                SYSTEMS,
                {
                    **collection(),
                    '@Redfish.CollectionCapabilities': told,
                },
            )
            self.pod.allocate()
            (body,) = self.pod.bodies('POST')
            self.assertIn(TAG, body['Description'])

    def test_capabilities_at_another_server(self):
        self.pod.capabilities(SPECIFIC, {})
        told = self.pod.script['GET', SYSTEMS].body
        (offered,) = told['@Redfish.CollectionCapabilities']['Capabilities']
        offered['CapabilitiesObject'] = {
            '@odata.id': f'http://elsewhere{CAPABILITIES}'
        }
        self.assertRaises(exception.PodManagerMalformed, self.pod.allocate)
        self.assertEqual([], self.pod.asked('POST'))


class AnswerTest(AskingTest):
    def test_made(self):
        for location in (NODE, f'{self.pod.url}{NODE}'):
            self.answer(201, location)
            self.assertEqual(NODE, self.pod.allocate())

    def test_found_by_its_tag(self):
        self.system(Description=f'of a test {TAG}')
        for status, location in (
            (201, None),
            (201, f'http://inside{NODE}'),
            (200, NODE),
            (202, None),
            (204, None),
        ):
            self.answer(status, location)
            self.assertEqual(NODE, self.pod.allocate())

    def test_not_found(self):
        self.answer(204, None)
        self.system(Description='of a test valence-0c9f')
        error = self.assertRaises(
            exception.PodManagerMalformed, self.pod.allocate
        )
        self.assertIn('no new node', str(error))

    def test_physical_system_of_that_name_is_none(self):
        self.answer(204, None)
        self.system(Description=TAG, SystemType='Physical')
        self.assertRaises(exception.PodManagerMalformed, self.pod.allocate)

    def test_accepted(self):
        for location, body in (
            (MONITOR, b''),
            (None, task('New', TaskMonitor=MONITOR)),
        ):
            self.answer(202, location, body)
            self.assertEqual(hardware.Pending(MONITOR), self.pod.allocate())

    def test_accepted_with_the_system_as_location(self):
        self.answer(202, f'{NODE}/')
        self.assertEqual(f'{NODE}/', self.pod.allocate())


class RefusedTest(AskingTest):
    """The service says that a block of the choice is not free."""

    def taken(self, reply, *names):
        """Refuse what has one of these blocks."""

        def step(handler, request):
            asked = [
                each['@odata.id'].rpartition('/')[2]
                for each in request.document['Links']['ResourceBlocks']
            ]
            good = scripted.Reply(201, b'', {'Location': NODE})
            found = reply if set(asked) & set(names) else good
            found(handler, request)

        self.pod.script['POST', SYSTEMS] = step

    def test_another_is_chosen(self):
        self.pod.computing('cpu2', cores=16)
        for reply in (
            *map(scripted.Reply, (409, 412)),
            refusal(400, 'ResourceBlockInUse'),
            refusal(400, 'ResourceBlockChanged'),
            refusal(503, 'PropertyMissing', 'UnableToPerformReservation'),
        ):
            self.pod.requests.clear()
            self.taken(reply, 'cpu1')
            self.assertEqual(NODE, self.pod.allocate())
            self.assertEqual([['cpu1'], ['cpu2']], self.pod.chosen())

    def test_nothing_is_left(self):
        self.taken(refusal(409, 'ResourceBlockInUse'), 'cpu1')
        error = self.assertRaises(
            exception.NoMatchingSystem, self.pod.allocate
        )
        self.assertEqual(['Says ResourceBlockInUse.'], error.reasons)
        self.assertIn('It cannot be composed', str(error))
        self.assertEqual([['cpu1']], self.pod.chosen())

    def test_none_is_tried_twice_or_for_ever(self):
        names = [f'cpu{number}' for number in range(1, 9)]
        for number, name in enumerate(names):
            self.pod.computing(name, cores=number)
        self.taken(scripted.Reply(409), *names)
        self.assertRaises(exception.NoMatchingSystem, self.pod.allocate)
        expected = [[name] for name in names[:5]]
        self.assertEqual(expected, self.pod.chosen())

    def test_other_refusals(self):
        for reply in (
            *map(scripted.Reply, (400, 404, 405, 500, 501, 503)),
            refusal(400, 'PropertyMissing'),
            scripted.Reply(500, b'<html>'),
        ):
            self.pod.requests.clear()
            self.taken(reply, 'cpu1')
            self.assertRaises(exception.PodManagerRefused, self.pod.allocate)
            self.assertEqual(1, len(self.pod.asked('POST')))

    def test_no_answer(self):
        self.taken(scripted.drop, 'cpu1')
        self.assertRaises(
            exception.PodManagerConnectionLost, self.pod.allocate
        )
        self.assertEqual(1, len(self.pod.asked('POST')))


class ServiceTest(AskingTest):
    def test_disabled(self):
        for told in (False, 'false', 'False'):
            self.pod.service(ServiceEnabled=told)
            error = self.assertRaises(
                exception.UnsupportedAction, self.pod.allocate
            )
            self.assertIn('is disabled', str(error))
            self.assertFalse(self.pod.compute.composes)
            self.assertFalse(self.pod.connection.probe().composes)
        self.assertEqual([], self.pod.asked('POST'))

    def test_enabled_or_not_told(self):
        for told in (True, 'true', None, 7):
            self.pod.service(ServiceEnabled=told)
            self.assertTrue(self.pod.compute.composes)
            self.assertEqual(NODE, self.pod.allocate())

    def test_not_to_be_had(self):
        for reply in (
            scripted.Reply(404),
            scripted.Reply(500),
            scripted.Reply(200, b'[]'),
        ):
            self.pod.script['GET', SERVICE] = reply
            self.assertFalse(self.pod.compute.composes)
            self.assertRaises(exception.PodManagerError, self.pod.allocate)
        self.assertEqual([], self.pod.asked('POST'))

    def test_without_blocks(self):
        self.pod.service(ResourceBlocks=None)
        error = self.assertRaises(
            exception.PodManagerMalformed, self.pod.allocate
        )
        self.assertIn('ResourceBlocks is missing', str(error))

    def test_blocks_that_are_no_list(self):
        for members in (None, {}, 'x', {'@odata.id': path_of('cpu1')}):
            self.pod.get(BLOCKS, {'Members': members})
            self.assertRaises(exception.PodManagerMalformed, self.pod.allocate)

    def test_block_that_is_not_to_be_had(self):
        dead = path_of('dead')
        self.pod.get(BLOCKS, collection(dead, path_of('cpu1')))
        for reply in (scripted.Reply(404), scripted.Reply(500, b'<html>')):
            self.pod.script['GET', dead] = reply
            self.assertEqual(NODE, self.pod.allocate())
