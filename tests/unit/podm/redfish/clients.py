"""A client of its own, for what is not asked through a connection."""

import fixtures

from valence.common import http_addresses, http_auth, http_client


class Client(fixtures.Fixture):
    """An HTTP client, connected to the server at a url."""

    def __init__(self, url):
        super().__init__()
        self._url = url

    def _setUp(self):
        self.client = http_client.HttpClient(
            self._url,
            auth=http_auth.BasicAuth('admin', 'admin'),
            limits=http_client.Limits(
                allowed_networks=http_addresses.LOOPBACK
            ),
            under='/redfish/',
        )
        self.addCleanup(self.client.close)
