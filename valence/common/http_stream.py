"""An answer of a server that goes on: its lines, as they come.

Such an answer has no end and so no deadline. What is bounded instead is the
silence between two pieces, the length of a line, and how long the header may
take. It is read on a connection of its own: no other call waits for it, and
who wants it to end closes it, from any thread.
"""

import contextlib
import http.client
import socket
import threading
from collections.abc import Iterator

from valence.common import exception, http_deadline, http_failure

#: Bytes of one line.
MAX_LINE = 1024 * 1024

_PIECE = 65536


class Stream:
    """The lines of an answer. To be read by one thread, and read once.

    :param opened: the connection, which ends with this.
    :param sock: of it; it may have let go of that already.
    :param idle: seconds without a byte after which it has ended.
    """

    def __init__(
        self,
        opened: http.client.HTTPConnection,
        response: http.client.HTTPResponse,
        sock: socket.socket,
        *,
        url: str,
        path: str,
        idle: float,
    ) -> None:
        self._sock = sock
        self._opened = opened
        self._response = response
        self._url = url
        self._path = path
        self._idle = idle
        self._lock = threading.Lock()
        self._closed = False
        self._started = False
        self._ended = False

    def __iter__(self) -> Iterator[bytes]:
        """Yield lines, without what ends them, until the stream ends.

        That it was closed by :meth:`close`, or that nothing came for too
        long, is an end like that of the server.

        :raises PodManagerError: if the connection is lost, or what comes is
            no proper HTTP, or a line has no end.
        """
        with self._lock:
            self._started = True
            if self._ended:
                return
        try:
            yield from self._lines()
        finally:
            with self._lock:
                self._end()

    @property
    def kind(self) -> str:
        """Give the media type, in lower case and without parameters."""
        kind = self._response.headers.get('Content-Type') or ''
        return kind.partition(';')[0].strip().lower()

    def close(self) -> None:
        """Have it end at once; idempotent, from any thread."""
        with self._lock:
            self._closed = True
            if not self._started:
                self._end()
            elif not self._ended:
                # Who reads wakes up, and ends it. That of TLS would change
                # what is being read from.
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(self._sock, socket.SHUT_RDWR)

    def _end(self) -> None:
        if not self._ended:
            self._ended = True
            self._response.close()
            self._opened.close()

    def _lines(self) -> Iterator[bytes]:
        rest = bytearray()
        after_return = False
        while piece := self._piece():
            if after_return and piece.startswith(b'\n'):
                piece = piece[1:]
            after_return = piece.endswith(b'\r')
            first, *others = _split(piece)
            rest += first
            if others:
                yield bytes(rest)
                *lines, last = others
                yield from lines
                rest = bytearray(last)
            if len(rest) > MAX_LINE:
                raise self._malformed('a line of it has no end')

    def _piece(self) -> bytes:
        """Read what there is; nothing at the end."""
        try:
            with http_deadline.within(self._idle):
                return self._response.read1(_PIECE)
        except TimeoutError:
            return b''
        except (http.client.HTTPException, OSError, ValueError) as error:
            if self._closed:
                return b''
            raise self._failure(error) from None

    def _failure(self, error: Exception) -> Exception:
        failure = http_failure.failure(self._url, self._path, error)
        if not isinstance(failure, http_failure.Lost):
            return failure
        return exception.PodManagerConnectionLost(
            url=self._url, method='GET', path=self._path, reason=str(failure)
        )

    def _malformed(self, reason: str) -> exception.PodManagerMalformed:
        return exception.PodManagerMalformed(
            url=self._url, path=self._path, reason=reason
        )


def _split(text: bytes) -> list[bytes]:
    r"""Split at ``\n``, ``\r\n`` and ``\r``, as server-sent events do."""
    plain = text.replace(b'\r\n', b'\n').replace(b'\r', b'\n')
    return plain.split(b'\n')
