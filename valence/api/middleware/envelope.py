"""Opens a request: path, query and body, checked and bounded.

pecan behind it sees neither query nor body. It would parse the body a second
time, crash on a list in it, and take a parameter ``_method`` for a method.
"""

import io
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib import parse

import orjson

from valence.api.middleware.identity import CONTEXT_KEY
from valence.api.middleware.request_id import Application
from valence.api.request import ENVIRON_KEY, Request
from valence.common import exception

_WAIT = re.compile(r'\bwait\s*=\s*(\d{1,6})\b')
_LONGEST_KEY = 255
_JSON_TYPES = ('application/json', 'application/merge-patch+json')


class Envelope:
    """:param max_body: bytes. :param max_depth: nesting of the body."""

    def __init__(
        self, application: Application, *, max_body: int, max_depth: int
    ) -> None:
        self._application = application
        self._max_body = max_body
        self._max_depth = max_depth

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        path = _path(environ)
        environ[ENVIRON_KEY] = Request(
            ctxt=environ[CONTEXT_KEY],
            query=_query(environ),
            json=self._body(environ),
            url=_url(environ, path),
            prefer_wait=_prefer_wait(environ),
            method=environ['REQUEST_METHOD'],
            path=path,
            idempotency_key=_idempotency_key(environ),
        )
        environ['PATH_INFO'] = path
        environ['QUERY_STRING'] = ''
        environ['CONTENT_LENGTH'] = '0'
        environ['wsgi.input'] = io.BytesIO()
        environ['HTTP_ACCEPT'] = '*/*'
        environ.pop('CONTENT_TYPE', None)
        return self._application(environ, start_response)

    def _body(self, environ: dict[str, Any]) -> Any:
        raw = self._read(environ)
        if not raw:
            return None
        kind = environ.get('CONTENT_TYPE', '').partition(';')[0].strip()
        if kind.lower() not in _JSON_TYPES:
            raise exception.UnsupportedContentType()
        try:
            body = orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise exception.BadRequest(
                detail=f'The body is not JSON: {error}.'
            ) from None
        _check(body, self._max_depth)
        return body

    def _read(self, environ: dict[str, Any]) -> bytes:
        """Read the body, of known length or chunked, up to the limit."""
        length = environ.get('CONTENT_LENGTH') or ''
        if length and (not length.isascii() or not length.isdigit()):
            raise exception.BadRequest(detail='Content-Length is not valid.')
        chunked = bool(environ.get('wsgi.input_terminated'))
        if not length and not chunked:
            return b''
        if length and int(length) > self._max_body:
            raise self._too_large()
        most = int(length) if length else self._max_body + 1
        raw: bytes = environ['wsgi.input'].read(most)
        if len(raw) > self._max_body:
            raise self._too_large()
        return raw

    def _too_large(self) -> exception.PayloadTooLarge:
        return exception.PayloadTooLarge(most=self._max_body // 1024)


def _path(environ: dict[str, Any]) -> str:
    """Give the path, with or without its last slash the same."""
    path: str = environ.get('PATH_INFO', '/')
    try:
        decoded = path.encode('latin-1').decode()
    except UnicodeError:
        raise exception.BadRequest(detail='The path is not UTF-8.') from None
    if '\0' in decoded:
        raise exception.NotFound(
            detail=f'There is nothing at {decoded!r}: see / for what there is.'
        )
    return path.rstrip('/') or '/'


def _query(environ: dict[str, Any]) -> dict[str, str]:
    try:
        pairs = parse.parse_qsl(
            environ.get('QUERY_STRING', ''),
            keep_blank_values=True,
            errors='strict',
            max_num_fields=100,
        )
    except ValueError:
        raise exception.BadRequest(
            detail='The query is not valid: it must be UTF-8, with at most '
            '100 parameters.'
        ) from None
    if any('\0' in name or '\0' in value for name, value in pairs):
        raise exception.BadRequest(detail='The query has a NUL in it.')
    return dict(pairs)


def _url(environ: dict[str, Any], path: str) -> str:
    host = environ.get('HTTP_HOST') or environ.get('SERVER_NAME', '')
    return f'{environ["wsgi.url_scheme"]}://{host}{parse.quote(path)}'


def _prefer_wait(environ: dict[str, Any]) -> float:
    prefer = environ.get('HTTP_PREFER')
    found = _WAIT.search(prefer) if prefer else None
    return float(found[1]) if found else 0


def _idempotency_key(environ: dict[str, Any]) -> str | None:
    key: str | None = environ.get('HTTP_IDEMPOTENCY_KEY')
    if key is None:
        return None
    printable = key.isascii() and key.isprintable()
    if not 1 <= len(key) <= _LONGEST_KEY or not printable:
        raise exception.BadRequest(
            detail='Idempotency-Key must be of 1 to '
            f'{_LONGEST_KEY} printable ASCII characters.'
        )
    return key


def _check(value: Any, left: int) -> None:
    """Refuse what is nested too deeply, and a NUL, which no text needs."""
    if isinstance(value, str):
        if '\0' in value:
            raise exception.BadRequest(detail='The body has a NUL in it.')
    elif isinstance(value, dict | list):
        if left == 0:
            raise exception.BadRequest(detail='The body is nested too deeply.')
        for item in value:
            _check(item, left - 1)
        if isinstance(value, dict):
            for item in value.values():
                _check(item, left - 1)
