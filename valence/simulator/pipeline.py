"""Between HTTP and the pods: read, delay, count, answer.

The only module that waits, and, with the server, the only one that knows
the HTTP library.
"""

import typing
import urllib.parse

from aiohttp import web

from valence.simulator import errors, exchange, modes, routing, service
from valence.simulator import pod as pods
from valence.simulator.handlers import control

_JSON = 'application/json; charset=utf-8'


class Pipeline:
    """Answers all requests to one pod."""

    __slots__ = ('_pod', '_router')

    def __init__(self, pod: pods.Pod, router: routing.Router) -> None:
        self._pod = pod
        self._router = router

    async def __call__(self, request: web.BaseRequest) -> web.Response:
        """Answer a request."""
        path, _, query = request.raw_path.partition('?')
        call = exchange.Call(
            pod=self._pod,
            method=request.method,
            path=urllib.parse.unquote(path) if '%' in path else path,
            query=query,
            headers=request.headers,
        )
        if call.path.startswith(f'{control.PREFIX}/'):
            call.body = await request.read()
            return _response(service.answer_control(call))
        self._pod.requests[call.method] += 1
        try:
            reply = await self._answer(call, request)
        except modes.Disconnect:
            if request.transport is not None:
                request.transport.close()
            return web.Response()
        self._pod.answers[reply.status] += 1
        return _response(reply)

    async def _answer(
        self, call: exchange.Call, request: web.BaseRequest
    ) -> exchange.Reply:
        try:
            if request.can_read_body:
                call.body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            refusal = errors.too_large()
            return exchange.Reply(refusal.status, refusal.document())
        active = tuple(call.pod.modes.values())
        reply = None
        for mode in active:
            reply = await mode.before(call)
            if reply is not None:
                break
        else:
            reply = service.answer(call, self._router)
        for mode in active:
            reply = await mode.after(call, reply)
        return reply


def _response(reply: exchange.Reply) -> web.Response:
    body = reply.content()
    headers: dict[str, typing.Any] = {'OData-Version': '4.0'}
    if body:
        headers['Content-Type'] = _JSON
    headers.update(reply.headers)
    return web.Response(body=body, status=reply.status, headers=headers)
