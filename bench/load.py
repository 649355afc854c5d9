"""A client that asks as fast as it is answered, and costs next to nothing.

It runs on the cores of what it measures. So it is one thread over raw
sockets that are kept alive, and it reads of an answer no more than it must.
"""

import contextlib
import json
import select
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

_LENGTH = b'content-length:'
_END = b'\r\n\r\n'
_TIMEOUT = 60


class LoadError(Exception):
    """The server did not answer as it should."""


@dataclass(slots=True)
class Outcome:
    """:ivar latencies: seconds of each answer, in the order of arrival."""

    seconds: float = 0
    latencies: list[float] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.latencies)

    @property
    def rate(self) -> float:
        return self.count / self.seconds


def request(
    method: str, path: str, body: Any = None, *, host: str = '127.0.0.1'
) -> bytes:
    """Give a request as it goes over the wire."""
    content = b'' if body is None else json.dumps(body).encode()
    head = [f'{method} {path} HTTP/1.1', f'Host: {host}']
    if content:
        head += [
            'Content-Type: application/json',
            f'Content-Length: {len(content)}',
        ]
    return '\r\n'.join([*head, '', '']).encode() + content


def ask(port: int, method: str, path: str, body: Any = None) -> Any:
    """Ask once; give the answer's body.

    :raises LoadError: unless it is a success.
    """
    with contextlib.closing(_connect(port)) as connection:
        connection.sendall(request(method, path, body))
        answer = b''
        while (whole := _whole(answer)) is None:
            answer += _receive(connection)
    _check(answer)
    return json.loads(whole) if whole else None


def run(
    port: int,
    make: Callable[[int], bytes],
    *,
    connections: int,
    count: int | None = None,
    seconds: float | None = None,
) -> Outcome:
    """Let each connection ask again as soon as it has its answer.

    :param make: gives the request of a number, from 0 on.
    :param count: requests in all; or for how many seconds to ask.
    :raises LoadError: at the first answer that is no success.
    """
    last = count if count is not None else float('inf')
    with contextlib.ExitStack() as stack:
        sockets = [
            stack.enter_context(contextlib.closing(_connect(port)))
            for _ in range(connections)
        ]
        return _Loop(sockets, make, last, seconds or float('inf')).run()


class _Loop:
    def __init__(
        self,
        sockets: list[socket.socket],
        make: Callable[[int], bytes],
        last: float,
        seconds: float,
    ) -> None:
        self._sockets = {one.fileno(): one for one in sockets}
        self._make = make
        self._last = last
        self._seconds = seconds
        self._sent: dict[int, float] = {}
        self._partial: dict[int, bytes] = {}
        self._number = 0

    def run(self) -> Outcome:
        outcome = Outcome()
        poll = select.epoll()
        start = time.perf_counter()
        end = start + self._seconds
        for descriptor in self._sockets:
            poll.register(descriptor, select.EPOLLIN)
            if self._number < self._last:
                self._send(descriptor)
        while self._sent:
            ready = poll.poll(_TIMEOUT)
            if not ready:
                raise LoadError(f'No answer within {_TIMEOUT} s')
            for descriptor, _ in ready:
                if self._receive(descriptor, outcome):
                    now = time.perf_counter()
                    if self._number < self._last and now < end:
                        self._send(descriptor)
        outcome.seconds = time.perf_counter() - start
        poll.close()
        return outcome

    def _send(self, descriptor: int) -> None:
        self._sockets[descriptor].sendall(self._make(self._number))
        self._number += 1
        self._sent[descriptor] = time.perf_counter()

    def _receive(self, descriptor: int, outcome: Outcome) -> bool:
        """Take what has come; tell whether it is a whole answer."""
        answer = _receive(self._sockets[descriptor])
        if descriptor in self._partial:
            answer = self._partial.pop(descriptor) + answer
        if _whole(answer) is None:
            self._partial[descriptor] = answer
            return False
        _check(answer)
        sent = self._sent.pop(descriptor)
        outcome.latencies.append(time.perf_counter() - sent)
        return True


def _connect(port: int) -> socket.socket:
    connection = socket.create_connection(('127.0.0.1', port), _TIMEOUT)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _receive(connection: socket.socket) -> bytes:
    part = connection.recv(262144)
    if not part:
        raise LoadError('The server closed the connection')
    return part


def _whole(answer: bytes) -> bytes | None:
    """Give the body of an answer, or None while some of it is missing."""
    head_end = answer.find(_END)
    if head_end < 0:
        return None
    head = answer[:head_end].lower()
    at = head.find(_LENGTH)
    if at < 0:
        raise LoadError(f'An answer without a length: {head!r}')
    length = int(head[at + len(_LENGTH) :].split(b'\r', 1)[0])
    body = answer[head_end + len(_END) :]
    return body if len(body) >= length else None


def _check(answer: bytes) -> None:
    # "HTTP/1.1 2xx"
    if answer[9:10] != b'2':
        raise LoadError(answer[:2000].decode(errors='replace'))
