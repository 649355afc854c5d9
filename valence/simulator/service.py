"""Answer requests to one pod: credentials, routes, queries, errors.

All that happens between the pipeline, which waits and knows HTTP, and a
handler, which knows one thing.
"""

import logging
import zlib
from collections.abc import Callable

from valence.simulator import errors, exchange, expand, routing
from valence.simulator.handlers import control

LOG = logging.getLogger(__name__)

_READS = frozenset({'GET', 'HEAD'})


def answer(call: exchange.Call, router: routing.Router) -> exchange.Reply:
    """Return the answer to a request below /redfish."""
    return _guarded(call, lambda: _route(call, router))


def answer_control(call: exchange.Call) -> exchange.Reply:
    """Return the answer to a request below /simulator."""
    return _guarded(call, lambda: control.handle(call))


def _guarded(
    call: exchange.Call, handle: Callable[[], exchange.Reply]
) -> exchange.Reply:
    try:
        return handle()
    except errors.RedfishError as exc:
        return exchange.Reply(exc.status, exc.document(), exc.headers)
    except Exception:
        LOG.exception('%s %s failed', call.method, call.path)
        document = errors.unknown_exception().document()
        return exchange.Reply(500, document)


def _route(call: exchange.Call, router: routing.Router) -> exchange.Reply:
    found = router.find(call.path)
    public = found is not None and call.method in found[0].public
    # Who may not come in does not learn what there is.
    if not public and not call.pod.sessions.accepts(call.headers):
        raise errors.unauthorized()
    if found is None:
        raise errors.unknown_endpoint(call.path)
    route, ids = found
    if call.method in _READS and route.read is not None:
        call.pod.calls[route.name] += 1
        return _read(call, router, route.read(call.pod, *ids))
    if call.method not in route.actions:
        raise errors.wrong_method(call.method, route.methods)
    kind, handler = route.actions[call.method]
    call.pod.calls[kind] += 1
    return handler(call, *ids)


def _read(
    call: exchange.Call, router: routing.Router, document: exchange.Json
) -> exchange.Reply:
    mark = expand.wanted(call.query) if call.query else None
    if mark is not None:

        def read(path: str) -> exchange.Json:
            found = router.find(path)
            if found is None or found[0].read is None:
                raise errors.unknown_endpoint(path)
            return found[0].read(call.pod, *found[1])

        document = expand.expand(document, mark, read)
    reply = exchange.Reply(document=document)
    body = reply.content()
    etag = f'W/"{zlib.crc32(body):08x}"'
    if call.headers.get('If-None-Match') == etag:
        return exchange.Reply(304, headers={'ETag': etag})
    return exchange.Reply(headers={'ETag': etag}, body=body)
