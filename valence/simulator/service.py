"""Answer requests to one pod: credentials, routes, queries, ETags.

All that happens between the pipeline, which waits and knows HTTP, and a
handler, which knows one thing.
"""

import dataclasses
import functools
import typing

from valence.simulator import errors, etags, exchange, expand, guard, routing

_READS = frozenset({'GET', 'HEAD'})
_OK = 200


def answer(call: exchange.Call, router: routing.Router) -> exchange.Reply:
    """Return the answer to a request below /redfish."""
    name = f'{call.method} {call.path}'
    return guard.guarded(name, lambda: _route(call, router))


def _route(call: exchange.Call, router: routing.Router) -> exchange.Reply:
    found = router.find(call.path)
    public = found is not None and call.method in found[0].public
    # Who may not come in does not learn what there is, nor by a query what
    # is inside of what is public.
    if not (public and not call.query) and not _may_come_in(call):
        raise errors.unauthorized()
    if found is None:
        raise errors.unknown_endpoint(call.path)
    route, ids = found
    read = functools.partial(_document, call, router)
    if call.method in _READS and route.read is not None:
        call.pod.calls[route.name] += 1
        return _read(call, read)
    if call.method not in route.actions:
        raise errors.wrong_method(call.method, route.methods)
    kind, handler = route.actions[call.method]
    call.pod.calls[kind] += 1
    if call.method != 'PATCH' or route.read is None:
        return _worded(call, handler(call, *ids))
    _require_unchanged(call, read)
    return _tagged(call, _worded(call, handler(call, *ids)))


def _may_come_in(call: exchange.Call) -> bool:
    requests = call.pod.mode('sessions', {}).get('requests')
    return call.pod.sessions.accepts(call.headers, requests)


def _document(
    call: exchange.Call, router: routing.Router, path: str
) -> exchange.Json:
    found = router.find(path)
    if found is None or found[0].read is None:
        raise errors.unknown_endpoint(path)
    document = found[0].read(call.pod, *found[1])
    return _numbered(document) if _numbers_ids(call) else document


def _numbers_ids(call: exchange.Call) -> bool:
    return call.pod.personality.ids_are_numbers


def _numbered(document: typing.Any) -> typing.Any:
    own_id = document.get('Id') if isinstance(document, dict) else None
    if isinstance(own_id, str) and own_id.isdecimal():
        return {**document, 'Id': int(own_id)}
    return document


def _worded(call: exchange.Call, reply: exchange.Reply) -> exchange.Reply:
    """Return an answer with ids as the personality has them."""
    if not _numbers_ids(call):
        return reply
    # A copy: the answer of a task is given again and again.
    return dataclasses.replace(reply, document=_numbered(reply.document))


def _read(call: exchange.Call, read: expand.Read) -> exchange.Reply:
    document = read(call.path)
    kind = call.pod.personality
    if call.query:
        wanted = expand.wanted(call.query, kind.expand)
        if wanted is not None:
            document = expand.expand(document, wanted, read)
    reply = _tagged(call, exchange.Reply(document=document))
    etag = reply.headers.get('ETag')
    known = call.headers.get('If-None-Match')
    if etag and known and etags.match(known, etag):
        return exchange.Reply(304, headers={'ETag': etag})
    return reply


def _tagged(call: exchange.Call, reply: exchange.Reply) -> exchange.Reply:
    """Return an answer with the ETag of its document, if it has one."""
    form = call.pod.personality.etag
    if form is None or reply.status != _OK or reply.document is None:
        return reply
    body = reply.content()
    # What a document says of itself goes for what is inline in it, too.
    etag = reply.document.get('@odata.etag') or etags.of(form, body)
    headers = {**reply.headers, 'ETag': etag}
    return exchange.Reply(headers=headers, body=body)


def _require_unchanged(call: exchange.Call, read: expand.Read) -> None:
    wanted = call.headers.get('If-Match')
    if wanted is None or not call.pod.personality.minds_if_match:
        return
    now = _tagged(call, exchange.Reply(document=read(call.path)))
    if not etags.match(wanted, now.headers['ETag']):
        raise errors.changed(call.path)
