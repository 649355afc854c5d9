"""Says who asks. What a client says of itself is stripped first."""

from collections.abc import Callable, Iterable
from typing import Any

from valence.api.middleware.request_id import ENVIRON_KEY, Application
from valence.common import context

CONTEXT_KEY = 'valence.context'

#: The headers by which a trusted middleware names who asks.
_IDENTITY = (
    'HTTP_X_AUTH',
    'HTTP_X_DOMAIN',
    'HTTP_X_IDENTITY',
    'HTTP_X_IS_ADMIN',
    'HTTP_X_PROJECT',
    'HTTP_X_ROLE',
    'HTTP_X_SERVICE',
    'HTTP_X_SYSTEM',
    'HTTP_X_TENANT',
    'HTTP_X_USER',
    'HTTP_OPENSTACK_SYSTEM_SCOPE',
)


class NoAuthentication:
    """Everybody is an admin: for a loopback address only."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        for name in [key for key in environ if key.startswith(_IDENTITY)]:
            del environ[name]
        environ.pop('REMOTE_USER', None)
        environ[CONTEXT_KEY] = context.RequestContext(
            request_id=environ[ENVIRON_KEY],
            is_admin=True,
            roles=['admin'],
            overwrite=True,
        )
        return self._application(environ, start_response)
