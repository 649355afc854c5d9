import threading

import testtools

from tests.unit.podm import connected, records, scripted
from tests.unit.podm.connected import ROOT, SYSTEMS
from tests.unit.podm.walked import walked
from valence.common import exception

SESSIONS = '/redfish/v1/SessionService/Sessions'


class SessionOnly:
    """A server that refuses Basic, and lets sessions expire."""

    def __init__(self, server, refusal=401):
        self.server = server
        self.refusal = refusal
        self.tokens = set()
        self.opened = 0
        server.check = self.check
        server.get(
            ROOT,
            {
                'RedfishVersion': '1.6.0',
                'Systems': connected.link(SYSTEMS),
                'Links': {'Sessions': connected.link(SESSIONS)},
            },
        )
        server.get(SYSTEMS, connected.collection())
        server.script['POST', SESSIONS] = self.log_in

    def check(self, request):
        if (request.method, request.path) == ('POST', SESSIONS):
            return None
        if request.path == ROOT and 'Authorization' not in request.headers:
            return None
        if request.headers.get('X-Auth-Token') in self.tokens:
            return None
        return scripted.Reply(self.refusal)

    def log_in(self, handler, request):
        wanted = {'UserName': 'admin', 'Password': 'admin'}
        if request.document != wanted:
            return scripted.Reply(401)(handler, request)
        self.opened += 1
        token = f'token-{self.opened}'
        self.tokens.add(token)
        session = f'{SESSIONS}/{self.opened}'
        self.server.script['DELETE', session] = scripted.Reply(204, b'')
        headers = {'X-Auth-Token': token, 'Location': session}
        return scripted.Reply(201, headers=headers)(handler, request)


class SessionTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.server = self.useFixture(scripted.Scripted())
        self.sessions = SessionOnly(self.server)

    def connect(self, **changes):
        fixture = connected.Connected(self.server.url, **changes)
        return self.useFixture(fixture).connection

    def test_opened_where_basic_is_refused(self):
        connection = self.connect()
        self.assertEqual([], walked(connection.inventory))
        self.assertEqual([], walked(connection.inventory))
        self.assertEqual(1, self.sessions.opened)

    def test_found_by_the_session_service(self):
        service = '/redfish/v1/SessionService'
        root = {'SessionService': connected.link(service)}
        self.server.get(ROOT, {'RedfishVersion': '1.6.0', **root})
        self.server.get(service, {'Sessions': connected.link(SESSIONS)})
        self.server.check = lambda request: (
            scripted.Reply(401) if 'Authorization' in request.headers else None
        )
        self.connect().probe()
        self.assertEqual(1, self.sessions.opened)

    def test_root_without_a_slash(self):
        root = self.server.script.pop(('GET', ROOT))
        self.server.script['GET', ROOT.rstrip('/')] = root
        check = self.sessions.check
        self.server.check = lambda request: (
            None
            if request.path.rstrip('/') == ROOT.rstrip('/')
            else check(request)
        )
        self.assertEqual('Online', self.connect().probe().status)
        self.assertEqual(1, self.sessions.opened)

    def test_opened_again_when_expired(self):
        connection = self.connect()
        walked(connection.inventory)
        for refusal in (401, 403):
            self.sessions.tokens.clear()
            self.sessions.refusal = refusal
            walked(connection.inventory)
        self.assertEqual(3, self.sessions.opened)

    def test_opened_once_for_all_threads(self):
        connection = self.connect()
        connection.probe()
        self.sessions.tokens.clear()
        threads = [
            threading.Thread(target=walked, args=(connection.inventory,))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(2, self.sessions.opened)

    def test_closed_with_the_connection(self):
        connection = self.connect()
        connection.probe()
        connection.close()
        connection.close()
        self.assertEqual([f'{SESSIONS}/1'], self.server.asked('DELETE'))
        self.assertEqual(
            'token-1', self.server.requests[-1].headers['X-Auth-Token']
        )

    def test_closed_after_each_call_of_a_closed_connection(self):
        connection = self.connect()
        connection.close()
        walked(connection.inventory)
        self.assertEqual(
            self.sessions.opened, len(self.server.asked('DELETE'))
        )

    def test_wrong_password(self):
        connection = self.connect(
            authentication=records.basic('admin', 'wrong')
        )
        error = self.assertRaises(
            exception.PodManagerUnauthorized,
            connection.inventory.systems,
        )
        self.assertNotIn('wrong', f'{error} {error.kwargs}')
        self.assertEqual([SESSIONS], self.server.asked('POST'))

    def test_login_that_is_refused_for_another_reason(self):
        info = {'MessageId': 'RAC0218', 'Message': 'Too many sessions.'}
        error = {'error': {'@Message.ExtendedInfo': [info]}}
        self.server.script['POST', SESSIONS] = scripted.Reply(503, error)
        refused = self.assertRaises(
            exception.PodManagerUnauthorized,
            self.connect().inventory.systems,
        )
        self.assertIn('RAC0218', refused.reasons)
        self.assertIn('Too many sessions.', refused.reasons)

    def test_no_sessions_there(self):
        self.server.get(ROOT, {'RedfishVersion': '1.1.0'})
        self.assertEqual('Unauthorized', self.connect().probe().status)
        self.assertEqual([], self.server.asked('POST'))

    def test_forbidden_opens_no_session(self):
        self.sessions.refusal = 403
        self.assertEqual('Unauthorized', self.connect().probe().status)
        self.assertEqual([], self.server.asked('POST'))

    def test_location_at_another_server(self):
        """What cannot be ended is used nevertheless."""
        self.sessions.tokens.add('t')
        headers = {'X-Auth-Token': 't', 'Location': 'http://evil/redfish/s'}
        self.server.script['POST', SESSIONS] = scripted.Reply(201, {}, headers)
        connection = self.connect()
        self.assertEqual('Online', connection.probe().status)
        connection.close()
        self.assertEqual([], self.server.asked('DELETE'))

    def test_session_at_another_server(self):
        other = self.useFixture(scripted.Scripted())
        links = {'Sessions': connected.link(f'{other.url}{SESSIONS}')}
        self.server.get(ROOT, {'RedfishVersion': '1', 'Links': links})
        self.assertEqual('Offline', self.connect().probe().status)
        self.assertEqual([], other.requests)
