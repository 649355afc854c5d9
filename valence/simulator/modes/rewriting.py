"""Change answers without changing what they were made of.

An answer can be given again, such as that of a task, so that each of
these returns a new one.
"""

import dataclasses
import typing
from collections.abc import Callable

import orjson

from valence.simulator import exchange

Change = Callable[[str, typing.Any], typing.Any]

GONE: typing.Final = object()
"""What a change returns for a property that is not to be there."""


def opened(reply: exchange.Reply) -> exchange.Reply:
    """Return an answer with its document, if it has one, and no ETag.

    That was of what the service has, and not of what it will show.
    """
    if not reply.body.startswith(b'{'):
        return reply
    document = orjson.loads(reply.body)
    headers = {**reply.headers}
    headers.pop('ETag', None)
    return dataclasses.replace(
        reply, document=document, body=b'', headers=headers
    )


def changed(document: exchange.Json, change: Change) -> exchange.Json:
    """Return a document, each property in it as ``change`` returns it."""
    pairs = ((name, change(name, each)) for name, each in document.items())
    return {
        name: _changed(each, change)
        for name, each in pairs
        if each is not GONE
    }


def placed(reply: exchange.Reply, place: str | None) -> exchange.Reply:
    """Return an answer with another Location, or with none."""
    headers = {**reply.headers}
    headers.pop('Location', None)
    if place:
        headers['Location'] = place
    return dataclasses.replace(reply, headers=headers)


def _changed(value: typing.Any, change: Change) -> typing.Any:
    if isinstance(value, list):
        return [_changed(each, change) for each in value]
    return changed(value, change) if isinstance(value, dict) else value
