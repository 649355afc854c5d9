"""Send answers: at once, or drop by drop."""

import asyncio
import contextlib
import typing
from collections.abc import Iterator

from aiohttp import web

from valence.simulator import exchange

_JSON = 'application/json; charset=utf-8'

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


def _headers(reply: exchange.Reply, body: bytes) -> dict[str, typing.Any]:
    headers = {'OData-Version': '4.0'}
    if body:
        headers['Content-Type'] = _JSON
    return headers | reply.headers


def _drops(body: bytes, rate: float) -> Iterator[bytes]:
    size = max(1, int(rate / _DROPS_PER_SECOND))
    for start in range(0, len(body), size):
        yield body[start : start + size]
