"""Ports to listen on, all or none, and what makes them safe.

A simulator that misses one of its ports must not begin, and must not
keep the others.
"""

import asyncio
import contextlib
import errno
import resource
import socket
import ssl
import struct
import typing

BACKLOG = 512

# Time for farewells: none, so that closing a socket resets it.
_NO_LINGER = struct.pack('ii', 1, 0)

# Descriptors beside the listening sockets: connections, files, the loop.
_SPARE_DESCRIPTORS = 256


class Unavailable(Exception):
    """The service cannot be offered; the message is for the user."""


def tls_context(cert: str, key: str) -> ssl.SSLContext:
    """Return what serves HTTPS with these PEM files.

    :raises Unavailable: when they cannot be read, or are no such files
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(cert, key)
    except OSError as exc:
        raise Unavailable(
            f'cannot use certificate {cert} with key {key}: '
            f'{exc.strerror or exc}'
        ) from exc
    return context


def open_all(host: str, port: int, count: int) -> list[socket.socket]:
    """Listen on successive ports; on free ones when ``port`` is 0.

    :raises Unavailable: and nothing is left open
    """
    _allow_descriptors(count)
    opened: list[socket.socket] = []
    try:
        for number in range(count):
            sock = bound(host, port + number if port else 0)
            opened.append(sock)
            _listen(sock, host)
    except Unavailable:
        close_all(opened)
        raise
    return opened


def close_all(opened: list[socket.socket]) -> None:
    """Stop listening."""
    for each in opened:
        each.close()


def reset(transport: asyncio.BaseTransport) -> None:
    """Abort a connection, so that the client sees a reset and no end."""
    sock = transport.get_extra_info('socket')
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    typing.cast(asyncio.Transport, transport).abort()


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that has a port, and refuses connections as yet.

    :raises Unavailable: when something else has the port
    """
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setblocking(False)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as exc:
        sock.close()
        raise _unavailable(host, port, exc) from exc
    return sock


def _listen(sock: socket.socket, host: str) -> None:
    try:
        sock.listen(BACKLOG)
    except OSError as exc:
        port = sock.getsockname()[1]
        raise _unavailable(host, port, exc) from exc


def _unavailable(host: str, port: int, exc: OSError) -> Unavailable:
    in_use = exc.errno == errno.EADDRINUSE
    reason = 'it is in use' if in_use else exc.strerror or str(exc)
    return Unavailable(f'cannot listen on {host} port {port}: {reason}')


def _allow_descriptors(count: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = count + _SPARE_DESCRIPTORS
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise Unavailable(
            f'{count} pod managers need {needed} open files, and the limit '
            f'is {hard}'
        )
    # Connections come on top, as many as there are clients.
    wanted = needed * 8
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
