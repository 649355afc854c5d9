import fixtures
import testtools

from tests.unit.podm import connected, scripted
from tests.unit.podm.connected import SYSTEMS, collection
from tests.unit.podm.redfish.allocations import TAG, allocate
from tests.unit.podm.redfish.composition import composing
from tests.unit.podm.redfish.composition.composing import BLOCKS, path_of
from tests.unit.podm.redfish.tasks import MONITOR
from valence.common import exception, http_client
from valence.objects import hardware

OURS = {'Client': TAG, 'CompositionStatus': {'Reserved': True}}
NOBODYS = {'CompositionStatus': {'Reserved': False}}
DRIVE = {'local_drive': {'capacity_gib': 1}}


class ReservationTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.log = self.useFixture(fixtures.FakeLogger())
        self.pod = self.useFixture(composing.ComposingPod())
        self.pod.computing('cpu')
        self.pod.reservable('cpu')

    def changes(self, name='cpu'):
        return self.pod.bodies('PATCH', path_of(name))

    def is_reserved(self, name):
        block = self.pod.blocks[path_of(name)]
        return block['CompositionStatus']['Reserved']

    def answer(self, step):
        self.pod.script['POST', SYSTEMS] = step


class HoldTest(ReservationTest):
    def test_held_while_it_is_asked_for(self):
        self.pod.allocate()
        asked = [each.method for each in self.pod.requests]
        changes = [each for each in asked if each != 'GET']
        self.assertEqual(['PATCH', 'POST', 'PATCH'], changes)
        self.assertEqual([OURS, NOBODYS], self.changes())

    def test_only_as_it_was_seen(self):
        self.pod.allocate()
        seen = [
            each.headers['If-Match']
            for each in self.pod.requests
            if each.method == 'PATCH'
        ]
        self.assertEqual(['W/"None-False"', f'W/"{TAG}-True"'], seen)

    def test_etag_in_the_document_only(self):
        path = path_of('cpu')
        for etag in ('"7"', None, 7):
            self.pod.requests.clear()
            document = {**self.pod.blocks[path], '@odata.etag': etag}
            self.pod.get(path, document)
            self.pod.script['PATCH', path] = scripted.Reply(204, b'')
            self.pod.allocate()
            (first,) = [
                each for each in self.pod.requests if each.method == 'PATCH'
            ]
            expected = etag if etag == '"7"' else None
            self.assertEqual(expected, first.headers.get('If-Match'))

    def test_block_that_does_not_tell_for_whom(self):
        self.pod.computing('cpu')
        self.pod.allocate()
        self.assertEqual([], self.pod.asked('PATCH'))
        self.assertEqual([['cpu']], self.pod.chosen())

    def test_block_that_does_not_tell_whether_it_is(self):
        for told in (None, 'maybe', 0):
            self.pod.requests.clear()
            self.pod.status('cpu', Reserved=told)
            self.pod.allocate()
            self.assertEqual([], self.pod.asked('PATCH'))
            self.assertEqual([['cpu']], self.pod.chosen())

    def test_service_that_does_not_let_us(self):
        for status in (400, 404, 405, 428, 500, 501):
            self.pod.requests.clear()
            self.pod.script['PATCH', path_of('cpu')] = scripted.Reply(status)
            self.assertEqual(composing.NODE, self.pod.allocate(), status)
            self.assertEqual(1, len(self.changes()))
            self.assertEqual([['cpu']], self.pod.chosen())

    def test_service_that_does_not_know_us(self):
        for status in (401, 403):
            self.pod.script['PATCH', path_of('cpu')] = scripted.Reply(status)
            self.assertRaises(
                exception.PodManagerUnauthorized, self.pod.allocate
            )
        self.assertEqual([], self.pod.chosen())

    def test_first_try_of_the_same_node(self):
        self.pod.computing('small', cores=1)
        self.pod.reservable('small')
        self.pod.change('cpu', Client=TAG)
        self.pod.status('cpu', Reserved=True)
        self.pod.allocate()
        self.assertEqual([['cpu']], self.pod.chosen())
        self.assertEqual([NOBODYS], self.changes())
        self.assertEqual([], self.changes('small'))


