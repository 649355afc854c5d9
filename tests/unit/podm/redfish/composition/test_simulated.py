import threading
import time

import testtools

from tests.unit.podm import connected
from tests.unit.podm.redfish.allocations import TAG, allocate, wants
from valence.common import exception
from valence.objects import hardware
from valence.objects.hardware import MonitorState

WAYS = ('composition', 'composition-constrained', 'composition-manifest')
ALL = {
    'processor': {'total_cores': 8, 'instruction_set': 'x86-64'},
    'memory': {'capacity_mib': 32768, 'type': 'DDR4'},
    'local_drive': {'capacity_gib': 100, 'type': 'SSD'},
    'network': {'speed_mbps': 10000},
}


class SimulatedTest(testtools.TestCase):
    """Each of the ways to ask for a node, at the simulated pod manager."""

    def pod(self, way, systems=6, **settings):
        fixture = connected.Simulated(mode=way, systems=systems, **settings)
        return self.useFixture(fixture)

    def wait(self, compute, url):
        for _ in range(200):
            state = compute.get_node(url).state
            if state != 'Assembling':
                return state
            time.sleep(0.01)
        return 'Assembling'

    def test_life_of_a_node(self):
        for way in WAYS:
            compute = self.pod(way).connection.compute
            url = allocate(compute, wants(**ALL))
            self.assertEqual('Assembled', self.wait(compute, url))
            node = compute.get_node_detail(url)
            self.assertGreaterEqual(node.processors[0]['total_core'], 8)
            memory = sum(each['total_memory_mb'] for each in node.memory)
            self.assertGreaterEqual(memory, 32768)
            self.assertEqual(3, len(node.attached))
            self.assertEqual(url, compute.find_node(TAG))
            compute.delete_node(url)
            self.assertFalse(compute.has_node(url))
            self.assertIsNone(compute.delete_node(url))

    def test_nothing_asked_for(self):
        for way in WAYS:
            compute = self.pod(way).connection.compute
            self.assertTrue(compute.has_node(allocate(compute)))

    def test_until_nothing_is_left(self):
        for way in WAYS:
            compute = self.pod(way, systems=4).connection.compute
            urls = {allocate(compute, tag=f't-{n}') for n in range(4)}
            self.assertEqual(4, len(urls))
            error = self.assertRaises(
                exception.NoMatchingSystem, allocate, compute
            )
            self.assertTrue(error.reasons)

    def test_side_by_side(self):
        for way in WAYS:
            pod = self.pod(way, systems=8)
            compute = pod.connection.compute
            urls = []

            def make(number, compute=compute, urls=urls):
                urls.append(allocate(compute, tag=f't-{number}'))

            threads = [
                threading.Thread(target=make, args=(number,))
                for number in range(4)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(4, len(set(urls)))
            held = [
                block
                for node in compute.list_nodes()
                for block in node.attached
            ]
            self.assertEqual(len(held), len(set(held)))

    def test_too_much(self):
        for way in WAYS:
            compute = self.pod(way).connection.compute
            self.assertRaises(
                exception.NoMatchingSystem,
                allocate,
                compute,
                wants(processor={'total_cores': 4096}),
            )

    def test_attach_and_detach(self):
        for way in WAYS:
            compute = self.pod(way).connection.compute
            url = allocate(compute)
            self.wait(compute, url)
            before = compute.get_node_detail(url).attached
            block = compute.list_attachable(url)[-1]
            compute.attach_resource(url, block)
            attached = compute.get_node_detail(url).attached
            self.assertEqual({*before, block}, set(attached))
            compute.detach_resource(url, block)
            attached = compute.get_node_detail(url).attached
            self.assertEqual(set(before), set(attached))

    def test_accepted(self):
        for way in WAYS:
            pod = self.pod(way)
            pod.pod.set_modes(accept={'ms': 1})
            pending = allocate(pod.connection.compute)
            self.assertIsInstance(pending, hardware.Pending)
            for _ in range(200):
                look = pod.connection.look(pending.monitor)
                if look.state is not MonitorState.RUNNING:
                    break
                time.sleep(0.01)
            self.assertEqual(MonitorState.DONE, look.state)
            self.assertIsNotNone(pod.connection.compute.find_node(TAG))

    def test_failed_assembly(self):
        for way in WAYS:
            pod = self.pod(way)
            pod.pod.set_modes(assembly='fail')
            compute = pod.connection.compute
            url = allocate(compute)
            self.assertEqual('Failed', self.wait(compute, url))
            compute.delete_node(url)
            self.assertFalse(compute.has_node(url))
