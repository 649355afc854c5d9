"""Errors as a pod manager words them.

The body has the one shape that versions 2.1 to 2.3 use.  Handlers raise
RedfishError; only the pipeline makes an answer of it.
"""

import http.client
import typing
from collections.abc import Iterable, Mapping

_PREFIX = 'Base.1.0.'
_UNWELL = {
    500: 'UnknownException',
    502: 'ExternalServiceError',
    503: 'ServiceUnavailable',
    504: 'GatewayTimeout',
}


class RedfishError(Exception):
    """An answer with an error body."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        details: Iterable[str] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = tuple(details)
        self.headers = dict(headers or {})

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


def unwell(status: int, headers: Mapping[str, str]) -> RedfishError:
    """Return the error of a service that cannot answer now."""
    phrase = http.client.responses.get(status, 'Error')
    code = _UNWELL.get(status, 'GeneralError')
    return RedfishError(status, code, phrase, headers=headers)


def gone(path: str) -> RedfishError:
    """Return the error for what was at a path and is no more."""
    detail = f'What was at {path} has expired.'
    return RedfishError(410, 'GeneralError', 'Resource has expired', (detail,))


def changed(path: str) -> RedfishError:
    """Return the error for what is not as the client knows it."""
    detail = f'What is at {path} has changed; its ETag is another one.'
    return RedfishError(
        412, 'PreconditionFailed', 'Precondition failed', (detail,)
    )


def too_much(most: int) -> RedfishError:
    """Return the error for an answer that would have no end."""
    detail = f'There are at most {most} resources in an answer.'
    return RedfishError(
        507, 'GeneralError', 'The answer would be too large', (detail,)
    )


def too_large() -> RedfishError:
    """Return the error for a body beyond the limit."""
    return RedfishError(413, 'InvalidPayload', 'Request payload is too large')


class TooManySessions(RedfishError):
    """The refusal of a login, as iDRAC words it.

    Seen in gofish issue 75 and check_redfish issue 89.
    """

    def __init__(self) -> None:
        super().__init__(
            503,
            'GeneralError',
            'A general error has occurred. See ExtendedInfo for more '
            'information',
        )

    def document(self) -> dict[str, typing.Any]:
        """Return the body."""
        return {
            'error': {
                'code': 'Base.1.7.GeneralError',
                'message': self.message,
                '@Message.ExtendedInfo': [
                    {
                        'MessageId': 'IDRAC.2.4.RAC0218',
                        'Message': 'The maximum number of user sessions is '
                        'reached.',
                        'MessageArgs': [],
                        'MessageArgs@odata.count': 0,
                        'RelatedProperties': [],
                        'RelatedProperties@odata.count': 0,
                        'Resolution': 'Close one or more sessions before '
                        'opening another session.',
                        'Severity': 'Informational',
                    }
                ],
            }
        }