class TakenTest(ReservationTest):
    """Somebody else is there between the choice and the request."""

    def setUp(self):
        super().setUp()
        self.pod.computing('other', cores=64)

    def seen(self, *replies):
        """Answer as usual once, for the choice; then otherwise."""
        path = path_of('cpu')
        self.pod.script['GET', path] = [
            self.pod.script['GET', path],
            *replies,
        ]

    def reserved(self, **properties):
        status = {'CompositionState': 'Unused', 'Reserved': True}
        document = {
            **self.pod.blocks[path_of('cpu')],
            'CompositionStatus': status,
            **properties,
        }
        return scripted.Reply(200, document)

    def test_reserved_by_another(self):
        self.seen(self.reserved(Client='valence-0c9f'))
        self.pod.allocate()
        self.assertEqual([['other']], self.pod.chosen())
        self.assertEqual([], self.changes())

    def test_changed_by_another(self):
        for status in (409, 412):
            self.pod.requests.clear()
            before = self.pod.script['GET', path_of('cpu')]
            self.seen(before, self.reserved(Client='valence-0c9f'))
            self.pod.script['PATCH', path_of('cpu')] = scripted.Reply(status)
            self.pod.allocate()
            self.assertEqual([['other']], self.pod.chosen())
            self.assertEqual([OURS], self.changes())
            self.pod.script['GET', path_of('cpu')] = before

    def test_vanished(self):
        for status in (404, 410):
            before = self.pod.script['GET', path_of('cpu')]
            self.pod.requests.clear()
            self.seen(scripted.Reply(status))
            self.pod.allocate()
            self.assertEqual([['other']], self.pod.chosen())
            self.pod.script['GET', path_of('cpu')] = before

    def test_again_and_again(self):
        for number in range(8):
            self.pod.computing(f'b{number}')
            self.pod.reservable(f'b{number}')
            path = path_of(f'b{number}')
            self.pod.script['PATCH', path] = scripted.Reply(412)
        self.pod.status('cpu', CompositionState='Composed')
        self.pod.status('other', CompositionState='Composed')
        error = self.assertRaises(
            exception.NoMatchingSystem, self.pod.allocate
        )
        self.assertIn('5 times', str(error))
        self.assertEqual(5, len(set(self.pod.asked('PATCH'))))
        self.assertEqual([], self.pod.chosen())

    def test_nothing_is_left(self):
        self.pod.status('other', CompositionState='Composed')
        self.pod.script['PATCH', path_of('cpu')] = scripted.Reply(412)
        self.assertRaises(exception.NoMatchingSystem, self.pod.allocate)
        self.assertEqual([OURS], self.changes())
        self.assertEqual([], self.pod.chosen())

    def test_what_was_held_before_is_given_back(self):
        self.pod.get(BLOCKS, collection(path_of('cpu'), path_of('disk')))
        self.pod.storing('disk')
        self.pod.reservable('disk')
        self.pod.script['PATCH', path_of('disk')] = scripted.Reply(412)
        self.assertRaises(
            exception.NoMatchingSystem, self.pod.allocate, **DRIVE
        )
        self.assertEqual([], self.pod.chosen())
        self.assertFalse(self.is_reserved('cpu'))
        self.assertEqual([OURS, NOBODYS], self.changes())


class OutcomeTest(ReservationTest):
    def test_refused(self):
        for status, kind in (
            (400, exception.PodManagerRefused),
            (500, exception.PodManagerRefused),
            (401, exception.PodManagerUnauthorized),
            (403, exception.PodManagerUnauthorized),
        ):
            self.pod.requests.clear()
            self.answer(scripted.Reply(status))
            self.assertRaises(kind, self.pod.allocate)
            self.assertEqual([OURS, NOBODYS], self.changes())
            self.assertFalse(self.is_reserved('cpu'))

    def test_accepted(self):
        self.answer(scripted.Reply(202, b'', {'Location': MONITOR}))
        self.assertEqual(hardware.Pending(MONITOR), self.pod.allocate())
        self.assertFalse(self.is_reserved('cpu'))

    def test_lost(self):
        self.answer(scripted.drop)
        self.assertRaises(
            exception.PodManagerConnectionLost, self.pod.allocate
        )
        self.assertEqual(1, len(self.pod.chosen()))
        self.assertEqual([OURS], self.changes())
        self.assertTrue(self.is_reserved('cpu'))

    def test_not_answered_in_time(self):
        self.answer(scripted.hang)
        limits = http_client.Limits(change_timeout=0.5)
        fixture = connected.Connected(self.pod.url, limits)
        connection = self.useFixture(fixture).connection
        self.assertRaises(
            exception.PodManagerTimeout, allocate, connection.compute
        )
        self.assertEqual(1, len(self.pod.chosen()))
        self.assertEqual([OURS], self.changes())

    def test_second_try_after_a_lost_one(self):
        self.pod.computing('more')
        self.pod.computing('most')
        self.pod.reservable('more', 'most')
        self.answer([scripted.drop, scripted.Reply(201)])
        self.pod.script['GET', composing.NODE] = scripted.Reply(404)
        self.assertRaises(
            exception.PodManagerConnectionLost, self.pod.allocate
        )
        # It answers without a Location, and lists no node.
        self.assertRaises(exception.PodManagerMalformed, self.pod.allocate)
        first, second = self.pod.chosen()
        self.assertEqual(first, second)
        self.assertEqual(2, len(self.pod.asked('PATCH')))

    def test_one_of_another_is_not_given_back(self):
        def taken_over(handler, request):
            self.pod.change('cpu', Client='valence-0c9f')
            scripted.Reply(400)(handler, request)

        self.answer(taken_over)
        self.assertRaises(exception.PodManagerRefused, self.pod.allocate)
        self.assertEqual([OURS], self.changes())
        self.assertTrue(self.is_reserved('cpu'))

    def test_one_that_cannot_be_given_back(self):
        replies = (*map(scripted.Reply, (404, 500, 401)), scripted.drop)
        for reply in replies:
            self.pod.reservable('cpu')
            self.pod.status('cpu', Reserved=False)
            first = self.pod.script['PATCH', path_of('cpu')]
            self.pod.script['PATCH', path_of('cpu')] = [first, reply]
            self.assertEqual(composing.NODE, self.pod.allocate())
        told = self.log.output.count('stays reserved')
        self.assertEqual(len(replies), told)

    def test_one_that_has_changed_meanwhile(self):
        for status in (409, 412):
            self.pod.reservable('cpu')
            self.pod.status('cpu', Reserved=False)
            first = self.pod.script['PATCH', path_of('cpu')]
            steps = [first, scripted.Reply(status)]
            self.pod.script['PATCH', path_of('cpu')] = steps
            self.assertEqual(composing.NODE, self.pod.allocate())
        self.assertNotIn('stays reserved', self.log.output)

    def test_one_that_cannot_be_read_any_more(self):
        path = path_of('cpu')
        document = self.pod.script['GET', path]
        for reply in (
            scripted.Reply(404),
            scripted.Reply(200, b'[]'),
            scripted.drop,
        ):
            self.pod.script['GET', path] = [document, document, reply]
            self.pod.script['PATCH', path] = scripted.Reply(204, b'')
            self.assertEqual(composing.NODE, self.pod.allocate())
        self.assertIn('stays reserved', self.log.output)
