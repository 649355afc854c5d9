"""What a deviation is: one way in which real servers are not by the book.

Each sees requests and answers as a mode does.  Most of them only have
something to say of a document, which is an answer that is a JSON object.
"""

import dataclasses
import typing

from valence.simulator import errors, exchange

Json = exchange.Json

_GOOD = 2


class Deviation:
    """The base of all deviations, which does nothing."""

    name: typing.ClassVar[str]
    excludes: typing.ClassVar[str | None] = None
    """What one server can only do in one way; None: goes with all."""
    apart: typing.ClassVar[bool] = False
    """It hides others, so that it is set by its name only."""

    def before(self, call: exchange.Call) -> exchange.Reply | None:
        """Return an answer to give in place of the handler's, or None."""

    def after(
        self, call: exchange.Call, reply: exchange.Reply
    ) -> exchange.Reply:
        """Return the answer to send."""
        good = reply.status // 100 == _GOOD
        if not good or not isinstance(reply.document, dict):
            return reply
        document = self.document(call, reply.document)
        return dataclasses.replace(reply, document=document)

    def document(self, call: exchange.Call, document: Json) -> Json:
        """Return what to show in place of a document."""
        return document


def path_of(call: exchange.Call) -> str:
    """Return the path that is asked for, without a slash at its end."""
    return call.path.rstrip('/')


def read(call: exchange.Call, path: str) -> Json | None:
    """Return the document at a path, uncounted; None if there is none."""
    found = call.router.find(path)
    if found is None or found[0].read is None:
        return None
    try:
        return found[0].read(call.pod, *found[1])
    except errors.RedfishError:
        return None
