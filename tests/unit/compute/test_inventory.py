import testtools

from valence.common import exception
from valence.compute import inventory
from valence.objects.hardware import SystemParts
from valence.objects.resource import Resource
from valence.podm.live import Told

ROW = Resource('uuid', 'podm', '/s/1', 'ComputerSystem', 0, 0)
AWAY = exception.PodManagerUnreachable(url='u', reason='r')


class ShowTest(testtools.TestCase):
    def test_what_could_not_be_read_is_named(self):
        parts = SystemParts(
            '/s/1', memory=[{'type': 'DDR4'}], errors={'/p': 'x'}
        )
        shown = inventory.show(ROW, Told(parts, 0))
        self.assertEqual([{'type': 'DDR4'}], shown['memory'])
        self.assertEqual(
            [{'resource_uri': '/p', 'reason': 'x'}], shown['errors']
        )

    def test_told_some_time_ago(self):
        parts = SystemParts('/s/1', errors={'/p': 'x'})
        shown = inventory.show(ROW, Told(parts, 0, AWAY))
        self.assertEqual(
            ['/p', '/s/1'], [each['resource_uri'] for each in shown['errors']]
        )
        self.assertEqual('1970-01-01 00:00:00 UTC', shown['observed_at'])

    def test_never_told(self):
        shown = inventory.show(ROW, Told(error=AWAY))
        self.assertIsNone(shown['processor'])
        self.assertEqual(AWAY.detail, shown['errors'][0]['reason'])

    def test_driver_that_cannot_tell(self):
        error = exception.UnsupportedAction(action='a', what='w')
        self.assertRaises(
            exception.UnsupportedAction, inventory.show, ROW, Told(error=error)
        )
