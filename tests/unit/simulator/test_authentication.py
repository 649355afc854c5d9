"""Who may come in, and how."""

import requests
import testtools

from tests.unit.simulator import running

SESSIONS = running.SESSIONS


class AuthenticationTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.running = self.useFixture(running.Running(systems=2))
        self.client = self.running.client

    def bare(self, method: str, path: str, **more: object) -> object:
        return requests.request(
            method, self.client.url + path, timeout=10, **more
        )

    def login(self, password: str = 'admin') -> object:
        body = {'UserName': 'admin', 'Password': password}
        return self.bare('POST', SESSIONS, json=body)

    def systems(self, token: str) -> int:
        headers = {'X-Auth-Token': token}
        path = f'{running.ROOT}/Systems'
        return self.bare('GET', path, headers=headers).status_code

    def test_service_root_is_open(self) -> None:
        for path in ('/redfish', '/redfish/v1', '/redfish/v1/'):
            self.assertEqual(200, self.bare('GET', path).status_code)

    def test_the_rest_is_not(self) -> None:
        for path in ('/Systems', '/SessionService', '/Nothing', '/Nodes'):
            answer = self.bare('GET', running.ROOT + path)
            self.assertEqual(401, answer.status_code)
            self.assertEqual(
                'Base.1.0.Unauthorized', answer.json()['error']['code']
            )
            self.assertIn('Basic', answer.headers['WWW-Authenticate'])

    def test_wrong_password(self) -> None:
        answer = self.bare(
            'GET', f'{running.ROOT}/Systems', auth=('admin', 'other')
        )
        self.assertEqual(401, answer.status_code)

    def test_malformed_credentials(self) -> None:
        for value in ('Basic', 'Basic %%%', 'Bearer YWRtaW46YWRtaW4='):
            answer = self.bare(
                'GET',
                f'{running.ROOT}/Systems',
                headers={'Authorization': value},
            )
            self.assertEqual(401, answer.status_code)

    def test_basic(self) -> None:
        self.assertEqual(
            2, len(self.client.get(f'{running.ROOT}/Systems')['Members'])
        )

    def test_session(self) -> None:
        answer = self.login()
        self.assertEqual(201, answer.status_code)
        token = answer.headers['X-Auth-Token']
        self.assertEqual(200, self.systems(token))
        self.assertNotIn(token, answer.text)
        own = self.client.get(answer.headers['Location'])
        self.assertEqual('admin', own['UserName'])

    def test_logout(self) -> None:
        answer = self.login()
        token = answer.headers['X-Auth-Token']
        path = answer.headers['Location']
        left = self.bare('DELETE', path, headers={'X-Auth-Token': token})
        self.assertEqual(204, left.status_code)
        self.assertEqual(401, self.systems(token))
        self.assertEqual(404, self.client.delete(path).status_code)

    def test_login_refused(self) -> None:
        self.assertEqual(401, self.login('other').status_code)
        incomplete = self.bare('POST', SESSIONS, json={'UserName': 'admin'})
        self.assertEqual(400, incomplete.status_code)

    def test_sessions_expire_when_unused(self) -> None:
        token = self.login().headers['X-Auth-Token']
        sessions = self.running.pods[0].sessions
        now = sessions.clock()
        sessions.clock = lambda: now + 1700
        self.assertEqual(200, self.systems(token))
        sessions.clock = lambda: now + 1700 + 1700
        self.assertEqual(200, self.systems(token))
        sessions.clock = lambda: now + 1700 + 1700 + 1900
        self.assertEqual(401, self.systems(token))
        self.assertEqual(0, self.client.stats()['sessions'])

    def test_other_account(self) -> None:
        other = self.useFixture(
            running.Running(username='root', password='calvin')
        )
        self.assertEqual(
            401, other.client.call('GET', running.NODES).status_code
        )
        other.client.session.auth = ('root', 'calvin')
        self.assertEqual([], other.client.get(running.NODES)['Members'])
