import uuid

import testtools

from tests.unit.podm import scripted
from tests.unit.podm.redfish.allocations import TAG
from tests.unit.podm.redfish.composition import composing
from valence.common import exception

EIGHT_CORES = {'processor': {'total_cores': 8}}


class SelectionTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.pod = self.useFixture(composing.ComposingPod())

    def choose(self, **properties):
        """Give the names of the blocks that a system is asked for with."""
        self.pod.requests.clear()
        self.pod.allocate(**properties)
        (chosen,) = self.pod.chosen()
        return chosen

    def refuse(self, **properties):
        self.pod.requests.clear()
        error = self.assertRaises(
            exception.NoMatchingSystem, self.pod.allocate, **properties
        )
        self.assertEqual([], self.pod.chosen())
        return error


class ComputeTest(SelectionTest):
    def test_smallest_that_fits(self):
        for name, cores, mib in (
            ('small', 4, 65536),
            ('large', 16, 1024),
            ('right', 8, 4096),
            ('more', 8, 8192),
        ):
            self.pod.computing(name, cores, mib)
        self.assertEqual(['right'], self.choose(**EIGHT_CORES))
        self.assertEqual(['small'], self.choose())
        memory = {'capacity_mib': 4097}
        self.assertEqual(['more'], self.choose(**EIGHT_CORES, memory=memory))

    def test_block_with_links_of_no_use(self):
        evil = {'@odata.id': '//evil/redfish/v1'}
        links = {'Zones': [evil]}
        self.pod.computing('bad', Processors=[evil], Memory=[], Links=links)
        self.pod.computing('good')
        self.assertEqual(['good'], self.choose(**EIGHT_CORES))

    def test_one_tag_wants_the_same(self):
        for number in range(8):
            self.pod.computing(f'b{number}')
        first = self.choose(tag='t-1')
        self.assertEqual([first] * 3, [self.choose(tag='t-1')] * 3)

    def test_many_tags_do_not_want_the_same(self):
        for number in range(8):
            self.pod.computing(f'b{number}')
        tags = [
            f'valence-{uuid.uuid5(uuid.NAMESPACE_OID, str(number))}'
            for number in range(16)
        ]
        found = {self.choose(tag=tag)[0] for tag in tags}
        self.assertGreater(len(found), 4)

    def test_processors_and_memory_apart(self):
        self.pod.block(
            'cpu',
            'Processor',
            Processors=self.pod.part('cpu', 'Processors', TotalCores=8),
        )
        self.pod.block(
            'dimm',
            'Memory',
            Memory=self.pod.part('dimm', 'Memory', CapacityMiB=2048),
        )
        memory = {'capacity_mib': 2048}
        self.assertEqual(
            ['cpu', 'dimm'], self.choose(**EIGHT_CORES, memory=memory)
        )
        self.refuse(memory={'capacity_mib': 2049})
        self.refuse(processor={'total_cores': 9})

    def test_processors_without_memory(self):
        self.pod.block(
            'cpu',
            'Processor',
            Processors=self.pod.part('cpu', 'Processors', TotalCores=8),
        )
        error = self.refuse()
        self.assertIn('pair of processors and memory', error.reasons[0])

    def test_whole_system_as_a_block(self):
        system = f'{composing.BLOCKS}/whole/System'
        self.pod.get(system, {'Processors': {'@odata.id': f'{system}/P'}})
        self.pod.get(
            f'{system}/P', {'Members': [{'@odata.id': f'{system}/P/1'}]}
        )
        self.pod.get(f'{system}/P/1', {'TotalCores': 8})
        self.pod.block(
            'whole', 'ComputerSystem', ComputerSystems=[{'@odata.id': system}]
        )
        self.assertEqual(['whole'], self.choose(**EIGHT_CORES))

    def test_kind_that_follows_from_what_it_holds(self):
        for told in (None, [], {}, 7, [7]):
            self.pod.computing('mute', ResourceBlockType=told)
            self.assertEqual(['mute'], self.choose(**EIGHT_CORES))

    def test_kind_as_a_string(self):
        self.pod.computing('one', ResourceBlockType='Compute')
        self.assertEqual(['one'], self.choose())

    def test_parts_that_are_not_to_be_had(self):
        self.pod.computing('dead')
        part = f'{composing.path_of("dead")}/Processors/1'
        for reply in (
            scripted.Reply(404),
            scripted.Reply(500, b'<html>'),
            scripted.Reply(200, b'[]'),
        ):
            self.pod.script['GET', part] = reply
            self.refuse(**EIGHT_CORES)
        self.pod.computing('alive')
        self.assertEqual(['alive'], self.choose(**EIGHT_CORES))

    def test_lists_that_are_none(self):
        for wrong in (None, {}, 'x', 7, [None], [{}]):
            self.pod.computing('broken', Processors=wrong, Memory=wrong)
            self.refuse(**EIGHT_CORES)

    def test_quantities_that_are_none(self):
        for wrong in ('8', None, True, [8], {}):
            self.pod.computing('broken', cores=wrong, mib=wrong)
            self.refuse(**EIGHT_CORES)
            self.refuse(memory={'capacity_mib': 1})

    def test_reasons(self):
        self.pod.computing('small', cores=4)
        error = self.refuse(**EIGHT_CORES)
        self.assertIn('None of 1 free resource blocks, of 1', str(error))
        self.assertEqual(
            ['There is no free processor as asked for.'], error.reasons
        )

    def test_no_blocks(self):
        error = self.refuse()
        self.assertIn('no free resource block', error.reasons[0])


