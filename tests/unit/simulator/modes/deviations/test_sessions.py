"""Other ways to log in, and none."""

import testtools

from tests.unit.simulator import running, test_walk
from tests.unit.simulator.modes.deviations import deviating
from valence.simulator.modes.deviations import sessions

LOGIN = {'UserName': 'admin', 'Password': 'admin'}


class SessionsTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.running = self.useFixture(deviating.Deviating(systems=2))
        self.client = self.running.client

    def login(self) -> str:
        return str(self.client.login().headers['X-Auth-Token'])

    def status(self, token: str, name: str = 'X-Auth-Token') -> int:
        return self.running.bare(
            'GET', running.NODES, headers={name: token}
        ).status_code

    def test_login_needs_basic(self) -> None:
        self.running.deviate('basic_login')
        self.assertEqual(401, self.client.login().status_code)
        answer = self.client.post(running.SESSIONS, LOGIN)
        self.assertEqual(201, answer.status_code)
        token = answer.headers['X-Auth-Token']
        self.assertEqual(200, self.status(token))

    def test_basic_alone_is_no_login(self) -> None:
        self.running.deviate('basic_login')
        body = {**LOGIN, 'Password': 'other'}
        answer = self.client.post(running.SESSIONS, body)
        self.assertEqual(401, answer.status_code)

    def test_constant_token(self) -> None:
        self.assertEqual(401, self.status(sessions.TOKEN))
        self.running.deviate('constant_token')
        self.assertEqual(401, self.status(sessions.TOKEN))
        self.assertEqual({sessions.TOKEN}, {self.login(), self.login()})
        self.assertEqual(200, self.status(sessions.TOKEN))
        self.assertEqual(200, self.status(sessions.TOKEN, 'x-auth-token'))
        self.assertEqual(401, self.status('other'))

    def test_constant_token_is_good_while_there_is_a_session(self) -> None:
        self.running.deviate('constant_token')
        places = [self.client.login().headers['Location'] for _ in range(2)]
        for place, status in zip(places, (200, 401), strict=True):
            self.client.delete(place)
            self.assertEqual(status, self.status(sessions.TOKEN))

    def test_no_sessions(self) -> None:
        self.running.deviate('no_sessions')
        self.assertEqual(404, self.client.login().status_code)
        paths = test_walk.walk(self.client)
        self.assertEqual([], [each for each in paths if 'Session' in each])
        root = paths[running.ROOT]
        self.assertNotIn('SessionService', root)
        self.assertNotIn('Sessions', root['Links'])
