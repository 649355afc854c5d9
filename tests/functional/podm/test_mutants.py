"""The driver against pod managers that make every mistake.

What a simulated pod manager says is said again with mistakes in it, by real
HTTP. Whatever these are, a call gives a result, or an error of Valence that
names the pod manager, the path and the field; and what can be read is read.
"""

import dataclasses
import unittest
from typing import Any

import testtools

from tests.functional.podm import changes, mutations, oracle, recorded
from tests.functional.podm.fuzzed import (
    BOTH,
    LIMITS,
    OF_ONE,
    PARTS,
    Fuzzed,
    Operation,
    read_inventory,
)
from tests.unit.podm import connected
from valence.common import http_cache
from valence.objects import hardware
from valence.podm.redfish import driver

_MONITOR = '/redfish/v1/TaskService/Tasks/1/Monitor'


class Mutants(Fuzzed):
    """What all kinds of pod managers are tested by."""

    def test_inventory(self) -> None:
        self.mutate(read_inventory)

    def test_system(self) -> None:
        url = self.recording.systems[0]
        self.mutate(lambda podm, judge: _call(podm, judge, 'get_system', url))

    def test_places(self) -> None:
        """Chassis, devices, and what a system is made of."""
        url = self.recording.systems[0]

        def read(podm: driver.RedfishConnection, judge: oracle.Oracle) -> None:
            inventory = podm.inventory
            judge.call(inventory.chassis)
            judge.call(inventory.devices)
            judge.call(lambda: inventory.parts(url))

        self.mutate(read)

    def test_session(self) -> None:
        self.mutate(read_inventory, sessions=True)

    def test_documents_read_again(self) -> None:
        """The answers of a server that is trusted with ETags."""
        mistakes = self.mistakes(self.asked(read_inventory))

        def draw(dice: mutations.Dice) -> tuple[Any, ...]:
            return mistakes.some(dice), mistakes.some(dice)

        def check(
            first: list[mutations.Mistake], second: list[mutations.Mistake]
        ) -> None:
            worlds = [
                recorded.World(self.recording, mutations.change(mistakes))
                for mistakes in (first, second)
            ]
            documents = http_cache.Documents(1024 * 1024)
            limits = dataclasses.replace(LIMITS, documents=documents)
            judge = oracle.Oracle(self, self.server.url)
            with (
                connected.Connected(self.server.url, limits) as podm,
                http_cache.revalidating(),
            ):
                for world in worlds:
                    self.server.reply = world
                    judge.call(podm.connection.inventory.systems)

        self.explore(draw, check)

    def test_other_systems_are_read(self) -> None:
        """Mistakes in one system, and all that is below it."""
        self.confine(
            {
                system: [system, f'{system}/']
                for system in self.recording.systems
            },
            lambda system: set(self.recording.systems) - {system},
        )

    def test_systems_with_broken_parts_are_read(self) -> None:
        """Mistakes in what is around a system, or belongs to it."""
        parts = [f'{system}/' for system in self.recording.systems]
        chassis = '/redfish/v1/Chassis/'
        self.confine(
            {'chassis': [chassis], 'parts': parts},
            lambda _where: set(self.recording.systems),
        )


class Composing(Mutants):
    """What those are tested by that compose nodes as well."""

    def test_nodes(self) -> None:
        self.mutate(self.read_nodes)

    def test_changes(self) -> None:
        node = self.recording.node
        detail = self.run_in(_calling('get_node_detail', node), [])
        free = self.run_in(_calling('list_attachable', node), [])
        target = changes.Target(
            self.recording.systems[0], node, free[0], detail.attached[0]
        )
        each = {
            name: (change, self.mistakes(self.asked(_changing(change))))
            for name, change in changes.changes(target)
        }

        def draw(dice: mutations.Dice) -> tuple[Any, ...]:
            name, accepts = dice.choose(sorted(each)), dice.choose(BOTH)
            return name, accepts, each[name][1].some(dice)

        def check(
            name: str, accepts: bool, mistakes: list[mutations.Mistake]
        ) -> None:
            operation = _changing(each[name][0])
            self.run_in(operation, mistakes, accepts=accepts)

        self.explore(draw, check)

    def test_node_with_broken_parts_is_read(self) -> None:
        """Mistakes in all but the node itself, and the way to it."""
        node = self.recording.node
        detail = _calling('get_node_detail', node)
        whole = {('GET', path) for path in (recorded.ROOT, node)}
        keys = self.asked(detail) - whole

        def check(mistakes: list[mutations.Mistake]) -> None:
            found = self.run_in(detail, mistakes)
            self.assertIsInstance(found, hardware.ComposedNode, found)

        mistakes = self.mistakes(keys, statuses=OF_ONE, wires=())
        self.explore(lambda dice: (mistakes.some(dice),), check)

    def test_look(self) -> None:
        self.mutate(lambda podm, judge: judge.call(podm.look, _MONITOR))

    def read_nodes(
        self, podm: driver.RedfishConnection, judge: oracle.Oracle
    ) -> None:
        node = self.recording.node
        for call in (
            ('list_nodes',),
            ('get_node', node),
            ('get_node_detail', node),
            ('has_node', node),
            ('find_node', recorded.TAG),
            ('find_pending', recorded.PENDING),
            ('list_attachable', node),
        ):
            _call(podm, judge, *call)


class RsdMutantsTest(Composing, testtools.TestCase):
    mode = 'rsd2.5'


class CompositionMutantsTest(Composing, testtools.TestCase):
    mode = 'composition'
    # That many can be composed; two are, and two are left to be attached.
    systems = 3


class PlainMutantsTest(Mutants, testtools.TestCase):
    mode = 'plain'


class SharesTest(testtools.TestCase):
    def test_all_examples_have_a_test(self) -> None:
        tests = [
            name
            for kind in (
                RsdMutantsTest,
                CompositionMutantsTest,
                PlainMutantsTest,
            )
            for name in unittest.defaultTestLoader.getTestCaseNames(kind)
        ]
        self.assertEqual(PARTS, len(tests))


def _calling(name: str, *args: Any) -> Operation:
    return lambda podm, judge: _call(podm, judge, name, *args)


def _call(
    podm: driver.RedfishConnection,
    judge: oracle.Oracle,
    name: str,
    *args: Any,
) -> Any:
    """Call a method of the compute capability."""
    return judge.call(lambda: getattr(podm.compute, name)(*args))


def _changing(change: changes.Change) -> Operation:
    return lambda podm, judge: judge.call(lambda: change(podm.compute))
