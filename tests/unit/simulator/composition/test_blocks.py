"""Reserve resource blocks, and let go of them."""

import testtools

from tests.unit.simulator.composition import composing

BLOCK = 'ComputeBlock1'
RESERVE = {'CompositionStatus': {'Reserved': True}}


class ReserveTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.simulated = self.useFixture(composing.Composing())

    def reserved(self, block: str = BLOCK) -> bool:
        return bool(self.simulated.status(block)['Reserved'])

    def test_reserve(self) -> None:
        answer = self.simulated.reserve(BLOCK, 'me')
        self.assertEqual(200, answer.status_code)
        self.assertEqual('me', answer.json()['Client'])
        self.assertTrue(answer.json()['CompositionStatus']['Reserved'])
        self.assertEqual(answer.json(), self.simulated.block(BLOCK))
        self.assertFalse(self.reserved('ComputeBlock2'))

    def test_if_match_is_required(self) -> None:
        answer = self.simulated.patch(BLOCK, RESERVE)
        self.assertEqual(428, answer.status_code)
        self.assertFalse(self.reserved())

    def test_stale(self) -> None:
        etag = self.simulated.block(BLOCK)['@odata.etag']
        body = {**RESERVE, 'Client': 'me'}
        first = self.simulated.patch(BLOCK, body, etag)
        self.assertEqual(200, first.status_code)
        other = {**RESERVE, 'Client': 'other'}
        second = self.simulated.patch(BLOCK, other, etag)
        self.assertEqual(412, second.status_code)
        self.assertEqual('me', self.simulated.block(BLOCK)['Client'])

    def test_any_version(self) -> None:
        answer = self.simulated.patch(BLOCK, RESERVE, '*')
        self.assertEqual(200, answer.status_code)

    def test_a_strong_tag_is_the_same_tag(self) -> None:
        etag = self.simulated.block(BLOCK)['@odata.etag'].removeprefix('W/')
        answer = self.simulated.patch(BLOCK, RESERVE, etag)
        self.assertEqual(200, answer.status_code)

    def test_reserved_by_another(self) -> None:
        self.simulated.reserve(BLOCK, 'me')
        for client in ('other', None):
            answer = self.simulated.reserve(BLOCK, client)
            self.assertEqual(409, answer.status_code)
            error = answer.json()['error']
            self.assertEqual(
                'Composition.1.1.0.SpecifiedResourceAlreadyReserved',
                error['code'],
            )
            (info,) = error['@Message.ExtendedInfo']
            self.assertEqual([BLOCK, 'me'], info['MessageArgs'])

    def test_reserved_by_nobody_known(self) -> None:
        self.simulated.reserve(BLOCK)
        self.assertEqual(409, self.simulated.reserve(BLOCK).status_code)

    def test_label_of_another(self) -> None:
        self.simulated.reserve(BLOCK, 'me')
        answer = self.simulated.patch(BLOCK, {'Client': 'other'}, '*')
        self.assertEqual(409, answer.status_code)

    def test_label_alone_reserves_nothing(self) -> None:
        answer = self.simulated.patch(BLOCK, {'Client': 'me'}, '*')
        self.assertEqual('me', answer.json()['Client'])
        self.assertFalse(self.reserved())
        answer = self.simulated.patch(BLOCK, {'Client': None}, '*')
        self.assertIsNone(answer.json()['Client'])

    def test_reserve_for_longer(self) -> None:
        self.simulated.reserve(BLOCK, 'me')
        answer = self.simulated.reserve(BLOCK, 'me')
        self.assertEqual(200, answer.status_code)

    def test_let_go(self) -> None:
        self.simulated.reserve(BLOCK, 'me')
        answer = self.simulated.reserve(BLOCK, reserved=False)
        self.assertEqual(200, answer.status_code)
        self.assertIsNone(answer.json()['Client'])
        self.assertFalse(self.reserved())

    def test_expires(self) -> None:
        self.simulated.client.modes(reservation_ms=0)
        self.simulated.reserve(BLOCK, 'me')
        self.assertFalse(self.reserved())
        self.assertIsNone(self.simulated.block(BLOCK)['Client'])

    def test_expires_not_before_its_time(self) -> None:
        holds = self.simulated.pod.composition.holds
        now = holds.clock()
        holds.clock = lambda: now
        self.simulated.reserve(BLOCK, 'me')
        holds.clock = lambda: now + 3 * 3600 - 1
        self.assertTrue(self.reserved())
        holds.clock = lambda: now + 3 * 3600
        self.assertFalse(self.reserved())

    def test_composed(self) -> None:
        self.simulated.composed()
        answer = self.simulated.reserve(BLOCK, 'me')
        self.assertEqual(409, answer.status_code)
        self.assertEqual(['ResourceBlockInUse'], composing.messages(answer))

    def test_wrong_body(self) -> None:
        for body in (
            {},
            {'CompositionStatus': {}},
            {'CompositionStatus': {'Reserved': 'yes'}},
            {'Pool': 'Active'},
        ):
            answer = self.simulated.patch(BLOCK, body, '*')
            self.assertEqual(400, answer.status_code, body)

    def test_no_such_block(self) -> None:
        answer = self.simulated.patch('ComputeBlock9', RESERVE, '*')
        self.assertEqual(404, answer.status_code)
