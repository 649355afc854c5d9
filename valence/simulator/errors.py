"""Errors as a pod manager words them.

The body has the one shape that versions 2.1 to 2.3 use.  Handlers raise
RedfishError; only the pipeline makes an answer of it.
"""

import typing
from collections.abc import Iterable

_PREFIX = 'Base.1.0.'


class RedfishError(Exception):
    """An answer with an error body."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        details: Iterable[str] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = tuple(details)
        self.headers = headers or {}

    def document(self) -> dict[str, typing.Any]:
        """Return the body."""
        return {
            'error': {
                'code': _PREFIX + self.code,
                'message': self.message,
                '@Message.ExtendedInfo': [
                    {'MessageId': _PREFIX + 'GeneralError', 'Message': each}
                    for each in self.details or (self.message,)
                ],
            }
        }


def invalid_payload(*details: str) -> RedfishError:
    """Return the error for a body that cannot be used."""
    return RedfishError(
        400,
        'InvalidPayload',
        'Request payload is invalid or missing',
        details,
    )


def unknown_endpoint(path: str) -> RedfishError:
    """Return the error for a path that leads nowhere."""
    return RedfishError(
        404,
        'InvalidEndpoint',
        'Requested endpoint was not found',
        (f'There is no resource at {path}.',),
    )


def conflict(message: str, *details: str) -> RedfishError:
    """Return the error for an action that the state does not allow."""
    return RedfishError(409, 'ResourcesStateMismatch', message, details)


def wrong_method(method: str, allowed: Iterable[str]) -> RedfishError:
    """Return the error for a method that a resource does not have."""
    return RedfishError(
        405,
        'InvalidHttpMethod',
        'Invalid http method',
        (f'{method} is not allowed here.',),
        {'Allow': ', '.join(sorted(allowed))},
    )


def unauthorized() -> RedfishError:
    """Return the error for a request without valid credentials."""
    return RedfishError(
        401,
        'Unauthorized',
        'Authentication is required',
        headers={'WWW-Authenticate': 'Basic realm="Redfish"'},
    )


def malformed_query(detail: str) -> RedfishError:
    """Return the error for a query that is understood and wrong."""
    return RedfishError(
        400, 'MalformedUri', 'Query parameter is malformed', (detail,)
    )


def not_implemented(detail: str) -> RedfishError:
    """Return the error for a standard feature this service lacks."""
    return RedfishError(
        501, 'NotImplemented', 'Functionality is not implemented', (detail,)
    )


def unknown_exception(status: int = 500) -> RedfishError:
    """Return the error that tells nothing."""
    return RedfishError(status, 'UnknownException', 'Unknown exception')


def too_large() -> RedfishError:
    """Return the error for a body beyond the limit."""
    return RedfishError(413, 'InvalidPayload', 'Request payload is too large')
