"""Requests that may be sent again: the header ``Idempotency-Key``.

A client that did not hear an answer sends the same request once more, with
the same key, and gets the first answer; nothing is done a second time.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from valence.api.deps import Deps
from valence.api.request import Answer, Request
from valence.common import exception
from valence.db.api import IdempotencyKeyTaken
from valence.objects.idempotency_key import IdempotencyKey

#: Tells an answer that was given before.
REPLAYED = 'Idempotent-Replayed'
#: How a request fares that comes while the same one is being answered, or
#: just after: what it asks for is taken, or done.
_TOO_LATE = (
    IdempotencyKeyTaken,
    exception.Conflict,
    exception.NotFound,
    exception.TooManyTasks,
)


def key_of(
    req: Request, task_uuid: str, answer: Mapping[str, Any]
) -> IdempotencyKey | None:
    """Give what is kept of a request and its answer, if it has a key."""
    if req.idempotency_key is None:
        return None
    return IdempotencyKey(
        digest=_digest(req),
        fingerprint=_fingerprint(req),
        task_uuid=task_uuid,
        answer=answer,
    )


def once(deps: Deps, req: Request, answer: Callable[[], Any]) -> Any:
    """Answer a request, or give the answer that it was given before.

    :raises IdempotencyKeyReused: if the key came with another request.
    """
    if req.idempotency_key is None:
        return answer()
    found = _replay(deps, req)
    if found is not None:
        return found
    try:
        return answer()
    except _TOO_LATE:
        found = _replay(deps, req)
        if found is None:
            raise
        return found


def _replay(deps: Deps, req: Request) -> Answer | None:
    key = deps.database.idempotency_keys.get(digest=_digest(req))
    if key is None:
        return None
    if key.fingerprint != _fingerprint(req):
        raise exception.IdempotencyKeyReused()
    return Answer(
        key.answer,
        status=202,
        headers={
            'Location': f'/v1/tasks/{key.task_uuid}',
            REPLAYED: 'true',
        },
    )


def _digest(req: Request) -> str:
    """A key is its project's own."""
    return _sha256([req.ctxt.project_id, req.idempotency_key])


def _fingerprint(req: Request) -> str:
    # How long the answer may be awaited makes no other request.
    return _sha256([req.method, req.path, dict(req.query), req.json])


def _sha256(value: Any) -> str:
    text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()
