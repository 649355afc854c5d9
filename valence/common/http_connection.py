"""The connections to one server, and one exchange on one of them.

Nothing here is repeated and nothing followed. What comes back is bounded:
its header, its body, and its body once more where it is compressed, which
nobody has asked for.
"""

import collections
import contextlib
import http
import http.client
import io
import select
import socket
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from valence.common import (
    exception,
    http_deadline,
    http_failure,
    http_links,
    http_stream,
    http_tls,
)
from valence.common.http_answer import Answer
from valence.common.http_route import Route

MAX_HEADER = 64 * 1024

_CHUNK = 65536
#: For zlib: gzip or zlib, by what the data begins with.
_ANY_FORMAT = 47
_NOT_PACKED = 'it is not what its encoding says'


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent; ``content`` is JSON."""

    method: str
    path: str
    headers: Mapping[str, str]
    content: bytes | None = None


class Connections:
    """So many connections to one server, kept alive. Thread-safe.

    :param timeout: seconds until a new connection stands.
    :param most: connections at one time; who wants one more has to wait.
    :param max_body: bytes of one answer.
    """

    def __init__(
        self,
        origin: http_links.Origin,
        route: Route,
        trust: http_tls.Trust,
        *,
        timeout: float,
        most: int,
        max_body: int,
    ) -> None:
        self._origin = origin
        self._url = str(origin)
        self._route = route
        self._trust = trust
        self._timeout = timeout
        self._max_body = max_body
        self._slots = threading.BoundedSemaphore(most)
        self._idle: collections.deque[_Connection] = collections.deque()
        self._tls: http_tls.Tls | None = None

    def exchange(self, request: Request, before: Callable[[], None]) -> Answer:
        """Send a request and read the answer, whatever it says.

        :param before: called when a connection stands and nothing has been
            sent; what it raises is raised instead of sending.
        :raises PodManagerError: if there is no answer, and it is known why.
        :raises Lost: if there is no connection, or none any more.
        :raises TimeoutError: if the deadline is over.
        """
        if not self._slots.acquire(timeout=http_deadline.remaining()):
            raise TimeoutError
        try:
            connection = self._kept() or self._opened()
            with contextlib.ExitStack() as stack:
                stack.callback(connection.close)
                before()
                answer = self._exchange(connection, request)
                # It has been read to its end.
                if connection.sock is not None:
                    stack.pop_all()
                    connection.idle_since = time.monotonic()
                    self._idle.append(connection)
            return answer
        finally:
            self._slots.release()

    def begin(
        self, request: Request, *, idle: float
    ) -> Answer | http_stream.Stream:
        """Send a GET on a connection of its own, which is none of those.

        :param idle: see :class:`~valence.common.http_stream.Stream`.
        :returns: a stream of an answer that is good, of another all of it.
        :raises: as :meth:`exchange` does.
        """
        connection = self._opened()
        sock = connection.sock
        with contextlib.ExitStack() as stack:
            stack.callback(connection.close)
            try:
                response = connection.ask(request)
                if response.status != http.HTTPStatus.OK:
                    return self._answer(request.path, response)
            except (http.client.HTTPException, OSError, ValueError) as error:
                raise http_failure.failure(
                    self._url, request.path, error
                ) from None
            stack.pop_all()
            return http_stream.Stream(
                connection,
                response,
                sock,
                url=self._url,
                path=request.path,
                idle=idle,
            )

    def close(self) -> None:
        """Drop the connections that are not in use."""
        with contextlib.suppress(IndexError):
            while True:
                self._idle.pop().close()

    def drop_idle(self, seconds: float) -> None:
        """Drop the connections that nobody has used for so long."""
        before = time.monotonic() - seconds
        with contextlib.suppress(IndexError):
            while True:
                # The one that was used last is taken first: here are the old.
                connection = self._idle.popleft()
                if connection.idle_since > before:
                    self._idle.appendleft(connection)
                    break
                connection.close()

    def _kept(self) -> '_Connection | None':
        """Give a connection that stood a moment ago."""
        with contextlib.suppress(IndexError):
            while True:
                connection = self._idle.pop()
                if not _has_ended(connection.sock):
                    return connection
                connection.close()
        return None

    def _opened(self) -> '_Connection':
        what = 'connection'
        try:
            with http_deadline.within(self._timeout):
                sock = self._route.connect()
                if self._origin.scheme == 'https':
                    what = 'TLS'
                    sock = self._secured(sock)
        except TimeoutError:
            if http_deadline.is_over():
                raise
            raise exception.PodManagerUnreachable(
                url=self._url, reason=f'no {what} in time'
            ) from None
        return _Connection(self._origin, sock)

    def _secured(self, sock: socket.socket) -> socket.socket:
        try:
            if self._tls is None:
                self._tls = http_tls.Tls(self._origin, self._trust)
            return self._tls.secure(sock)
        except BaseException:
            sock.close()
            raise

    def _exchange(self, connection: '_Connection', request: Request) -> Answer:
        try:
            with connection.ask(request) as response:
                return self._answer(request.path, response)
        except (http.client.HTTPException, OSError, ValueError) as error:
            raise http_failure.failure(
                self._url, request.path, error
            ) from None

    def _answer(self, path: str, response: http.client.HTTPResponse) -> Answer:
        body = self._body(path, response)
        # It has all that we ask of a mapping.
        headers = cast(Mapping[str, str], response.headers)
        return Answer(response.status, path, headers, body)

    def _body(self, path: str, response: http.client.HTTPResponse) -> bytes:
        if (response.length or 0) > self._max_body:
            raise self._too_large(path)
        if response.length is not None:
            body = response.read()
        else:
            body = self._body_without_length(path, response)
        coding = response.headers.get('Content-Encoding', 'identity').lower()
        if coding == 'identity' or not body:
            return body
        return self._unpacked(path, body, coding)

    def _body_without_length(
        self, path: str, response: http.client.HTTPResponse
    ) -> bytes:
        body = bytearray()
        while chunk := response.read(_CHUNK):
            body += chunk
            if len(body) > self._max_body:
                raise self._too_large(path)
        return bytes(body)

    def _unpacked(self, path: str, body: bytes, coding: str) -> bytes:
        """Unpack a body, no further than it may be large."""
        if coding not in ('deflate', 'gzip', 'x-gzip'):
            raise self._malformed(path, 'its encoding is not known')
        decoder = zlib.decompressobj(_ANY_FORMAT)
        try:
            unpacked = decoder.decompress(body, self._max_body + 1)
        except zlib.error:
            raise self._malformed(path, _NOT_PACKED) from None
        if len(unpacked) > self._max_body:
            raise self._too_large(path)
        if not decoder.eof:
            raise self._malformed(path, _NOT_PACKED)
        return unpacked

    def _too_large(self, path: str) -> exception.PodManagerMalformed:
        return self._malformed(
            path, f'it has more than {self._max_body} bytes'
        )

    def _malformed(
        self, path: str, reason: str
    ) -> exception.PodManagerMalformed:
        return exception.PodManagerMalformed(
            url=self._url, path=path, reason=reason
        )


class _Response(http.client.HTTPResponse):
    """An answer that is read within the deadline."""

    def __init__(
        self,
        sock: socket.socket,
        debuglevel: int = 0,
        method: str | None = None,
        url: str | None = None,
    ) -> None:
        super().__init__(sock, debuglevel, method, url)
        raw = self.fp.detach()
        self._reader = _HeaderReader(sock, raw)
        self.fp = io.BufferedReader(self._reader)

    def begin(self) -> None:
        super().begin()
        self._reader.most = None


class _HeaderReader(http_deadline.Reader):
    """Reads no more than a header may have, until that has been read."""

    most: int | None = MAX_HEADER

    def readinto(self, buffer: object) -> int | None:
        if self.most is not None and self.taken > self.most:
            raise http.client.HTTPException('the header has no end')
        return super().readinto(buffer)


class _Connection(http.client.HTTPConnection):
    """A connection that stands already, and never by itself again.

    :ivar idle_since: when its last answer had been read, monotonic.
    """

    response_class = _Response
    auto_open = 0
    idle_since = 0.0

    def __init__(self, origin: http_links.Origin, sock: socket.socket) -> None:
        if origin.scheme == 'https':
            self.default_port = http.client.HTTPS_PORT
        super().__init__(origin.host, origin.port)
        self.sock = sock

    def ask(self, request: Request) -> http.client.HTTPResponse:
        self.sock.settimeout(http_deadline.remaining())
        self.request(
            request.method,
            http_links.quoted(request.path),
            request.content,
            dict(request.headers),
        )
        return self.getresponse()


def _has_ended(sock: socket.socket) -> bool:
    """Tell whether a connection was closed, or has what nobody asked for."""
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(0))
