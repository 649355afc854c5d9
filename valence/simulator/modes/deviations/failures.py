"""Deviations in errors: their status, and what they come with."""

import dataclasses
import typing

from valence.simulator import errors, exchange
from valence.simulator.modes.deviations import base

_UNAUTHORIZED = 401
_NOT_FOUND = 404
_FIRST = 400
_CREDENTIALS = ('Authorization', 'X-Auth-Token')
_HTML = b"""<html><head><title>Error</title></head>
<body><h1>Something went wrong</h1></body></html>
"""


class Forbidden(base.Deviation):
    """Without credentials the answer is 403, and not 401."""

    name = 'forbidden'

    def after(
        self, call: exchange.Call, reply: exchange.Reply
    ) -> exchange.Reply:
        """Look whether there were any."""
        came_with = any(call.headers.get(each) for each in _CREDENTIALS)
        if reply.status != _UNAUTHORIZED or came_with:
            return reply
        return exchange.refusal(
            errors.RedfishError(403, 'Forbidden', 'Access is forbidden')
        )


class MissingIs500(base.Deviation):
    """What there is not answers 500, and not 404."""

    name = 'missing_500'

    def after(
        self, call: exchange.Call, reply: exchange.Reply
    ) -> exchange.Reply:
        """Spare the 404 of another deviation, which is to be seen."""
        if reply.status != _NOT_FOUND or not call.acted:
            return reply
        return exchange.refusal(errors.unknown_exception())


class _Bodies(base.Deviation):
    """Errors come with another body."""

    excludes = 'the body of errors'
    body: typing.ClassVar[bytes]
    headers: typing.ClassVar[dict[str, str]] = {}

    def after(
        self, call: exchange.Call, reply: exchange.Reply
    ) -> exchange.Reply:
        """Replace it."""
        if reply.status < _FIRST:
            return reply
        headers = reply.headers | self.headers
        return dataclasses.replace(
            reply, document=None, body=self.body, headers=headers
        )


class HtmlErrors(_Bodies):
    """Errors are pages of HTML."""

    name = 'html_errors'
    body = _HTML
    headers: typing.ClassVar[dict[str, str]] = {'Content-Type': 'text/html'}


class ObjectErrors(_Bodies):
    """Errors are ``{}``."""

    name = 'object_errors'
    body = b'{}'


class StringErrors(_Bodies):
    """Errors are a JSON string."""

    name = 'string_errors'
    body = b'"Something went wrong"'


class EmptyErrors(_Bodies):
    """Errors have no body."""

    name = 'empty_errors'
    body = b''
