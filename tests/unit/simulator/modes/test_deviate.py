"""How deviations are chosen, and that they go together."""

import testtools

from tests.unit.simulator import running, test_walk
from tests.unit.simulator.modes.deviations import deviating
from valence.simulator import modes
from valence.simulator.modes import deviations


class ChoiceTest(testtools.TestCase):
    def refusal(self, value: object) -> str:
        found = self.assertRaises(
            ValueError, modes.parse_all, {'deviate': value}
        )
        return str(found)

    def test_names(self) -> None:
        mode = modes.parse_all({'deviate': ['ghosts', 'numeric_id']})
        # In the order in which they see an answer, backwards.
        self.assertEqual(['numeric_id', 'ghosts'], mode['deviate'].value)

    def test_no_names(self) -> None:
        sentence = 'deviate must be a list of names, or true.'
        for value in ('ghosts', [], {}, 1):
            self.assertEqual(sentence, self.refusal(value))

    def test_unknown_name(self) -> None:
        for value in ('colour', 1):
            self.assertIn(f'has no {value}; there are:', self.refusal([value]))

    def test_two_that_exclude_each_other(self) -> None:
        self.assertEqual(
            'deviate cannot have both misspelt_count and wrong_count: they '
            'are about the count.',
            self.refusal(['wrong_count', 'misspelt_count']),
        )

    def test_true_is_all_that_go_together(self) -> None:
        found = modes.parse_all({'deviate': True})['deviate'].value
        self.assertEqual(found, deviations.names('deviate', found))
        left_out = deviating.names() - set(found)
        reasons = {
            name: deviations.ALL[name].excludes or deviations.ALL[name].apart
            for name in left_out
        }
        self.assertEqual({}, {k: v for k, v in reasons.items() if not v})

    def test_each_is_described(self) -> None:
        for name, each in deviations.ALL.items():
            self.assertTrue(each.__doc__, name)


class TogetherTest(testtools.TestCase):
    """With all at a time a node can still be made and taken apart."""

    def setUp(self) -> None:
        super().setUp()
        self.running = self.useFixture(deviating.Deviating(pods=2))
        self.client = self.running.client
        self.client.modes(deviate=True, power_ms=0).raise_for_status()

    def members(self) -> list[str]:
        document = self.client.get('/redfish/v1/nodes/')
        members = document['Links']['Members']
        return [each['@odata.id'] for each in members]

    def test_a_life(self) -> None:
        made = self.client.post(running.ALLOCATE, {})
        self.assertEqual(204, made.status_code)
        path = made.headers['Location'].removeprefix(self.client.url)
        self.assertEqual('/redfish/v1/nodes/1', path)
        node = self.client.get(path)
        self.assertEqual(1, node['Id'])
        targets = {
            name.rpartition('.')[2]: each['target']
            for name, each in node['Actions'].items()
        }
        assemble = self.client.post(targets['Assemble'])
        self.assertEqual(204, assemble.status_code)
        self.client.settle(path)
        reset = self.client.post(targets['Reset'], {'ResetType': 'ForceOff'})
        self.assertEqual(200, reset.status_code)
        self.assertEqual([f'{path}/'], self.members())
        self.assertEqual('Deleted', self.client.delete(path).json())
        self.assertEqual([], self.members())
        self.assertEqual(path + '/', self.client.get(path)['@odata.id'])
        self.assertEqual(10, self.client.stats()['free_systems'])

    def test_missing_resource(self) -> None:
        answer = self.running.get(f'{running.NODES}/7')
        self.assertEqual(500, answer.status_code)
        self.assertEqual('text/html', answer.headers['Content-Type'])

    def test_others_do_not(self) -> None:
        other = self.running.clients[1]
        self.assertIn(running.ROOT, test_walk.walk(other))

    def test_over(self) -> None:
        self.client.modes(deviate=False)
        self.client.get(running.ROOT)
        self.assertIn('ETag', self.running.get(running.SYSTEM).headers)

    def test_what_deviates_has_no_etag(self) -> None:
        answer = self.running.get(running.SYSTEM)
        self.assertNotIn('ETag', answer.headers)
