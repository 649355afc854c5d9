"""Gives every error its one shape, wherever it comes from.

A crash says nothing but the request id; the log says the rest.
"""

import logging
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

import orjson

from valence.api.middleware.request_id import ENVIRON_KEY, Application
from valence.common import exception

LOG = logging.getLogger(__name__)

#: Seconds after which a client may try again what was unavailable.
_RETRY_AFTER = '5'
_LATER = (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS)
_TITLES = {
    400: 'Bad request',
    404: 'Resource could not be found',
    405: 'Method not allowed',
}
_DETAILS = {
    400: 'The request could not be understood.',
    404: 'There is nothing at {path}: see / for what there is.',
    405: '{method} is not for {path}: see the Allow header.',
}


class Errors:
    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        replaced: list[tuple[int, list[tuple[str, str]]]] = []

        def start(
            status: str, headers: list[tuple[str, str]], *rest: Any
        ) -> Any:
            code = int(status[:3])
            if code >= 400 and not _is_json(headers):
                replaced.append((code, headers))
                return lambda _data: None
            return start_response(status, headers, *rest)

        try:
            answer = self._application(environ, start)
        except exception.ValenceError as error:
            return _send(environ, start_response, _of_ours(error))
        except Exception:
            LOG.exception('A request crashed')
            return _send(environ, start_response, _crash())
        if not replaced:
            return answer
        if hasattr(answer, 'close'):
            answer.close()
        code, headers = replaced[0]
        allow = [header for header in headers if header[0] == 'Allow']
        return _send(environ, start_response, _foreign(environ, code), allow)


def _is_json(headers: list[tuple[str, str]]) -> bool:
    return any(
        name.lower() == 'content-type' and value.startswith('application/json')
        for name, value in headers
    )


def _of_ours(error: exception.ValenceError) -> dict[str, Any]:
    if error.status == 500:
        return _crash()
    return error.to_dict()


def _crash() -> dict[str, Any]:
    return exception.error_body(
        status=500,
        title='Internal error',
        detail='An unexpected error occurred; the log of the service tells '
        'more under the request id.',
    )


def _foreign(environ: dict[str, Any], status: int) -> dict[str, Any]:
    """Give the shape to an error of the framework's."""
    detail = _DETAILS.get(status, 'The request could not be served.')
    return exception.error_body(
        status=status,
        title=_TITLES.get(status, HTTPStatus(status).phrase),
        detail=detail.format(
            path=environ.get('PATH_INFO', '/'),
            method=environ.get('REQUEST_METHOD', ''),
        ),
    )


def _send(
    environ: dict[str, Any],
    start_response: Callable[..., Any],
    body: dict[str, Any],
    headers: Iterable[tuple[str, str]] = (),
) -> list[bytes]:
    content = orjson.dumps({**body, 'request_id': environ.get(ENVIRON_KEY)})
    status = HTTPStatus(body['status'])
    all_headers = [
        ('Content-Type', 'application/json'),
        ('Content-Length', str(len(content))),
        *headers,
    ]
    if status in _LATER:
        all_headers.append(('Retry-After', _RETRY_AFTER))
    start_response(f'{status.value} {status.phrase}', all_headers)
    return [] if environ['REQUEST_METHOD'] == 'HEAD' else [content]
