import testtools

from valence.objects.resource import CHASSIS_KINDS, ResourceType, chassis_type
from valence.podm.redfish import parse
from valence.podm.redfish.walk import table


class TableTest(testtools.TestCase):
    def test_all_types_can_be_found(self):
        kinds = set(map(chassis_type, CHASSIS_KINDS))
        others = set(ResourceType) - {ResourceType.CHASSIS}
        self.assertEqual(kinds | others, table.below(table.ROOT))

    def test_all_ways_lead_to_something(self):
        told = {way.to for kind in table.KINDS.values() for way in kind.ways}
        self.assertEqual(told | {table.ROOT}, table.KINDS.keys())

    def test_below(self):
        pools = frozenset({'StoragePool', 'Volume'})
        self.assertEqual(pools, table.below('StoragePool'))
        self.assertEqual(frozenset(), table.below('Drive'))
        self.assertEqual(
            {'Manager', 'EthernetInterface'}, table.types('Manager')
        )

    def test_levels(self):
        for levels, kinds in (
            (0, ('Processor', 'ComposedNode', 'ResourceZone')),
            (2, ('Chassis', 'Manager', 'Fabric', 'EthernetSwitch')),
            (4, ('ComputerSystem', 'StoragePool', 'StorageService')),
        ):
            for kind in kinds:
                self.assertEqual(levels, table.levels(kind), kind)

    def test_type_of_a_chassis(self):
        for told, kind in (
            ('Rack', 'Chassis/Rack'),
            ('Drawer', 'Chassis/Drawer'),
            ('Spaceship', 'Chassis/Other'),
            (7, 'Chassis/Other'),
            (None, 'Chassis/Other'),
        ):
            document = parse.Document(None, '/', {'ChassisType': told})
            self.assertEqual(kind, table.type_of('Chassis', document))
        self.assertIsNone(table.type_of('Chassis', None))
