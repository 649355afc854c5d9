"""Calls of the HTTP client, at a server that answers as a test says."""

import testtools

from tests.unit.podm import scripted
from valence.common import http_addresses, http_auth, http_client, http_tls

PASSWORD = 'correct-horse'
PATH = '/redfish/v1/Systems'
GOOD = scripted.Reply(body={'Id': '1'})
CLOSED_HEADERS = b'HTTP/1.1 200 OK\r\nConnection: close\r\n'

#: Slack of the time measured: the machine may be busy.
BIT = 1.0


class HttpClientTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.server = self.useFixture(scripted.Scripted())
        self.script = self.server.script

    def client(
        self,
        url=None,
        trust=http_tls.SYSTEM,
        auth=None,
        health=None,
        allowed=http_addresses.LOOPBACK,
        **limits,
    ):
        client = http_client.HttpClient(
            url or self.server.url,
            auth=auth or http_auth.BasicAuth('me', PASSWORD),
            limits=http_client.Limits(allowed_networks=allowed, **limits),
            trust=trust,
            under='/redfish/',
            health=health,
        )
        self.addCleanup(client.close)
        return client

    def assertFails(self, kind, method='GET', client=None, **limits):
        """Send a request that fails, and give the error."""
        client = client or self.client(**limits)
        error = self.assertRaises(kind, client.send, method, PATH)
        self.assertIs(kind, type(error))
        self.assertNotIn(PASSWORD, f'{error} {error.to_dict()}')
        return error
