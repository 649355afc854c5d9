"""The modes that pod managers begin with."""

import testtools

from tests.unit.simulator import running
from valence.simulator import fleet, server


class BeginningTest(testtools.TestCase):
    def chosen(self, count: int, share: float) -> list[int]:
        beginning = fleet.Beginning(some=share)
        return [n for n in range(count) if beginning.is_one_of_some(n)]

    def test_exactly_that_share(self) -> None:
        for count, share, wanted in (
            (10, 0.3, 3),
            (100, 0.29, 29),
            (1000, 0.1, 100),
            (1000, 0.001, 1),
            (7, 1, 7),
            (7, 0, 0),
        ):
            self.assertEqual(wanted, len(self.chosen(count, share)))

    def test_spread_evenly(self) -> None:
        self.assertEqual([3, 6, 9], self.chosen(10, 0.3))


class ModesTest(testtools.TestCase):
    def test_all_and_some(self) -> None:
        run = self.useFixture(
            running.Running(
                pods=2,
                modes={'latency_ms': 1, 'act_ms': 2},
                some_modes={'act_ms': 3, 'drip': 10**6},
                some=0.5,
            )
        )
        first, second = (each.stats()['modes'] for each in run.clients)
        usual = {'assembly_ms': 50, 'latency_ms': 1}
        self.assertEqual({**usual, 'act_ms': 2}, first)
        self.assertEqual({**usual, 'act_ms': 3, 'drip': 10**6}, second)

    def test_null_is_as_it_began_and_false_is_off(self) -> None:
        client = self.useFixture(running.Running(modes={'act_ms': 1})).client
        self.assertNotIn('act_ms', client.modes(act_ms=False).json())
        self.assertEqual(1, client.modes(act_ms=None).json()['act_ms'])

    def test_clear_returns_to_them(self) -> None:
        client = self.useFixture(running.Running(modes={'act_ms': 1})).client
        client.modes(act_ms=False, drip=5)
        modes = client.delete('/simulator/modes').json()
        self.assertEqual(1, modes['act_ms'])
        self.assertNotIn('drip', modes)

    def test_null_among_them_is_nothing(self) -> None:
        modes = {'latency_ms': None, 'dead': False}
        client = self.useFixture(running.Running(modes=modes)).client
        self.assertEqual({'assembly_ms'}, set(client.stats()['modes']))

    def test_wrong(self) -> None:
        self.assertRaises(
            ValueError, server.Simulator, modes={'colour': 'red'}
        )
        self.assertRaises(
            ValueError, server.Simulator, some_modes={'drip': 0}, some=1
        )
