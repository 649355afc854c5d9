import testtools

from tests.unit.podm import connected, scripted
from tests.unit.podm.connected import SYSTEMS
from valence.common import exception

SYSTEM = f'{SYSTEMS}/1'
TARGET = f'{SYSTEM}/Actions/ComputerSystem.Rest'


class AdvertisedTest(testtools.TestCase):
    """A target that leads nowhere is told with who advertises it."""

    def setUp(self):
        super().setUp()
        self.server = self.useFixture(connected.ScriptedPod())
        action = {'#ComputerSystem.Reset': {'target': TARGET}}
        self.server.get(SYSTEM, {'Actions': action})

    def reset(self):
        compute = self.server.connection.compute
        return self.assertRaises(
            exception.PodManagerRefused, compute.reset_system, SYSTEM, 'On'
        )

    def test_missing(self):
        error = self.reset()
        self.assertIsInstance(error, exception.PodManagerResourceMissing)
        self.assertIn(f'404 to POST {TARGET}', str(error))
        self.assertIn(
            f'{SYSTEM} advertises it as the target of #ComputerSystem.Reset',
            str(error),
        )

    def test_other_refusals(self):
        self.server.script['POST', TARGET] = scripted.Reply(400)
        self.assertNotIn('advertises', str(self.reset()))
