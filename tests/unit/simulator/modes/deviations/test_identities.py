"""Properties of other types, and none at all."""

from typing import Any

import testtools

from tests.unit.simulator import running, test_walk
from tests.unit.simulator.modes.deviations import deviating


def properties(value: Any) -> list[tuple[str, Any]]:
    """Return all properties inside of a value, with their names."""
    if isinstance(value, list):
        return [one for each in value for one in properties(each)]
    if not isinstance(value, dict):
        return []
    below = [one for each in value.values() for one in properties(each)]
    return [*value.items(), *below]


class IdentitiesTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.running = self.useFixture(deviating.Deviating())
        self.client = self.running.client
        self.node = self.client.allocate()

    def walk(self, *names: str) -> dict[str, Any]:
        self.running.deviate(*names)
        return test_walk.walk(self.client)

    def test_numeric_id(self) -> None:
        documents = self.walk('numeric_id')
        self.assertEqual(1, documents[self.node]['Id'])
        self.assertEqual(11, documents[running.SYSTEM]['Id'])
        self.assertEqual('RootService', documents[running.ROOT]['Id'])

    def test_string_booleans(self) -> None:
        before = dict(properties(self.client.get(self.node)))
        documents = self.walk('string_booleans')
        found = properties(list(documents.values()))
        self.assertEqual([], [n for n, v in found if isinstance(v, bool)])
        self.assertIs(True, before['ClearTPMOnDelete'])
        self.assertEqual('true', documents[self.node]['ClearTPMOnDelete'])

    def test_missing_properties(self) -> None:
        whole = test_walk.walk(self.client)
        left = self.walk('missing_properties')
        self.assertEqual(whole[running.ROOT], left[running.ROOT])
        share = len(properties(list(left.values()))) / len(
            properties([whole[path] for path in left])
        )
        self.assertIn(int(share * 100), range(60, 95))
        for path, document in left.items():
            for name in ('@odata.id', 'Name', 'Members'):
                self.assertEqual(
                    whole[path].get(name), document.get(name), path
                )
        node = left[self.node]
        self.assertIn('ComposedNodeState', node)
        self.assertIn('ComputerSystem', node['Links'])
        self.assertEqual(
            whole[self.node]['Actions'].keys(), node['Actions'].keys()
        )

    def test_missing_properties_are_the_same_each_time(self) -> None:
        self.running.deviate('missing_properties')
        first = self.client.get(self.node)
        self.running.deviate('missing_properties')
        self.assertEqual(first, self.client.get(self.node))

    def test_missing_properties_follow_from_the_seed(self) -> None:
        other = self.useFixture(deviating.Deviating(seed=1))
        other.deviate('missing_properties')
        self.running.deviate('missing_properties')
        self.assertNotEqual(
            self.client.get(running.SYSTEM).keys(),
            other.client.get(running.SYSTEM).keys(),
        )

    def test_odd_context(self) -> None:
        for path, document in self.walk('odd_context').items():
            self.assertTrue(document['@odata.context'].endswith('##%2'), path)
