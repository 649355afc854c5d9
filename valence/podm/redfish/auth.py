"""Basic authentication, or a session where Basic is refused.

Basic works with nearly every pod manager, keeps nothing there and cannot
expire. A session is opened only when a server answers 401 to it and links to
its sessions; sessions are few (8 on some), so one is shared by all threads.
"""

import logging
import threading
from collections.abc import Mapping

from valence.common import exception, http_auth, http_client, http_deadline
from valence.podm.redfish import monitors, parse
from valence.podm.redfish.service import ROOT

LOG = logging.getLogger(__name__)

#: Answers to a login that say of the credentials, or of the place, that they
#: are wrong: then the refusal of the request itself says more.
_NOT_KNOWN = frozenset({401, 403, 404, 405})


class RedfishAuth(http_auth.BasicAuth):
    """The credentials of one pod manager's record."""

    def __init__(self, username: str, password: str) -> None:
        super().__init__(username, password)
        self._credentials = {'UserName': username, 'Password': password}
        self._token: str | None = None
        self._session: str | None = None
        self._lock = threading.Lock()

    def headers(self) -> dict[str, str]:
        token = self._token
        return {'X-Auth-Token': token} if token else self._basic

    def renew(
        self,
        client: http_client.HttpClient,
        refused: Mapping[str, str],
        status: int,
    ) -> bool:
        """Open a session, unless another thread did so meanwhile."""
        if not self._lock.acquire(timeout=http_deadline.remaining()):
            raise TimeoutError
        try:
            if self.headers() != refused:
                return True
            # To Basic, 403 is the answer of a server that knows us.
            if status == 403 and self._token is None:
                return False
            self._token = self._session = None
            return self._log_in(client)
        finally:
            self._lock.release()

    def close(self, client: http_client.HttpClient) -> None:
        with self._lock:
            headers, session = self.headers(), self._session
            self._token = self._session = None
        if session is None:
            return
        try:
            client.exchange('DELETE', session, headers=headers)
        except exception.PodManagerError as error:
            LOG.debug('The session was not closed: %s', error)

    def masked(self, text: str) -> str:
        token = self._token
        return super().masked(text.replace(token, '***') if token else text)

    def _log_in(self, client: http_client.HttpClient) -> bool:
        sessions = self._sessions_path(client)
        if sessions is None:
            return False
        answer = client.exchange('POST', sessions, self._credentials)
        token = answer.headers.get('X-Auth-Token')
        if answer.status >= 400 and answer.status not in _NOT_KNOWN:
            # Such as one session too many: that is what the user must know.
            why = client.refused('POST', answer)
            told = [str(why), *why.reasons, *why.kwargs.get('codes', ())]
            raise exception.PodManagerUnauthorized(
                url=client.url, reasons=list(dict.fromkeys(told))
            )
        if answer.status not in (200, 201, 204) or not token:
            return False
        self._token = token
        # Without it the session ends by itself, some time.
        self._session = monitors.location(client, answer)
        return True

    def _sessions_path(self, client: http_client.HttpClient) -> str | None:
        root = self._read(client, ROOT)
        if not root.raw:
            root = self._read(client, ROOT.rstrip('/'))
        found = root.link('Links', 'Sessions')
        if found is None and (service := root.link('SessionService')):
            found = self._read(client, service).link('Sessions')
        return found

    def _read(
        self, client: http_client.HttpClient, path: str
    ) -> parse.Document:
        # The way to the sessions is open to those who have none.
        return parse.answered(client, client.exchange('GET', path))
