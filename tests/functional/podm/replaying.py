"""A server that says what it is told to, some thousand times a second.

It speaks just enough HTTP for that: one thread serves all connections, and
each request is answered by a function, with bytes that need not be HTTP.
"""

import dataclasses
import selectors
import socket
import threading
from collections.abc import Callable, Mapping
from typing import Any

import fixtures
import orjson

_END = b'\r\n\r\n'


@dataclasses.dataclass(frozen=True)
class Answer:
    """An answer.

    :ivar document: sent as JSON, unless there is a body.
    :ivar body: bytes to send in its place.
    :ivar wire: all that is sent, before the connection is closed.
    """

    status: int = 200
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    document: Any = None
    body: bytes | None = None
    wire: bytes | None = None

    def content(self) -> bytes:
        if self.body is not None:
            return self.body
        return b'' if self.document is None else orjson.dumps(self.document)

    def encoded(self) -> bytes:
        if self.wire is not None:
            return self.wire
        content = self.content()
        head = [f'HTTP/1.1 {self.status} Said']
        headers = {'Content-Length': str(len(content)), **self.headers}
        head += [f'{name}: {value}' for name, value in headers.items()]
        return '\r\n'.join(head).encode('latin-1') + _END + content


@dataclasses.dataclass(frozen=True)
class Request:
    """What was asked; the names of the headers are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]


class Replaying(fixtures.Fixture):
    """The server; ``reply`` is what answers, and may be replaced."""

    def __init__(self) -> None:
        super().__init__()
        self.reply: Callable[[Request], Answer] = lambda _request: Answer(404)

    def _setUp(self) -> None:
        self._listener = socket.create_server(('127.0.0.1', 0))
        self._listener.setblocking(False)
        self._wake, self._woken = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._pending: dict[socket.socket, bytes] = {}
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        self.addCleanup(self._stop)

    @property
    def url(self) -> str:
        return f'http://127.0.0.1:{self._listener.getsockname()[1]}'

    def _stop(self) -> None:
        self._wake.send(b'x')
        self._thread.join()
        for sock in (*self._pending, self._listener, self._wake, self._woken):
            sock.close()
        self._selector.close()

    def _serve(self) -> None:
        while True:
            for key, _events in self._selector.select():
                if key.fileobj is self._woken:
                    return
                if key.fileobj is self._listener:
                    self._accept()
                else:
                    self._read(key.fileobj)

    def _accept(self) -> None:
        sock, _address = self._listener.accept()
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # So that a client which does not read cannot stop all others.
        sock.settimeout(10)
        self._pending[sock] = b''
        self._selector.register(sock, selectors.EVENT_READ)

    def _read(self, sock: Any) -> None:
        try:
            received = sock.recv(65536)
            self._pending[sock] += received
            goes_on = bool(received) and self._answer(sock)
        except OSError:
            goes_on = False
        if not goes_on:
            self._selector.unregister(sock)
            del self._pending[sock]
            sock.close()

    def _answer(self, sock: Any) -> bool:
        """Answer what was asked, once it is there as a whole."""
        head, end, body = self._pending[sock].partition(_END)
        if not end:
            return True
        first, *lines = head.decode('latin-1').split('\r\n')
        pairs = (line.partition(': ') for line in lines)
        headers = {name.lower(): value for name, _colon, value in pairs}
        if len(body) < int(headers.get('content-length', 0)):
            return True
        self._pending[sock] = b''
        method, path, _version = first.split(' ')
        answer = self.reply(Request(method, path, headers))
        sock.sendall(answer.encoded())
        # What says nothing proper of its length ends with the connection.
        return answer.wire is None and 'Content-Length' not in answer.headers
