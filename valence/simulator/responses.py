"""Send answers: at once, drop by drop, or in more than is good."""

import asyncio
import contextlib
import typing
from collections.abc import Awaitable, Callable, Iterator, Mapping

from aiohttp import web

from valence.simulator import exchange

_JSON = 'application/json; charset=utf-8'

_CHUNK = 65536

# No client should take them all; one that does must not fill the memory.
_HEADER = b'x' * 1000
_MOST_HEADERS = 200_000

# How often a drop falls, where each can have more than a byte.
_DROPS_PER_SECOND = 20


def whole(reply: exchange.Reply) -> web.Response:
    """Return what HTTP makes of an answer."""
    body = reply.content()
    headers = _headers(reply, body)
    return web.Response(body=body, status=reply.status, headers=headers)


async def dripping(
    request: web.BaseRequest, reply: exchange.Reply, rate: float
) -> web.StreamResponse:
    """Send an answer, its body slowly; return what was sent.

    :param rate: bytes per second
    """
    body = reply.content()
    response = web.StreamResponse(
        status=reply.status, headers=_headers(reply, body)
    )
    response.content_length = len(body)
    await response.prepare(request)
    # The client may have had enough; HTTP finds that out for itself.
    with contextlib.suppress(ConnectionError):
        for drop in _drops(body, rate):
            await response.write(drop)
            await asyncio.sleep(len(drop) / rate)
    return response


async def chunked(
    request: web.BaseRequest, reply: exchange.Reply
) -> web.StreamResponse:
    """Send an answer without telling its length; return what was sent."""
    body = reply.content()
    response = web.StreamResponse(
        status=reply.status, headers=_headers(reply, body)
    )
    await response.prepare(request)
    with contextlib.suppress(ConnectionError):
        for start in range(0, len(body), _CHUNK):
            await response.write(body[start : start + _CHUNK])
    return response


async def endless_headers(
    request: web.BaseRequest, reply: exchange.Reply
) -> web.StreamResponse:
    """Send headers until the client has had enough; return nothing more."""
    transport = request.transport
    if transport is not None:
        # By hand, as the library sends all headers at once.
        transport.write(b'HTTP/1.1 %d OK\r\n' % reply.status)
        with contextlib.suppress(ConnectionError):
            for number in range(_MOST_HEADERS):
                if transport.is_closing():
                    break
                transport.write(b'X-%d: %s\r\n' % (number, _HEADER))
                await request.writer.drain()
                await asyncio.sleep(0)
        transport.abort()
    return web.Response()


async def streamed(
    request: web.BaseRequest, reply: exchange.Reply
) -> web.StreamResponse:
    """Send pieces as they come, until there are no more."""
    response = web.StreamResponse(
        status=reply.status, headers=_headers(reply, b'')
    )
    await response.prepare(request)
    if reply.pieces is not None:
        async with contextlib.aclosing(reply.pieces) as pieces:
            with contextlib.suppress(ConnectionError):
                async for piece in pieces:
                    await response.write(piece)
    return response


SENDERS: Mapping[
    str,
    Callable[[web.BaseRequest, exchange.Reply], Awaitable[web.StreamResponse]],
] = {
    'chunked': chunked,
    'endless_headers': endless_headers,
    'stream': streamed,
}


def _headers(reply: exchange.Reply, body: bytes) -> dict[str, typing.Any]:
    headers = {'OData-Version': '4.0'}
    if body:
        headers['Content-Type'] = _JSON
    return headers | reply.headers


def _drops(body: bytes, rate: float) -> Iterator[bytes]:
    size = max(1, int(rate / _DROPS_PER_SECOND))
    for start in range(0, len(body), size):
        yield body[start : start + size]
