"""Modes that spoil an answer, after what it tells has happened."""

import dataclasses
import typing

import orjson

from valence.simulator import exchange
from valence.simulator.modes import base, values

_LOGIN_PAGE = b"""<!DOCTYPE html>
<html><head><title>Log in</title></head>
<body><form action="/login"><input name="user"></form></body></html>
"""


class Drop(base.Mode):
    """How likely it is that nobody learns what was changed."""

    name = 'drop'

    def parse(self, value: typing.Any) -> typing.Any:
        """Return the chance."""
        return values.chance(self.name, value)

    async def after(
        self, call: exchange.Call, reply: exchange.Reply
    ) -> exchange.Reply:
        """Abort the connection, or let the answer pass."""
        acted = call.changes and call.acted
        if acted and call.pod.chance.happens(self.value):
            raise base.Disconnect(reset=True)
        return reply


class Garble(base.Mode):
    """What good answers are replaced by."""

    name = 'garble'

    def parse(self, value: typing.Any) -> typing.Any:
        """Return the word."""
        return values.word(*_GARBLES)(self.name, value)

    async def after(
        self, call: exchange.Call, reply: exchange.Reply
    ) -> exchange.Reply:
        """Replace a good answer to a GET."""
        body = reply.content()
        good = reply.status // 100 == 2 and body
        if call.method != 'GET' or call.is_session or not good:
            return reply
        return _GARBLES[self.value](reply, body)


def _truncated(reply: exchange.Reply, body: bytes) -> exchange.Reply:
    return _with_body(reply, body[: len(body) // 2])


def _html(reply: exchange.Reply, body: bytes) -> exchange.Reply:
    page = _with_body(reply, _LOGIN_PAGE)
    page.headers = {**page.headers, 'Content-Type': 'text/html'}
    return page


def _empty(reply: exchange.Reply, body: bytes) -> exchange.Reply:
    return _with_body(reply, b'')


def _list(reply: exchange.Reply, body: bytes) -> exchange.Reply:
    # The one document that is not JSON, the metadata, becomes it here.
    return _with_body(reply, b'[' + _as_json(body) + b']')


def _wrong_types(reply: exchange.Reply, body: bytes) -> exchange.Reply:
    document = orjson.loads(_as_json(body))
    if isinstance(document, dict):
        document = {name: _other(each) for name, each in document.items()}
    return _with_body(reply, orjson.dumps(document))


def _other(value: typing.Any) -> typing.Any:
    """Return something like a value, but of another type."""
    if isinstance(value, str | None):
        return 17
    if isinstance(value, list):
        return {str(n): each for n, each in enumerate(value)}
    return [value] if isinstance(value, dict) else str(value)


def _as_json(body: bytes) -> bytes:
    return body if body.startswith(b'{') else orjson.dumps(body.decode())


def _with_body(reply: exchange.Reply, body: bytes) -> exchange.Reply:
    # A copy: the answer of a task is given again and again.
    return dataclasses.replace(reply, document=None, body=body)


_GARBLES = {
    'truncated': _truncated,
    'html': _html,
    'empty': _empty,
    'list': _list,
    'wrong_types': _wrong_types,
}
