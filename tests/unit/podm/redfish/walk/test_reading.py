"""How many requests a walk makes, and how long it waits."""

import threading

import testtools

from tests.unit.podm import connected, scripted
from tests.unit.podm.connected import ROOT, link
from tests.unit.podm.redfish import expanding
from tests.unit.podm.redfish.walk.trees import CHASSIS, SYSTEMS, Tree
from tests.unit.podm.walked import urls, walked
from valence.common import exception, http_client, http_deadline
from valence.podm.redfish.walk import reading

_TIMEOUT = 2


class SlowTest(testtools.TestCase):
    """Pod managers wait for hardware; they need not be slow themselves."""

    def setUp(self):
        super().setUp()
        self.tree = self.useFixture(Tree())
        self.paths = self.tree.systems(reading.MAX_SLOW + 1)
        limits = http_client.Limits(timeout=_TIMEOUT)
        fixture = self.useFixture(connected.Connected(self.tree.url, limits))
        self.tree.inventory = fixture.connection.inventory

    def hang(self, *paths):
        for path in paths:
            self.tree.script['GET', path] = scripted.hang

    def test_some_documents(self):
        slow = self.paths[: reading.MAX_SLOW]
        self.hang(*slow)
        parts = self.tree.walk()
        failed = [part for part in parts if part.error is not None]
        self.assertEqual(slow, [part.url for part in failed])
        for part in failed:
            self.assertIn(f'{part.url}: no answer within', part.error)
        self.assertEqual(
            self.paths, [url for part in parts for url, _kind in part.found]
        )

    def test_too_many(self):
        self.hang(*self.paths)
        self.assertRaises(exception.PodManagerTimeout, self.tree.walk)

    def test_the_server_itself(self):
        self.tree.walk()
        self.hang(self.paths[0], ROOT)
        self.assertRaises(exception.PodManagerTimeout, self.tree.walk)

    def test_collection(self):
        self.tree.root(Systems=link(SYSTEMS), Chassis=self.tree.hold(CHASSIS))
        limits = http_client.Limits(timeout=_TIMEOUT)
        fixture = self.useFixture(connected.Connected(self.tree.url, limits))
        self.tree.inventory = fixture.connection.inventory
        self.hang(SYSTEMS)
        systems, chassis = self.tree.walk()
        self.assertIn(f'{SYSTEMS}: no answer', systems.error)
        self.assertIsNone(chassis.error)

    def test_time_that_is_over(self):
        self.hang(self.paths[0])
        with http_deadline.within(_TIMEOUT / 2):
            self.assertRaises(exception.PodManagerTimeout, self.tree.walk)


class ManyTest(testtools.TestCase):
    def test_as_many_at_once_as_may_be(self):
        most = 4
        tree = self.useFixture(Tree())
        paths = tree.systems(2 * most)
        limits = http_client.Limits(max_connections=most)
        fixture = self.useFixture(connected.Connected(tree.url, limits))
        # Each waits until so many are there.
        barrier = threading.Barrier(most, timeout=20)

        def together(handler, request):
            barrier.wait()
            scripted.Reply(200, {'Id': request.path})(handler, request)

        for path in paths:
            tree.script['GET', path] = together
        found = urls(fixture.connection.inventory)
        self.assertEqual(paths, found)
        self.assertEqual(most, tree.server.connections)


class ExpandTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.pod = self.useFixture(expanding.ExpandingPod())

    def asked(self):
        self.pod.requests.clear()
        walked(self.pod.connection.inventory)
        return sorted(set(self.pod.asked('GET')) - {ROOT})

    def test_collections_inside_are_expanded_as_well(self):
        storage = f'{expanding.system_path(1)}/Storage'
        inside = expanding.system(1, Storage=link(storage))
        self.pod.expand(expanding.expanded(inside))
        self.pod.expand(expanding.expanded(), path=storage)
        self.assertEqual(
            sorted([expanding.query(4), expanding.query(4, storage)]),
            self.asked(),
        )

    def test_but_not_where_that_is_refused(self):
        storage = f'{expanding.system_path(1)}/Storage'
        self.pod.expand(scripted.Reply(501), 1, 2, 3, 4)
        path = expanding.system_path(1)
        self.pod.get(path, expanding.system(1, Storage=link(storage)))
        self.pod.get(storage, connected.collection())
        plain = [SYSTEMS, path, expanding.system_path(2), storage]
        refused = [expanding.query(levels) for levels in (1, 2, 3, 4)]
        self.assertEqual(sorted(plain + refused), self.asked())
        self.assertEqual(sorted(plain), self.asked())

    def test_what_is_not_read_is_not_expanded(self):
        nodes = connected.NODES
        self.pod.root(
            ProtocolFeaturesSupported={'ExpandQuery': expanding.ALL_FEATURES},
            Nodes=link(nodes),
        )
        self.pod.expand(expanding.expanded())
        self.assertEqual(sorted([expanding.query(4), nodes]), self.asked())
