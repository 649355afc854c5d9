"""Deviations in how one logs in."""

import dataclasses
import typing

from valence.simulator import errors, exchange
from valence.simulator import layout as layouts
from valence.simulator.modes import rewriting
from valence.simulator.modes.deviations import base

TOKEN = '0123456789abcdef0123456789abcdef'

_HEADER = 'X-Auth-Token'
_LINKS = frozenset({'SessionService', 'Sessions'})


class BasicLogin(base.Deviation):
    """A session is only made for who has Basic credentials already."""

    name = 'basic_login'

    def before(self, call: exchange.Call) -> exchange.Reply | None:
        """Answer 401 without them."""
        if call.method != 'POST' or not call.is_session:
            return None
        basic = {'Authorization': call.headers.get('Authorization', '')}
        if call.pod.sessions.accepts(basic):
            return None
        return exchange.refusal(errors.unauthorized())


class ConstantToken(base.Deviation):
    """All sessions have the same token, good while there is one."""

    name = 'constant_token'

    def before(self, call: exchange.Call) -> None:
        """Take it for that of the last session."""
        if call.headers.get(_HEADER) != TOKEN:
            return
        open_ones = call.pod.sessions.all()
        if open_ones:
            rest = {name.title(): each for name, each in call.headers.items()}
            call.headers = {**rest, _HEADER: open_ones[-1].token}

    def after(
        self, call: exchange.Call, reply: exchange.Reply
    ) -> exchange.Reply:
        """Give it to who logs in."""
        if _HEADER not in reply.headers:
            return reply
        headers = {**reply.headers, _HEADER: TOKEN}
        return dataclasses.replace(reply, headers=headers)


class NoSessions(base.Deviation):
    """There is no session service."""

    name = 'no_sessions'
    apart = True

    def before(self, call: exchange.Call) -> exchange.Reply | None:
        """Answer 404 below it."""
        if not call.is_session:
            return None
        return exchange.refusal(errors.unknown_endpoint(call.path))

    def document(self, call: exchange.Call, document: base.Json) -> base.Json:
        """Have no link to it in the service root."""
        if base.path_of(call) != layouts.ROOT:
            return document
        return rewriting.changed(document, _without_links)


def _without_links(name: str, value: typing.Any) -> typing.Any:
    return rewriting.GONE if name in _LINKS else value
