"""Log in: Basic credentials and Redfish sessions of one pod."""

import base64
import binascii
import collections.abc
import dataclasses
import secrets
import time

from valence.simulator import errors

TIMEOUT_SECONDS = 1800


@dataclasses.dataclass(slots=True)
class Session:
    """A session; ``used`` is when it was last used, by the clock.

    ``requests`` is how often that was.
    """

    id: str
    username: str
    token: str
    used: float
    requests: int = 0


class Sessions:
    """The account of a pod and the sessions that are open."""

    def __init__(
        self,
        username: str,
        password: str,
        clock: collections.abc.Callable[[], float] = time.monotonic,
    ) -> None:
        self.username = username
        self.password = password
        self.clock = clock
        plain = f'{username}:{password}'.encode()
        self._credentials = base64.b64encode(plain).decode()
        self._by_token: dict[str, Session] = {}
        self._last_id = 0

    def open(
        self,
        username: str,
        password: str,
        limit: int | None = None,
        requests: int | None = None,
    ) -> Session:
        """Start a session.

        :param limit: the most there may be
        :param requests: after how many a session has ended
        :raises RedfishError: 401 for wrong credentials; 503 when there are
            too many
        """
        if (username, password) != (self.username, self.password):
            raise errors.unauthorized()
        self._forget_ended(requests)
        if limit is not None and len(self._by_token) >= limit:
            raise errors.TooManySessions
        self._last_id += 1
        session = Session(
            str(self._last_id),
            username,
            secrets.token_hex(16),
            self.clock(),
        )
        self._by_token[session.token] = session
        return session

    def close(self, session_id: str) -> bool:
        """End a session; whether there was one."""
        session = self.find(session_id)
        return (
            session is not None
            and self._by_token.pop(session.token, None) is not None
        )

    def find(self, session_id: str) -> Session | None:
        """Return the open session with this id."""
        found = (each for each in self.all() if each.id == session_id)
        return next(found, None)

    def all(self) -> list[Session]:
        """Return the open sessions."""
        self._forget_ended()
        return list(self._by_token.values())

    def accepts(
        self,
        headers: collections.abc.Mapping[str, str],
        requests: int | None = None,
    ) -> bool:
        """Tell whether a request with these headers is authenticated.

        :param requests: after how many a session has ended
        """
        token = headers.get('X-Auth-Token')
        if token is not None:
            return self._accepts_token(token, requests)
        scheme, _, value = headers.get('Authorization', '').partition(' ')
        if scheme.lower() != 'basic':
            return False
        return value == self._credentials or self._same(value)

    def _accepts_token(self, token: str, requests: int | None) -> bool:
        session = self._by_token.get(token)
        if session is None:
            return False
        if self._has_ended(session, requests):
            del self._by_token[token]
            return False
        session.used = self.clock()
        session.requests += 1
        return True

    def _same(self, value: str) -> bool:
        # Another encoding of the same words, such as without padding.
        try:
            words = base64.b64decode(value.strip() + '==')
        except (binascii.Error, ValueError):
            return False
        return words == f'{self.username}:{self.password}'.encode()

    def _has_ended(self, session: Session, requests: int | None) -> bool:
        if requests is not None and session.requests >= requests:
            return True
        return self.clock() - session.used > TIMEOUT_SECONDS

    def _forget_ended(self, requests: int | None = None) -> None:
        for token, session in list(self._by_token.items()):
            if self._has_ended(session, requests):
                self._by_token.pop(token, None)