class FreeTest(SelectionTest):
    def test_states(self):
        self.pod.computing('b')
        for state in ('Unused', 'ComposedAndAvailable'):
            self.pod.status('b', CompositionState=state)
            self.assertEqual(['b'], self.choose())
        for state in (
            *('Composed', 'Composing', 'Failed', 'Unavailable'),
            *('', None, 7, ['Unused']),
        ):
            self.pod.status('b', CompositionState=state)
            self.refuse()

    def test_status_that_is_none(self):
        for wrong in (None, 'Unused', [], {}):
            self.pod.computing('b', CompositionStatus=wrong)
            self.refuse()

    def test_reserved(self):
        self.pod.computing('b')
        for told in (True, 'true', 'True'):
            self.pod.status('b', Reserved=told)
            self.refuse()
        for told in (False, 'false', None, 7):
            self.pod.status('b', Reserved=told)
            self.assertEqual(['b'], self.choose())

    def test_reserved_for_another(self):
        self.pod.computing('b')
        self.pod.status('b', Reserved=True)
        for client in ('valence-0c9f', None, 7, ['valence-0c9e']):
            self.pod.change('b', Client=client)
            self.refuse()

    def test_what_is_reserved_for_us_comes_first(self):
        self.pod.computing('small', cores=8)
        self.pod.computing('ours', cores=64)
        self.pod.reservable('ours')
        self.pod.change('ours', Client=TAG)
        self.pod.status('ours', Reserved=True)
        self.assertEqual(['ours'], self.choose(**EIGHT_CORES))


class BesidesTest(SelectionTest):
    """What a node has besides processors and memory."""

    def setUp(self):
        super().setUp()
        self.pod.computing('cpu')

    def test_drive(self):
        self.pod.storing('small', gib=50)
        self.pod.storing('disk', gib=150, media='HDD')
        self.pod.storing('large', gib=400)
        self.pod.storing('right', gib=200)
        drive = {'capacity_gib': 100, 'type': 'SSD'}
        self.assertEqual(['cpu', 'right'], self.choose(local_drive=drive))
        error = self.refuse(local_drive={'capacity_gib': 401})
        self.assertIn('no free drive', error.reasons[0])

    def test_drive_of_the_compute_block(self):
        drives = self.pod.part('cpu', 'Drives', CapacityBytes=composing.GIB)
        self.pod.change('cpu', Drives=drives)
        self.pod.storing('more')
        chosen = self.choose(local_drive={'capacity_gib': 1})
        self.assertEqual(['cpu'], chosen)

    def test_device_of_simple_storage(self):
        devices = [{'CapacityBytes': composing.GIB}, None, 'x']
        simple = self.pod.part('simple', 'SimpleStorage', Devices=devices)
        self.pod.block('simple', 'Storage', SimpleStorage=simple)
        chosen = self.choose(local_drive={'capacity_gib': 1})
        self.assertEqual(['cpu', 'simple'], chosen)

    def test_interface(self):
        self.pod.networking('slow', mbps=1000)
        self.pod.networking('fast', mbps=10000)
        self.assertEqual(['cpu', 'slow'], self.choose())
        network = {'speed_mbps': 2000}
        self.assertEqual(['cpu', 'fast'], self.choose(network=network))
        error = self.refuse(network={'speed_mbps': 25000})
        self.assertIn('no free interface', error.reasons[0])

    def test_no_network_blocks(self):
        self.assertEqual(['cpu'], self.choose())
        self.refuse(network={'speed_mbps': 1000})

    def test_interface_of_the_compute_block(self):
        found = self.pod.part('cpu', 'EthernetInterfaces', SpeedMbps=1000)
        self.pod.change('cpu', EthernetInterfaces=found)
        self.pod.networking('more')
        self.assertEqual(['cpu'], self.choose(network={'speed_mbps': 1000}))

    def test_interfaces_that_are_not_told(self):
        self.pod.block('mute', 'Network', NetworkInterfaces=[])
        self.assertEqual(['cpu', 'mute'], self.choose())
        self.refuse(network={'speed_mbps': 1000})
        self.pod.networking('told')
        self.assertEqual(['cpu', 'told'], self.choose())
