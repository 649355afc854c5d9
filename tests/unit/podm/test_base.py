"""What a driver need not implement."""

import testtools

from valence.common import exception
from valence.podm import base


class Least(base.Inventory):
    """What has to be there."""

    def walk(self):
        return iter(())

    def systems(self):
        return []


class InventoryTest(testtools.TestCase):
    def test_no_chassis_and_no_devices(self):
        self.assertEqual([], Least().chassis())
        self.assertEqual([], Least().devices())

    def test_parts_and_properties_are_not_told(self):
        for read in (Least().parts, Least().read):
            error = self.assertRaises(exception.UnsupportedAction, read, '/s')
            self.assertEqual(400, error.status)
