"""Sessions that run out."""

import requests
import testtools

from tests.unit.simulator import running


class SessionsTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.client = self.useFixture(running.Running(systems=2)).client

    def read(self, login: requests.Response) -> int:
        """Return the status of a request in a session."""
        return requests.get(
            f'{self.client.url}{running.NODES}',
            headers={'X-Auth-Token': login.headers['X-Auth-Token']},
            timeout=10,
        ).status_code

    def test_limit(self) -> None:
        self.client.modes(sessions={'limit': 2})
        statuses = [self.client.login().status_code for _ in range(3)]
        self.assertEqual([201, 201, 503], statuses)

    def test_refusal_is_in_the_words_of_dell(self) -> None:
        self.client.modes(sessions={'limit': 0})
        (info,) = self.client.login().json()['error']['@Message.ExtendedInfo']
        self.assertTrue(info['MessageId'].endswith('.RAC0218'), info)

    def test_wrong_password_at_the_limit(self) -> None:
        self.client.modes(sessions={'limit': 0})
        body = {'UserName': 'admin', 'Password': 'other'}
        answer = self.client.post(running.SESSIONS, body)
        self.assertEqual(401, answer.status_code)

    def test_logout_makes_room(self) -> None:
        self.client.modes(sessions={'limit': 1})
        self.client.delete(self.client.login().headers['Location'])
        self.assertEqual(201, self.client.login().status_code)

    def test_session_ends_after_so_many_requests(self) -> None:
        self.client.modes(sessions={'requests': 2})
        login = self.client.login()
        statuses = [self.read(login) for _ in range(3)]
        self.assertEqual([200, 200, 401], statuses)

    def test_ended_session_makes_room(self) -> None:
        self.client.modes(sessions={'limit': 1, 'requests': 1})
        self.read(self.client.login())
        self.assertEqual(201, self.client.login().status_code)

    def test_basic_credentials_have_no_limit(self) -> None:
        self.client.modes(sessions={'limit': 0, 'requests': 0})
        self.client.get(running.NODES)
