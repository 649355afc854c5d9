"""The story that every pod manager is taken through, by its driver alone.

What a driver does not offer it must say so by an ``UnsupportedAction``; that
is told as the outcome of the chapter, and is no failure.
"""

import time
from collections.abc import Callable

from tests.unit.podm.redfish.allocations import allocate, wants
from tests.unit.podm.walked import urls
from valence.common import exception
from valence.common.states import PodManagerStatus
from valence.objects import hardware
from valence.objects.resource import ResourceType

#: The chapters, in their order.
CHAPTERS = (
    'discover',
    'compose',
    'power',
    'boot',
    'attach',
    'detach',
    'decompose',
)
OFFERED, NOT_OFFERED = 'yes', 'no'

TAG = 'valence-5b7d8c1e-2f64-4c39-a9d1-6a1f0c7e3b52'

_PATIENCE = 20
_PXE = hardware.BootOverride('Once', 'Pxe')
#: What a node of each kind of pod manager can be asked for.
WANTED = {
    'expether': {'pci_device': {'type': ['SSD']}},
    'redfishv1': {
        'processor': {'total_cores': 16, 'instruction_set': 'x86-64'},
        'memory': {'capacity_mib': 16384, 'type': 'DDR4'},
        'local_drive': {'capacity_gib': 400, 'type': 'SSD'},
        'network': {'speed_mbps': 10000},
    },
}


class Story:
    """One pod manager, and the node that is made there.

    :param systems: how many systems it has.
    :param wanted: the node's properties; None for what all pod managers with
        this driver can be asked for.
    """

    def __init__(self, test, connection, *, systems, wanted=None):
        self._test = test
        self._connection = connection
        self._compute = connection.compute
        self._systems = systems
        properties = wanted or WANTED[connection.podm.driver]
        self._wanted = wants(**properties)
        self._node = None
        self._attached = None

    def outcomes(self):
        """Go through all chapters; give what each of them came to."""
        return {chapter: self._outcome(chapter) for chapter in CHAPTERS}

    def discover(self):
        test, found = self._test, self._connection.probe()
        test.assertEqual(PodManagerStatus.ONLINE, found.status, found.reason)
        inventory = self._connection.inventory
        walked = urls(inventory, ResourceType.COMPUTER_SYSTEM)
        systems = inventory.systems()
        test.assertEqual(self._systems, len(systems))
        test.assertEqual(set(walked), {system.url for system in systems})
        for system in systems:
            self._compute.get_system(system.url)

    def compose(self):
        test, compute = self._test, self._compute
        test.assertIsNone(compute.find_node(TAG))
        url = self._made(allocate(compute, self._wanted, TAG))
        self._finish(compute.assemble_node(url))
        self._wait(lambda: compute.get_node(url).state == 'Assembled')
        self._node = url = compute.get_node(url).url
        test.assertTrue(compute.has_node(url))
        test.assertEqual([url], [node.url for node in compute.list_nodes()])
        self._is_whole(compute.get_node_detail(url))
        systems = self._connection.inventory.systems()
        system = compute.get_node(url).system_url
        test.assertIn(system, [each.url for each in systems])

    def power(self):
        compute, url = self._compute, self._target()
        for reset_type, state in (('ForceOff', 'Off'), ('On', 'On')):
            self._finish(self._reset(url, reset_type))
            self._wait(
                lambda state=state: self._look(url).power_state == state
            )
        self._test.assertRaises(
            exception.UnsupportedValue, self._reset, url, 'Levitate'
        )
        self._test.assertIsNotNone(compute.get_system(self._system(url)))

    def boot(self):
        url = self._target()
        self._finish(self._boot(url))

        def is_set():
            boot = self._look(url).boot
            return boot.get('BootSourceOverrideTarget') == 'Pxe'

        self._wait(is_set)

    def attach(self):
        test, compute, url = self._test, self._compute, self._composed()
        before = set(compute.get_node_detail(url).attached)
        one = compute.list_attachable(url)[0]
        test.assertNotIn(one, before)
        self._finish(compute.attach_resource(url, one))
        self._wait(lambda: one in compute.get_node_detail(url).attached)
        test.assertNotIn(one, compute.list_attachable(url))
        after = set(compute.get_node_detail(url).attached)
        test.assertEqual(before | {one}, after)
        self._attached = one

    def detach(self):
        test, compute, url = self._test, self._compute, self._composed()
        one = self._attached
        self._finish(compute.detach_resource(url, one))
        self._wait(lambda: one not in compute.get_node_detail(url).attached)
        test.assertIn(one, compute.list_attachable(url))

    def decompose(self):
        test, compute, url = self._test, self._compute, self._composed()
        self._finish(compute.delete_node(url))
        self._wait(lambda: not compute.has_node(url))
        test.assertIsNone(compute.find_node(TAG))
        test.assertEqual([], compute.list_nodes())
        # It is gone already, and what it was made of is free again.
        self._finish(compute.delete_node(url))
        again = self._made(allocate(compute, self._wanted, TAG))
        self._finish(compute.delete_node(again))
        self._wait(lambda: not compute.has_node(again))

    def _outcome(self, chapter):
        try:
            getattr(self, chapter)()
        except exception.UnsupportedAction:
            return NOT_OFFERED
        return OFFERED

    def _made(self, made):
        """Give the url of what was asked for, once it is there."""
        if isinstance(made, str):
            return made
        location = self._finish(made)
        if location is not None:
            return location
        self._wait(lambda: self._compute.find_node(TAG))
        return self._compute.find_node(TAG)

    def _finish(self, going_on):
        """Wait until what goes on has ended well; give what was made."""
        if going_on is None:
            return None
        running = hardware.MonitorState.RUNNING
        looks = []

        def ended():
            looks.append(self._connection.look(going_on.monitor))
            return looks[-1].state != running

        self._wait(ended)
        self._test.assertNotEqual(
            hardware.MonitorState.FAILED, looks[-1].state, looks[-1].reasons
        )
        return looks[-1].location

    def _wait(self, condition: Callable[[], object]):
        end = time.monotonic() + _PATIENCE
        while not condition():
            self._test.assertLess(time.monotonic(), end, 'nothing came of it')
            time.sleep(0.01)

    def _is_whole(self, node):
        test = self._test
        test.assertEqual(self._node, node.url)
        test.assertIsNotNone(node.system_url)
        if self._connection.podm.driver == 'expether':
            test.assertEqual(1, len(node.attached))
            return
        test.assertGreaterEqual(
            max(each['total_core'] for each in node.processors), 16
        )
        memory = sum(each['total_memory_mb'] for each in node.memory)
        test.assertGreaterEqual(memory, 16384)
        test.assertTrue(node.interfaces[0]['mac'])

    def _composed(self):
        if self._node is None:
            raise exception.UnsupportedAction(
                action='Composing nodes', what='this pod manager'
            )
        return self._node

    def _target(self):
        """Give the node, or where there is none a system."""
        return self._node or self._connection.inventory.systems()[0].url

    def _system(self, url):
        if self._node is None:
            return url
        return self._compute.get_node(url).system_url

    def _look(self, url):
        compute = self._compute
        if self._node is None:
            return compute.get_system(url)
        return compute.get_node(url)

    def _reset(self, url, reset_type):
        compute = self._compute
        if self._node is None:
            return compute.reset_system(url, reset_type)
        return compute.reset_node(url, reset_type)

    def _boot(self, url):
        compute = self._compute
        if self._node is None:
            return compute.set_system_boot(url, _PXE)
        return compute.set_node_boot(url, _PXE)
