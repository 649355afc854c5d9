"""Collections that are odd."""

from typing import Any

import testtools

from tests.unit.simulator import running
from tests.unit.simulator.modes.deviations import deviating

SYSTEMS = f'{running.ROOT}/Systems'
COUNT = 'Members@odata.count'


class MembersTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.running = self.useFixture(deviating.Deviating(systems=2))
        self.usual = self.running.client.get(SYSTEMS)
        self.system = self.running.client.get(running.SYSTEM)

    def systems(self, *names: str) -> Any:
        self.running.deviate(*names)
        # Nothing but collections is another.
        self.assertEqual(self.system, self.running.client.get(running.SYSTEM))
        return self.running.client.get(SYSTEMS)

    def test_nested(self) -> None:
        found = self.systems('nested_members')
        self.assertNotIn('Members', found)
        self.assertNotIn(COUNT, found)
        self.assertEqual(
            {'Members': self.usual['Members'], COUNT: 2}, found['Links']
        )

    def test_misspelt_count(self) -> None:
        found = self.systems('misspelt_count')
        self.assertEqual(2, found.pop('Member@odata.count'))
        self.assertEqual(self.usual, {**found, COUNT: 2})

    def test_wrong_count(self) -> None:
        found = self.systems('wrong_count')
        self.assertEqual({**self.usual, COUNT: 22}, found)
        nodes = self.running.client.get(running.NODES)
        self.assertEqual((20, []), (nodes[COUNT], nodes['Members']))

    def test_wrong_id(self) -> None:
        found = self.systems('wrong_collection_id')
        self.assertEqual({**self.usual, '@odata.id': running.ROOT}, found)

    def test_nested_and_misspelt(self) -> None:
        found = self.systems('nested_members', 'misspelt_count')
        self.assertEqual({'Members': self.usual['Members']}, found['Links'])
        self.assertEqual(2, found['Member@odata.count'])
