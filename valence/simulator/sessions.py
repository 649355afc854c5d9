"""Log in: Basic credentials and Redfish sessions of one pod."""

import base64
import binascii
import collections.abc
import dataclasses
import secrets
import time

TIMEOUT_SECONDS = 1800


@dataclasses.dataclass(slots=True)
class Session:
    """A session; ``used`` is when it was last used, by the clock."""

    id: str
    username: str
    token: str
    used: float


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

    def open(self, username: str, password: str) -> Session | None:
        """Start a session; None when the credentials are wrong."""
        if (username, password) != (self.username, self.password):
            return None
        self._forget_expired()
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
        self._forget_expired()
        return list(self._by_token.values())

    def accepts(self, headers: collections.abc.Mapping[str, str]) -> bool:
        """Tell whether a request with these headers is authenticated."""
        token = headers.get('X-Auth-Token')
        if token is not None:
            return self._accepts_token(token)
        scheme, _, value = headers.get('Authorization', '').partition(' ')
        if scheme.lower() != 'basic':
            return False
        return value == self._credentials or self._same(value)

    def _accepts_token(self, token: str) -> bool:
        session = self._by_token.get(token)
        if session is None:
            return False
        now = self.clock()
        if now - session.used > TIMEOUT_SECONDS:
            del self._by_token[token]
            return False
        session.used = now
        return True

    def _same(self, value: str) -> bool:
        # Another encoding of the same words, such as without padding.
        try:
            words = base64.b64decode(value.strip() + '==')
        except (binascii.Error, ValueError):
            return False
        return words == f'{self.username}:{self.password}'.encode()

    def _forget_expired(self) -> None:
        limit = self.clock() - TIMEOUT_SECONDS
        for token, session in list(self._by_token.items()):
            if session.used < limit:
                self._by_token.pop(token, None)
