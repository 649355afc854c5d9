"""Between HTTP and the pods: read, delay, count, answer.

With the listener and the responses, all that waits, and all that knows
the HTTP library.
"""

import asyncio
import urllib.parse
from collections.abc import Mapping

from aiohttp import web

from valence.simulator import (
    errors,
    exchange,
    modes,
    responses,
    routing,
    service,
    sockets,
)
from valence.simulator import pod as pods
from valence.simulator.handlers import control

Outcome = exchange.Reply | modes.Disconnect


class Pipeline:
    """Answers all requests to one pod."""

    __slots__ = ('_pod', '_router', '_siblings', 'asking')

    def __init__(
        self,
        pod: pods.Pod,
        router: routing.Router,
        siblings: Mapping[int, pods.Pod],
    ) -> None:
        self._pod = pod
        self._router = router
        self._siblings = siblings
        # The connection of the control request that is being handled.
        self.asking: asyncio.BaseTransport | None = None

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request."""
        path, _, query = request.raw_path.partition('?')
        call = exchange.Call(
            pod=self._pod,
            method=request.method,
            path=urllib.parse.unquote(path) if '%' in path else path,
            query=query,
            headers=request.headers,
            router=self._router,
            scheme=request.scheme,
        )
        if call.path.startswith(f'{control.PREFIX}/'):
            call.body = await request.read()
            return self._control(call, request)
        self._pod.requests[call.method] += 1
        outcome = await self._outcome(call, request)
        if isinstance(outcome, modes.Disconnect):
            return _disconnected(request, outcome)
        if outcome.sending:
            return await responses.SENDERS[outcome.sending](request, outcome)
        rate = self._pod.mode('drip')
        if rate and outcome.content() and call.method != 'HEAD':
            return await responses.dripping(request, outcome, rate)
        return responses.whole(outcome)

    def _control(
        self, call: exchange.Call, request: web.BaseRequest
    ) -> web.Response:
        self.asking = request.transport
        try:
            reply = control.answer(call, self._siblings)
        finally:
            self.asking = None
        response = responses.whole(reply)
        if 'dead' in self._pod.modes:
            response.force_close()
        return response

    async def _outcome(
        self, call: exchange.Call, request: web.BaseRequest
    ) -> Outcome:
        try:
            if request.can_read_body:
                call.body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            refusal = exchange.refusal(errors.too_large())
            self._pod.answers[refusal.status] += 1
            return refusal
        active = tuple(self._pod.modes.values())
        try:
            refused = await _refused(active, call)
        except modes.Disconnect as exc:
            return exc
        if refused is not None or not call.changes:
            return await self._finish(active, call, refused)
        # A client that gives up does not undo what it asked for.
        work = self._pod.home.keep(self._change(active, call))
        return await asyncio.shield(work)

    async def _change(
        self, active: tuple[modes.Mode, ...], call: exchange.Call
    ) -> Outcome:
        with self._pod.at_work():
            pause = self._pod.chance.between(self._pod.mode('act_ms', 0))
            if pause:
                await asyncio.sleep(pause / 1000)
            return await self._finish(active, call, None)

    async def _finish(
        self,
        active: tuple[modes.Mode, ...],
        call: exchange.Call,
        reply: exchange.Reply | None,
    ) -> Outcome:
        if reply is None:
            call.acted = True
            reply = service.answer(call, self._router)
        try:
            for mode in active:
                reply = await mode.after(call, reply)
        except modes.Disconnect as exc:
            # Returned, as there may be nobody any more to catch it.
            return exc
        self._pod.answers[reply.status] += 1
        return reply


async def _refused(
    active: tuple[modes.Mode, ...], call: exchange.Call
) -> exchange.Reply | None:
    for mode in active:
        reply = await mode.before(call)
        if reply is not None:
            return reply
    return None


def _disconnected(
    request: web.BaseRequest, how: modes.Disconnect
) -> web.Response:
    if request.transport is not None:
        if how.reset:
            sockets.reset(request.transport)
        else:
            request.transport.close()
    return web.Response()
