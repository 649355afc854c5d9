"""A total deadline for all that is read from a socket.

The time-outs of sockets hold for each single read: a server that sends
a byte now and then keeps a thread for ever. Here each read, of headers as of
a body, is given no more than what is left of the deadline.
"""

import contextlib
import contextvars
import io
import math
import socket
import time
from collections.abc import Iterator
from typing import Any, cast

_UNTIL: contextvars.ContextVar[float] = contextvars.ContextVar(
    'until', default=math.inf
)


@contextlib.contextmanager
def within(seconds: float) -> Iterator[float]:
    """Bound all calls inside together; an outer bound stays in force.

    Other threads take part if they run in a copy of the context.

    :returns: the seconds that are granted.
    """
    now = time.monotonic()
    until = min(_UNTIL.get(), now + seconds)
    token = _UNTIL.set(until)
    try:
        yield until - now
    finally:
        _UNTIL.reset(token)


def remaining() -> float:
    """Give the seconds that are left.

    :raises TimeoutError: if none are.
    """
    left = _UNTIL.get() - time.monotonic()
    if left <= 0:
        raise TimeoutError('the deadline is over')
    return left


def is_over() -> bool:
    """Tell whether no time is left."""
    return time.monotonic() >= _UNTIL.get()


class Reader(io.RawIOBase):
    """Reads from a socket while there is time.

    :param raw: what ``makefile`` has made of the socket, unbuffered.
    :ivar taken: bytes that have been read.
    """

    def __init__(self, sock: socket.socket, raw: io.RawIOBase) -> None:
        self._sock = sock
        self._raw = raw
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(remaining())
        count = cast(io.BufferedIOBase, self._raw).readinto(buffer)
        self.taken += count or 0
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()
