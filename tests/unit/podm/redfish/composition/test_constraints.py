import testtools

from tests.unit.podm import scripted
from tests.unit.podm.connected import SYSTEMS, collection, link
from tests.unit.podm.redfish.allocations import TAG
from tests.unit.podm.redfish.composition import composing
from tests.unit.podm.redfish.composition.composing import (
    CONSTRAINED,
    NODE,
    refusal,
)
from tests.unit.podm.redfish.tasks import MONITOR
from valence.common import exception
from valence.objects import hardware

COUNT = '@Redfish.RequestedCount'


class ConstraintsTest(testtools.TestCase):
    """The service chooses by what is asked of a system."""

    def setUp(self):
        super().setUp()
        self.pod = self.useFixture(composing.ComposingPod())
        self.pod.capabilities(
            CONSTRAINED, {'Description@Redfish.OptionalOnCreate': True}
        )
        self.pod.service(ResourceBlocks=None)

    def body(self, **properties):
        """Give the first request."""
        self.pod.requests.clear()
        self.pod.allocate(**properties)
        return self.pod.bodies('POST')[0]

    def only(self, body, name):
        (member,) = body[name]['Members']
        return {key: member[key] for key in member if '@' not in key}

    def refuse(self, reply, **properties):
        self.pod.script['POST', SYSTEMS] = reply
        self.pod.requests.clear()
        return self.assertRaises(
            exception.NoMatchingSystem, self.pod.allocate, **properties
        )

    def test_what_was_asked_for(self):
        body = self.body(
            processor={
                'total_cores': 8,
                'model': 'M',
                'instruction_set': 'x86-64',
                'speed_mhz': 2000,
            },
            memory={'capacity_mib': 1024, 'type': 'DDR4', 'speed_mhz': 2400},
            network={'speed_mbps': 1000},
        )
        self.assertEqual(
            {
                'ProcessorType': 'CPU',
                'TotalCores': 8,
                'Model': 'M',
                'InstructionSet': 'x86-64',
                'MaxSpeedMHz': 2000,
            },
            self.only(body, 'Processors'),
        )
        self.assertEqual(
            {
                'MemoryType': 'DRAM',
                'MemoryDeviceType': 'DDR4',
                'CapacityMiB': 1024,
                'OperatingSpeedMhz': 2400,
            },
            self.only(body, 'Memory'),
        )
        self.assertEqual(
            {'SpeedMbps': 1000}, self.only(body, 'EthernetInterfaces')
        )
        self.assertIn(TAG, body['Description'])
        self.assertNotIn('Links', body)

    def test_drive(self):
        body = self.body(local_drive={'capacity_gib': 2, 'type': 'SSD'})
        (drive,) = self.only(body, 'Storage')['Drives']
        self.assertEqual(2 * composing.GIB, drive['CapacityBytes'])
        self.assertEqual('SSD', drive['MediaType'])
        self.assertEqual(1, drive[COUNT])

    def test_nothing_but_a_computer(self):
        body = self.body()
        self.assertEqual(
            {'Name', 'Description', 'Processors', 'Memory'}, set(body)
        )
        self.assertEqual(1, self.only(body, 'Processors')['TotalCores'])

    def test_type_of_memory(self):
        memory = self.only(self.body(memory={'type': 'IntelOptane'}), 'Memory')
        self.assertEqual('IntelOptane', memory['MemoryType'])
        self.assertNotIn('MemoryDeviceType', memory)

    def test_memory_of_more_modules(self):
        self.refuse(
            refusal(400, 'NoResourceMatch'), memory={'capacity_mib': 40000}
        )
        asked = [
            (memory[COUNT], memory['CapacityMiB'])
            for body in self.pod.bodies('POST')
            for memory in body['Memory']['Members']
        ]
        expected = [(1, 40000), (2, 20000), (4, 10000), (8, 5000)]
        self.assertEqual(expected, asked)

    def test_no_more_modules_than_there_may_be(self):
        memory = {'capacity_mib': 4 * 1024 * 1024}
        self.refuse(refusal(400, 'NoResourceMatch'), memory=memory)
        asked = [
            body['Memory']['Members'][0][COUNT]
            for body in self.pod.bodies('POST')
        ]
        self.assertEqual([1, 2, 4, 8, 16, 32], asked)

    def test_refused(self):
        for reply in (
            refusal(409, 'NoResourceMatch'),
            refusal(400, 'NoResourceMatch'),
            refusal(400, 'InsufficientResources'),
            refusal(503, 'ResourceExhaustion'),
            refusal(409, 'SpecifiedResourceAlreadyReserved'),
            refusal(412, 'ResourceBlockChanged'),
        ):
            error = self.refuse(reply)
            self.assertIn('It cannot be composed.', str(error))
            (reason,) = error.reasons
            self.assertIn('Says ', reason)

    def test_other_refusals(self):
        for reply in (
            *map(scripted.Reply, (400, 404, 500, 501)),
            refusal(400, 'PropertyMissing'),
        ):
            self.pod.requests.clear()
            self.pod.script['POST', SYSTEMS] = reply
            self.assertRaises(exception.PodManagerRefused, self.pod.allocate)
            self.assertEqual(1, len(self.pod.asked('POST')))

    def test_no_answer(self):
        self.pod.script['POST', SYSTEMS] = scripted.drop
        self.assertRaises(
            exception.PodManagerConnectionLost, self.pod.allocate
        )
        self.assertEqual(1, len(self.pod.asked('POST')))

    def test_accepted(self):
        self.pod.script['POST', SYSTEMS] = scripted.Reply(
            202, b'', {'Location': MONITOR, 'Retry-After': '3'}
        )
        self.assertEqual(hardware.Pending(MONITOR, 3), self.pod.allocate())

    def test_offered_by_a_zone(self):
        told = self.pod.script['GET', SYSTEMS].body
        name = '@Redfish.CollectionCapabilities'
        zone = self.pod.zone('1')
        self.pod.get(zone, {name: told[name]})
        self.pod.get(SYSTEMS, collection())
        self.pod.allocate()
        (body,) = self.pod.bodies('POST')
        self.assertIn('Processors', body)

    def test_no_description(self):
        self.pod.capabilities(
            CONSTRAINED, {'Name@Redfish.RequiredOnCreate': 1}
        )
        body = self.body()
        self.assertEqual(f'n1 {TAG}', body['Name'])
        self.assertNotIn('Description', body)


class BlocksInsteadTest(testtools.TestCase):
    """What the service does not find is looked for by us."""

    def setUp(self):
        super().setUp()
        self.pod = self.useFixture(composing.ComposingPod())
        self.pod.computing('cpu')
        self.pod.capabilities(CONSTRAINED, {})
        made = scripted.Reply(201, b'', {'Location': NODE})
        self.pod.script['POST', SYSTEMS] = [
            refusal(409, 'NoResourceMatch'),
            made,
        ]

    def test_found(self):
        self.assertEqual(NODE, self.pod.allocate())
        body = self.pod.bodies('POST')[-1]
        block = composing.path_of('cpu')
        self.assertEqual([link(block)], body['Links']['ResourceBlocks'])

    def test_not_found(self):
        self.assertRaises(
            exception.NoMatchingSystem,
            self.pod.allocate,
            processor={'total_cores': 9},
        )
        self.assertEqual(1, len(self.pod.asked('POST')))

    def test_other_refusals(self):
        self.pod.script['POST', SYSTEMS] = refusal(400, 'PropertyMissing')
        self.assertRaises(exception.PodManagerRefused, self.pod.allocate)
        self.assertEqual(1, len(self.pod.asked('POST')))
