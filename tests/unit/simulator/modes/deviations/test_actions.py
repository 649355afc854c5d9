"""Actions under other names, and targets that are wrong."""

import testtools

from tests.unit.simulator import running
from tests.unit.simulator.modes.deviations import deviating


class ActionsTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.running = self.useFixture(deviating.Deviating(systems=2))
        self.client = self.running.client
        self.node = self.client.allocate()

    def statuses(self, path: str) -> dict[str, int]:
        """Return how each target of a resource answers."""
        actions = self.client.get(path)['Actions']
        return {
            name: self.client.post(each['target'], {}).status_code
            for name, each in actions.items()
        }

    def keys(self, run: deviating.Deviating) -> list[str]:
        return [*run.client.get(running.NODES)['Actions']]

    def test_allocate_key(self) -> None:
        self.running.deviate('allocate_key')
        found = self.statuses(running.NODES)
        self.assertEqual({'#ComposedNodesCollection.Allocate': 201}, found)

    def test_allocate_key_of_who_has_the_other(self) -> None:
        run = self.useFixture(deviating.Deviating(mode='rsd2.1'))
        usual = self.keys(run)
        run.deviate('allocate_key')
        self.assertNotEqual(usual, self.keys(run))
        self.assertEqual(
            {'#ComposedNodeCollection.Allocate'},
            {*self.keys(run)} - {*usual},
        )

    def test_misspelt_allocate(self) -> None:
        self.running.deviate('misspelt_allocate')
        self.assertEqual([404], [*self.statuses(running.NODES).values()])
        self.assertNotIn(404, self.statuses(self.node).values())

    def test_misspelt_targets(self) -> None:
        self.running.deviate('misspelt_targets')
        for path in (self.node, running.SYSTEM):
            self.assertEqual({404}, {*self.statuses(path).values()})
        self.assertEqual([201], [*self.statuses(running.NODES).values()])

    def test_allocate_target_in_lower_case(self) -> None:
        self.running.deviate('misspelt_targets', 'lower_links')
        self.assertEqual([201], [*self.statuses(running.NODES).values()])
        self.assertEqual({404}, {*self.statuses(self.node).values()})
