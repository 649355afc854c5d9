"""The mode in which answers are more than a client can take."""

import contextlib
import dataclasses
import gzip
import typing
import urllib.parse

import orjson

from valence.simulator import exchange
from valence.simulator.modes import base, values

HUGE_BYTES = 17 * 1024 * 1024
BOMB_BYTES = 64 * 1024 * 1024
DEPTH = 100_000
MEMBERS = 100_000

_PAGE = 10


class Bulk(base.Mode):
    """What good answers are blown up to."""

    name = 'bulk'

    def parse(self, value: typing.Any) -> typing.Any:
        """Return the word."""
        return values.word(*_KINDS)(self.name, value)

    async def after(
        self, call: exchange.Call, reply: exchange.Reply
    ) -> exchange.Reply:
        """Blow up a good answer to a GET."""
        body = reply.content()
        good = reply.status == _OK and body.startswith(b'{')
        if call.method != 'GET' or call.is_session or not good:
            return reply
        return _KINDS[self.value](call, reply, body)


_OK = 200


def _huge(
    call: exchange.Call, reply: exchange.Reply, body: bytes
) -> exchange.Reply:
    # Blanks between two properties, so that it is good JSON to the end.
    padded = body[:1] + b' ' * HUGE_BYTES + body[1:]
    return dataclasses.replace(_with(reply, padded), sending='chunked')


def _bomb(
    call: exchange.Call, reply: exchange.Reply, body: bytes
) -> exchange.Reply:
    packed = gzip.compress(body[:1] + b' ' * BOMB_BYTES + body[1:])
    bomb = _with(reply, packed)
    bomb.headers = {**bomb.headers, 'Content-Encoding': 'gzip'}
    return bomb


def _deep(
    call: exchange.Call, reply: exchange.Reply, body: bytes
) -> exchange.Reply:
    nest = b'{"Deep":' * DEPTH + b'0' + b'}' * DEPTH
    return _with(reply, body[:-1] + b',"Deep":' + nest + b'}')


def _headers(
    call: exchange.Call, reply: exchange.Reply, body: bytes
) -> exchange.Reply:
    return dataclasses.replace(reply, sending='endless_headers')


def _wide(
    call: exchange.Call, reply: exchange.Reply, body: bytes
) -> exchange.Reply:
    return _collection(call, reply, body, MEMBERS, None)


def _endless(
    call: exchange.Call, reply: exchange.Reply, body: bytes
) -> exchange.Reply:
    return _collection(call, reply, body, _PAGE, _page(call) + 1)


def _empty_pages(
    call: exchange.Call, reply: exchange.Reply, body: bytes
) -> exchange.Reply:
    return _collection(call, reply, body, 0, _page(call) + 1)


def _cyclic(
    call: exchange.Call, reply: exchange.Reply, body: bytes
) -> exchange.Reply:
    return _collection(call, reply, body, _PAGE, 1 - _page(call) % 2)


def _page(call: exchange.Call) -> int:
    """Return the number of the page that is asked for; the first is 0."""
    asked = urllib.parse.parse_qs(call.query).get('page', ['0'])[-1]
    return int(asked) if asked.isdecimal() else 0


def _collection(
    call: exchange.Call,
    reply: exchange.Reply,
    body: bytes,
    members: int,
    following: int | None,
) -> exchange.Reply:
    """Return a collection of invented members; anything else as it is.

    :param following: the number of the page that it links to
    """
    document = _document(body)
    if 'Members' not in document:
        return reply
    path = call.path.rstrip('/')
    first = _page(call) * members
    document['Members'] = [
        {'@odata.id': f'{path}/{n}'} for n in range(first, first + members)
    ]
    document['Members@odata.count'] = members
    if following is not None:
        link = f'{path}?page={following}' if following else path
        document['Members@odata.nextLink'] = link
    return _with(reply, orjson.dumps(document))


def _document(body: bytes) -> exchange.Json:
    # Another mode may have cut it short.
    with contextlib.suppress(orjson.JSONDecodeError):
        return typing.cast(exchange.Json, orjson.loads(body))
    return {}


def _with(reply: exchange.Reply, body: bytes) -> exchange.Reply:
    return dataclasses.replace(reply, document=None, body=body)


_KINDS = {
    'huge': _huge,
    'bomb': _bomb,
    'deep': _deep,
    'headers': _headers,
    'wide': _wide,
    'endless': _endless,
    'empty_pages': _empty_pages,
    'cyclic': _cyclic,
}
