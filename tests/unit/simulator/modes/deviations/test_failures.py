"""Errors with another status, and with another body."""

import requests
import testtools

from tests.unit.simulator import running
from tests.unit.simulator.modes.deviations import deviating

NODE = f'{running.NODES}/7'


class FailuresTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.running = self.useFixture(deviating.Deviating(systems=2))
        self.client = self.running.client

    def missing(self, *names: str) -> requests.Response:
        self.running.deviate(*names)
        return self.running.get(NODE)

    def test_missing_is_500(self) -> None:
        answer = self.missing('missing_500')
        self.assertEqual(500, answer.status_code)
        self.assertIn('error', answer.json())
        unknown = self.client.post(f'{running.ROOT}/Nothing', {})
        self.assertEqual(500, unknown.status_code)

    def test_forbidden_without_credentials(self) -> None:
        self.running.deviate('forbidden')
        answer = self.running.bare('GET', running.NODES)
        self.assertEqual(403, answer.status_code)
        self.assertNotIn('WWW-Authenticate', answer.headers)

    def test_unauthorized_with_wrong_ones(self) -> None:
        self.running.deviate('forbidden')
        for headers in (
            {'X-Auth-Token': 'other'},
            {'x-auth-token': 'other'},
            {'Authorization': 'Basic other'},
        ):
            answer = self.running.bare('GET', running.NODES, headers=headers)
            self.assertEqual(401, answer.status_code)

    def test_html(self) -> None:
        answer = self.missing('html_errors')
        self.assertEqual(404, answer.status_code)
        self.assertEqual('text/html', answer.headers['Content-Type'])
        self.assertIn('<html>', answer.text)

    def test_object(self) -> None:
        self.assertEqual({}, self.missing('object_errors').json())

    def test_string(self) -> None:
        self.assertIsInstance(self.missing('string_errors').json(), str)

    def test_empty(self) -> None:
        answer = self.missing('empty_errors')
        self.assertEqual((404, b''), (answer.status_code, answer.content))

    def test_good_answers_stay(self) -> None:
        usual = self.client.get(running.SYSTEM)
        self.running.deviate('html_errors', 'missing_500', 'forbidden')
        self.assertEqual(usual, self.client.get(running.SYSTEM))

    def test_challenge_stays(self) -> None:
        self.running.deviate('empty_errors')
        answer = self.running.bare('GET', running.NODES)
        self.assertIn('WWW-Authenticate', answer.headers)
