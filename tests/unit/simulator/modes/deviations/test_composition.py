"""Deviations of a service that composes systems of resource blocks."""

import testtools

from tests.unit.simulator import running, test_walk
from tests.unit.simulator.composition import composing

BLOCK = composing.block_path('ComputeBlock1')


class CompositionTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.running = self.useFixture(composing.Composing())
        self.client = self.running.client

    def deviate(self, *names: str) -> None:
        self.client.modes(deviate=names).raise_for_status()

    def test_no_block_type(self) -> None:
        usual = self.client.get(BLOCK)
        self.deviate('no_block_type')
        found = self.client.get(BLOCK)
        self.assertEqual({'ResourceBlockType'}, usual.keys() - found.keys())

    def test_composing_answers_otherwise(self) -> None:
        for status in (204, 202, 200):
            self.deviate(f'compose_{status}')
            answer = self.running.compose()
            self.assertEqual(status, answer.status_code)
            place = answer.headers['Location']
            self.assertEqual(status == 200, bool(answer.content))
            self.client.get(place)
            self.client.delete(place)

    def test_composed_of_links_in_lower_case(self) -> None:
        self.deviate('lower_links')
        blocks = self.client.get(composing.BLOCKS)['Members']
        wanted = [
            each
            for each in blocks
            if each['@odata.id'].endswith(composing.TRIO)
        ]
        self.assertEqual(3, len(wanted))
        body = {'Name': 'n', 'Links': {'ResourceBlocks': wanted}}
        answer = self.client.post(composing.SYSTEMS, body)
        self.assertEqual(201, answer.status_code)

    def test_ghost(self) -> None:
        system = self.running.composed()
        self.deviate('ghosts')
        self.client.delete(system)
        members = self.client.get(composing.SYSTEMS)['Members']
        self.assertNotIn({'@odata.id': system}, members)
        self.client.get(system)

    def test_what_is_composed_is_no_dead_link(self) -> None:
        self.deviate('dead_links')
        for number in range(1, 5):
            block = f'ComputeBlock{number}'
            self.client.get(self.running.composed([block]))

    def test_all_at_a_time(self) -> None:
        self.client.modes(deviate=True).raise_for_status()
        root = self.client.get(f'{running.ROOT}/')
        paths = {*test_walk.links(root)}
        self.assertIn(f'{composing.SERVICE.lower()}/', paths)
        for path in paths:
            self.client.get(path)
        answer = self.running.compose()
        self.assertEqual(204, answer.status_code)


class ManifestTest(testtools.TestCase):
    def test_misspelt_target_of_compose(self) -> None:
        mode = 'composition-manifest'
        client = self.useFixture(composing.Composing(mode)).client
        client.modes(deviate=['misspelt_targets'])
        self.assertEqual(composing.COMPOSE, self.target(client))
        client.modes(deviate=['misspelt_allocate'])
        target = self.target(client)
        self.assertNotEqual(composing.COMPOSE, target)
        self.assertEqual(404, client.post(target, {}).status_code)

    def target(self, client: running.Client) -> str:
        (action,) = client.get(composing.SERVICE)['Actions'].values()
        return str(action['target'])
