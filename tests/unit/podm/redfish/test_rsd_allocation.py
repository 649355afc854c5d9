import testtools

from tests.unit.podm import connected, scripted
from tests.unit.podm.connected import NODES
from tests.unit.podm.redfish.allocations import NODE, TAG, allocate, wants
from tests.unit.podm.redfish.tasks import MONITOR, TASK
from valence.common import exception
from valence.objects import hardware, requirements

ALLOCATE = '#ComposedNodeCollection.Allocate'
TARGET = f'{NODES}/Actions/Allocate'


class AllocationTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.server = self.useFixture(connected.ScriptedPod())
        self.compute = self.server.connection.compute
        self.offer(ALLOCATE)

    def offer(self, action, *nodes):
        self.server.get(
            NODES,
            {
                **connected.collection(*nodes),
                'Actions': {action: {'target': TARGET}},
            },
        )

    def answer(self, status=201, location=NODE, body=b''):
        headers = {'Location': location} if location else {}
        self.server.script['POST', TARGET] = scripted.Reply(
            status, body, headers
        )

    def test_body(self):
        self.answer()
        allocate(
            self.compute,
            wants(
                processor={'total_cores': 8, 'model': 'M', 'speed_mhz': 2000},
                memory={'capacity_mib': 1024, 'type': 'DDR4'},
                local_drive={'capacity_gib': 100},
                network={'speed_mbps': 1000},
            ),
        )
        (request,) = [
            each for each in self.server.requests if each.method == 'POST'
        ]
        self.assertEqual(
            {
                'Name': 'n1',
                'Description': f'of a test {TAG}',
                'Processors': [
                    {
                        'TotalCores': 8,
                        'Model': 'M',
                        'AchievableSpeedMHz': 2000,
                    }
                ],
                'Memory': [{'CapacityMiB': 1024, 'MemoryDeviceType': 'DDR4'}],
                'LocalDrives': [{'CapacityGiB': 100}],
                'EthernetInterfaces': [{'SpeedMbps': 1000}],
            },
            request.document,
        )

    def test_body_asks_for_nothing_that_was_not_asked_for(self):
        self.answer()
        allocate(self.compute)
        allocate(
            self.compute,
            requirements.Requirements(
                memory=requirements.Memory(type='DRAM'),
                processor=requirements.Processor(),
            ),
        )
        bare, memory = [
            each.document
            for each in self.server.requests
            if each.method == 'POST'
        ]
        self.assertEqual({'Name', 'Description'}, set(bare))
        self.assertEqual({'Name', 'Description', 'Memory'}, set(memory))
        self.assertEqual([{'MemoryType': 'DRAM'}], memory['Memory'])

    def test_other_spelling_of_the_action(self):
        self.offer('#ComposedNodesCollection.Allocate')
        self.answer()
        self.assertEqual(NODE, allocate(self.compute))

    def test_no_action(self):
        self.offer('#ComposedNodeCollection.Other')
        error = self.assertRaises(
            exception.PodManagerMalformed, allocate, self.compute
        )
        self.assertIn(ALLOCATE, str(error))

    def test_absolute_location(self):
        self.answer(location=f'{self.server.url}{NODE}')
        self.assertEqual(NODE, allocate(self.compute))

    def test_found_by_its_tag_without_a_location_of_use(self):
        self.offer(ALLOCATE, f'{NODES}/0', NODE)
        self.server.get(f'{NODES}/0', {'Description': None})
        self.server.get(NODE, {'Description': f'of a test {TAG}'})
        for status, location in (
            (201, None),
            (201, f'http://inside{NODE}'),
            (200, None),
            (200, f'{NODES}/0'),
            (202, None),
            (202, f'http://inside{MONITOR}'),
            (204, None),
        ):
            self.answer(status, location)
            self.assertEqual(NODE, allocate(self.compute))

    def test_no_new_node(self):
        for status, body in ((201, b''), (202, b''), (202, {'Id': '1'})):
            self.answer(status, None, body)
            error = self.assertRaises(
                exception.PodManagerMalformed, allocate, self.compute
            )
            self.assertIn('no new node', str(error))

    def test_accepted(self):
        self.answer(202, MONITOR, {'@odata.id': TASK, 'TaskState': 'New'})
        self.assertEqual(hardware.Pending(MONITOR), allocate(self.compute))
        # Nobody looks for the node yet.
        self.assertEqual([NODES], self.server.asked('GET')[-1:])

    def test_accepted_with_a_monitor_in_the_body_only(self):
        task = {'TaskMonitor': MONITOR, 'TaskState': 'Running'}
        for location in (None, f'http://inside{MONITOR}', 'Tasks/1'):
            self.answer(202, location, task)
            self.assertEqual(hardware.Pending(MONITOR), allocate(self.compute))

    def test_accepted_with_the_node_as_location(self):
        for location in (NODE, f'{NODE}/', f'{self.server.url}{NODE.lower()}'):
            self.answer(202, location)
            self.assertEqual(
                location.removeprefix(self.server.url), allocate(self.compute)
            )

    def test_monitor_below_a_node_is_no_node(self):
        for location in (f'{NODE}/Monitor', f'{NODES}Monitor/1', NODES):
            self.answer(202, location)
            self.assertEqual(
                hardware.Pending(location), allocate(self.compute)
            )

    def test_never_allocated_twice(self):
        for step, kind in (
            (scripted.drop, exception.PodManagerConnectionLost),
            (scripted.Reply(503), exception.PodManagerRefused),
        ):
            self.server.requests.clear()
            self.server.script['POST', TARGET] = step
            self.assertRaises(kind, allocate, self.compute)
            self.assertEqual([TARGET], self.server.asked('POST'))

    def test_other_conflicts_are_refusals(self):
        self.answer(409, None, {'error': {'code': 'Base.1.0.GeneralError'}})
        error = self.assertRaises(
            exception.PodManagerRefused, allocate, self.compute
        )
        self.assertIn('409', str(error))
