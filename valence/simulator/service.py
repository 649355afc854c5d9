"""Answer requests to one pod: credentials, routes, queries.

All that happens between the pipeline, which waits and knows HTTP, and a
handler, which knows one thing.
"""

import zlib

from valence.simulator import errors, exchange, expand, guard, routing

_READS = frozenset({'GET', 'HEAD'})


def answer(call: exchange.Call, router: routing.Router) -> exchange.Reply:
    """Return the answer to a request below /redfish."""
    name = f'{call.method} {call.path}'
    return guard.guarded(name, lambda: _route(call, router))


def _route(call: exchange.Call, router: routing.Router) -> exchange.Reply:
    found = router.find(call.path)
    public = found is not None and call.method in found[0].public
    # Who may not come in does not learn what there is.
    if not public and not _may_come_in(call):
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


def _may_come_in(call: exchange.Call) -> bool:
    requests = call.pod.mode('sessions', {}).get('requests')
    return call.pod.sessions.accepts(call.headers, requests)


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
