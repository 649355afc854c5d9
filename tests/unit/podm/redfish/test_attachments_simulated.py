import time

import testtools

from tests.unit.podm import connected
from tests.unit.podm.redfish.allocations import allocate
from valence.common import exception


class SimulatedAttachmentsTest(testtools.TestCase):
    def test_each_version(self):
        for version in ('2.1', '2.2', '2.3', '2.4', '2.5'):
            fixture = connected.Simulated(mode=f'rsd{version}', systems=4)
            pod = self.useFixture(fixture)
            compute = pod.connection.compute
            node = allocate(compute)
            compute.assemble_node(node)
            self.wait(compute, node)
            self.assertEqual([], list(self.attached(compute, node)))
            urls = compute.list_attachable(node)
            for url in (urls[0], urls[-1]):
                compute.attach_resource(node, url)
                self.assertEqual([url], list(self.attached(compute, node)))
                self.assertNotIn(url, compute.list_attachable(node))
                self.assertRaises(
                    exception.UnsupportedValue,
                    compute.attach_resource,
                    node,
                    url,
                )
                compute.detach_resource(node, url)
                self.assertEqual([], list(self.attached(compute, node)))

    def attached(self, compute, node):
        return compute.get_node_detail(node).attached

    def wait(self, compute, node):
        while compute.get_node(node).state == 'Assembling':
            time.sleep(0.01)
