"""How the HTTP client shows who it is."""

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from valence.common.http_client import HttpClient


class Auth(Protocol):
    """How a client shows who it is. Thread-safe."""

    def headers(self) -> dict[str, str]:
        """Give what to send with each request."""

    def renew(
        self, client: 'HttpClient', refused: Mapping[str, str], status: int
    ) -> bool:
        """Get better headers than the refused ones; False if there are none.

        :raises PodManagerError:
        """

    def close(self, client: 'HttpClient') -> None:
        """Log out."""

    def masked(self, text: str) -> str:
        """Give a text of the other side without our secrets."""


class BasicAuth:
    """HTTP Basic authentication."""

    def __init__(self, username: str, password: str) -> None:
        self._password = password
        pair = base64.b64encode(f'{username}:{password}'.encode()).decode()
        self._basic = {'Authorization': f'Basic {pair}'}

    def headers(self) -> dict[str, str]:
        return self._basic

    def renew(
        self, client: 'HttpClient', refused: Mapping[str, str], status: int
    ) -> bool:
        return False

    def close(self, client: 'HttpClient') -> None:
        """Do nothing: there is no session."""

    def masked(self, text: str) -> str:
        for secret in (self._basic['Authorization'][6:], self._password):
            if secret:
                text = text.replace(secret, '***')
        return text
