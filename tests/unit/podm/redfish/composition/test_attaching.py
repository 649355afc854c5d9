import testtools

from tests.unit.podm import scripted
from tests.unit.podm.connected import SYSTEMS, collection, link
from tests.unit.podm.redfish.composition import composing
from tests.unit.podm.redfish.composition.composing import NODE, path_of
from tests.unit.podm.redfish.tasks import MONITOR
from valence.common import exception
from valence.objects import hardware

ADD = f'{NODE}/Actions/ComputerSystem.AddResourceBlock'
REMOVE = f'{NODE}/Actions/ComputerSystem.RemoveResourceBlock'


class AttachingTest(testtools.TestCase):
    """Resource blocks come to a node, and are taken from it."""

    def setUp(self):
        super().setUp()
        self.pod = self.useFixture(composing.ComposingPod())
        self.held = self.pod.computing('held')
        self.pod.status('held', CompositionState='Composed')
        self.free = self.pod.storing('free')
        self.pod.get(SYSTEMS, collection(NODE))
        self.actions = {
            '#ComputerSystem.AddResourceBlock': {'target': ADD},
            '#ComputerSystem.RemoveResourceBlock': {'target': REMOVE},
        }
        self.system(Actions=self.actions)
        for path in (ADD, REMOVE):
            self.pod.script['POST', path] = scripted.Reply(204, b'')

    def system(self, *held, etag='"s"', **properties):
        blocks = [link(each) for each in held or [self.held]]
        document = {
            'SystemType': 'Composed',
            'Links': {'ResourceBlocks': blocks},
            **properties,
        }
        headers = {'ETag': etag} if etag else {}
        self.pod.script['GET', NODE] = scripted.Reply(200, document, headers)

    def attach(self, url):
        return self.pod.compute.attach_resource(NODE, url)

    def detach(self, url):
        return self.pod.compute.detach_resource(NODE, url)

    def listed(self):
        return self.pod.compute.list_attachable(NODE)


class ListTest(AttachingTest):
    def test_free_ones(self):
        self.pod.storing('used')
        self.pod.status('used', CompositionState='Composed')
        self.pod.storing('reserved')
        self.pod.status('reserved', Reserved='true')
        self.assertEqual([self.free], self.listed())

    def test_of_the_same_zone(self):
        near = self.pod.storing('near')
        self.pod.zone('1', self.held, near)
        self.pod.zone('2', self.free)
        self.assertEqual([near], self.listed())

    def test_links_in_other_spellings(self):
        near = self.pod.storing('near')
        self.pod.zone('1', self.held.lower(), f'{near}/')
        self.pod.zone('2', self.free)
        self.system(f'{self.held}/'.lower())
        self.assertEqual([near], self.listed())

    def test_held_one_that_may_be_shared(self):
        self.pod.status('held', CompositionState='ComposedAndAvailable')
        self.system(f'{self.held}/')
        self.assertEqual([self.free], self.listed())


class ChangeTest(AttachingTest):
    def test_attach(self):
        self.pod.change('free', Client=None)
        self.assertIsNone(self.attach(self.free))
        (body,) = self.pod.bodies('POST', ADD)
        self.assertEqual(
            {
                'ResourceBlock': link(self.free),
                'ComputerSystemETag': '"s"',
                'ResourceBlockETag': self.pod.etag(self.free),
            },
            body,
        )

    def test_detach(self):
        self.assertIsNone(self.detach(self.held))
        (body,) = self.pod.bodies('POST', REMOVE)
        self.assertEqual(link(self.held), body['ResourceBlock'])

    def test_without_etags(self):
        self.system(etag=None, Actions=self.actions)
        self.attach(self.free)
        (body,) = self.pod.bodies('POST', ADD)
        self.assertEqual({'ResourceBlock': link(self.free)}, body)

    def test_in_the_spelling_of_the_service(self):
        self.attach(f'{self.free}/'.lower())
        self.detach(f'{self.held}/')
        for path, expected in ((ADD, self.free), (REMOVE, self.held)):
            (body,) = self.pod.bodies('POST', path)
            self.assertEqual(link(expected), body['ResourceBlock'])

    def test_not_attachable(self):
        for url in (self.held, path_of('unknown')):
            error = self.assertRaises(
                exception.UnsupportedValue, self.attach, url
            )
            self.assertIn(self.free, str(error))
        self.pod.status('free', CompositionState='Failed')
        error = self.assertRaises(
            exception.UnsupportedValue, self.attach, self.free
        )
        self.assertIn('nothing just now', str(error))
        self.assertEqual([], self.pod.asked('POST'))

    def test_not_attached(self):
        error = self.assertRaises(
            exception.UnsupportedValue, self.detach, self.free
        )
        self.assertIn(self.held, str(error))
        self.assertEqual([], self.pod.asked('POST'))

    def test_accepted(self):
        for path in (ADD, REMOVE):
            self.pod.script['POST', path] = scripted.Reply(
                202, b'', {'Location': MONITOR}
            )
        pending = hardware.Pending(MONITOR)
        self.assertEqual(pending, self.attach(self.free))
        self.assertEqual(pending, self.detach(self.held))

    def test_refused(self):
        for reply, kind in (
            (scripted.Reply(409), exception.PodManagerRefused),
            (scripted.Reply(412), exception.PodManagerRefused),
            (scripted.drop, exception.PodManagerConnectionLost),
        ):
            self.pod.requests.clear()
            self.pod.script['POST', ADD] = reply
            self.assertRaises(kind, self.attach, self.free)
            self.assertEqual([ADD], self.pod.asked('POST'))

    def test_target_at_another_server(self):
        target = {'target': f'http://elsewhere{ADD}'}
        self.system(Actions={'#ComputerSystem.AddResourceBlock': target})
        self.assertRaises(
            exception.PodManagerMalformed, self.attach, self.free
        )
        self.assertEqual([], self.pod.asked('POST'))


class PatchTest(AttachingTest):
    """Where there are no actions the system itself is changed."""

    def setUp(self):
        super().setUp()
        self.pod.script['PATCH', NODE] = scripted.Reply(204, b'')
        self.system()

    def patched(self):
        (request,) = [e for e in self.pod.requests if e.method == 'PATCH']
        links = request.document['Links']['ResourceBlocks']
        return request.headers.get('If-Match'), links

    def test_attach(self):
        self.attach(self.free)
        expected = [link(self.held), link(self.free)]
        self.assertEqual(('"s"', expected), self.patched())

    def test_detach(self):
        self.system(f'{self.held}/', self.free)
        self.pod.get(f'{self.held}/', self.pod.blocks[self.held])
        self.detach(self.held)
        self.assertEqual(('"s"', [link(self.free)]), self.patched())

    def test_weak_etag_or_none(self):
        for etag in ('W/"7"', None):
            self.pod.requests.clear()
            self.system(etag=etag)
            self.attach(self.free)
            self.assertEqual(etag, self.patched()[0])

    def test_changed_by_another(self):
        self.pod.script['PATCH', NODE] = scripted.Reply(412)
        error = self.assertRaises(
            exception.PodManagerRefused, self.attach, self.free
        )
        self.assertIn('412', str(error))

    def test_accepted(self):
        self.pod.script['PATCH', NODE] = scripted.Reply(
            202, b'', {'Location': MONITOR}
        )
        self.assertEqual(hardware.Pending(MONITOR), self.attach(self.free))
