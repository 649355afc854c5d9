"""Links and paths that are not what they were expected to be."""

import testtools

from tests.unit.simulator import running, test_walk
from tests.unit.simulator.modes.deviations import deviating


class RootTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.running = self.useFixture(deviating.Deviating(systems=2))

    def statuses(self, name: str) -> list[int]:
        self.running.deviate(name)
        paths = (running.ROOT, f'{running.ROOT}/', running.NODES)
        return [self.running.get(path).status_code for path in paths]

    def test_only_with_a_slash(self) -> None:
        self.assertEqual([404, 200, 200], self.statuses('root_slash'))

    def test_only_without(self) -> None:
        self.assertEqual([200, 404, 200], self.statuses('root_no_slash'))


class OtherLinksTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.running = self.useFixture(deviating.Deviating(systems=2))
        self.client = self.running.client
        self.node = self.client.allocate()

    def test_lower_links_lead_to_all(self) -> None:
        whole = {path.lower() for path in test_walk.walk(self.client)}
        self.running.deviate('lower_links')
        self.assertEqual(whole, set(test_walk.walk(self.client)))

    def test_lower_targets_and_location(self) -> None:
        self.running.deviate('lower_links')
        node = self.client.allocate()
        self.assertEqual('/redfish/v1/nodes/2', node)
        actions = self.client.get(node)['Actions']
        target = actions['#ComposedNode.Assemble']['target']
        self.assertEqual(f'{node}/actions/composednode.assemble', target)
        self.assertEqual(204, self.client.post(target).status_code)

    def test_links_with_slashes_lead_to_all(self) -> None:
        whole = {path.rstrip('/') for path in test_walk.walk(self.client)}
        self.running.deviate('slash_links')
        found = set(test_walk.walk(self.client))
        # A fragment behind is another way to say the same.
        without = {
            path for path in found if f'{path.rstrip("/")}/' not in found
        }
        self.assertEqual(set(), without)
        bare = {path.rstrip('/') for path in found}
        self.assertEqual(whole, bare)

    def test_location_has_no_slash(self) -> None:
        self.running.deviate('slash_links')
        self.assertEqual(f'{running.NODES}/2', self.client.allocate())

    def test_links_in_a_body(self) -> None:
        last = f'{running.ROOT}/Systems/1-s-2'
        for name in ('lower_links', 'slash_links'):
            self.running.deviate(name)
            processors = self.client.get(f'{last}/Processors')
            pin = {'Resource': processors['Members'][0]}
            node = self.client.allocate(Processors=[pin])
            link = self.client.system_of(node)
            self.assertEqual(last.lower(), link.lower().rstrip('/'))
            self.client.delete(node)

    def test_body_that_is_none(self) -> None:
        self.running.deviate('lower_links')
        for content in (b'"@odata.id"', b'{"@odata.id'):
            answer = self.client.call('POST', running.ALLOCATE, data=content)
            self.assertEqual(400, answer.status_code)


class DeadLinksTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.running = self.useFixture(deviating.Deviating())
        self.client = self.running.client
        self.paths = [*test_walk.walk(self.client)]

    def dead(self) -> set[str]:
        return {
            path
            for path in self.paths
            if self.running.get(path).status_code == 404
        }

    def test_some_and_no_more_than_that(self) -> None:
        self.running.deviate('dead_links')
        share = len(self.dead()) / len(self.paths)
        self.assertIn(int(share * 100), range(5, 21))

    def test_the_same_each_time(self) -> None:
        self.running.deviate('dead_links')
        dead = self.dead()
        self.client.modes(deviate=False)
        self.assertEqual(set(), self.dead())
        self.running.deviate('dead_links')
        self.assertEqual(dead, self.dead())

    def test_however_it_is_spelt(self) -> None:
        self.running.deviate('dead_links')
        dead = self.dead().pop()
        self.assertEqual(404, self.running.get(f'{dead}/').status_code)
        self.running.deviate('dead_links', 'lower_links')
        self.assertEqual(404, self.running.get(dead.lower()).status_code)

    def test_never_collections_at_the_top(self) -> None:
        for seed in range(5):
            run = self.useFixture(deviating.Deviating(seed=seed, systems=1))
            run.deviate('dead_links')
            for name in ('Nodes', 'Systems', 'Chassis', 'Managers'):
                run.client.get(f'{running.ROOT}/{name}')

    def test_never_what_was_made(self) -> None:
        run = self.useFixture(deviating.Deviating(systems=40))
        run.deviate('dead_links')
        for _ in range(40):
            run.client.get(run.client.allocate())

    def test_changes_are_not_refused(self) -> None:
        self.running.deviate('dead_links')
        systems = [path for path in self.paths if '-s-' in path[-5:]]
        answers = [
            self.client.patch(path, {'AssetTag': 'tag'}).status_code
            for path in systems
        ]
        self.assertEqual([200] * 10, answers)
