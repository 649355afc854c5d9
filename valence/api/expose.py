"""The one way in which a controller's method becomes a route.

JSON only: WSME checks what comes in; what goes out is plain dicts and lists,
written by orjson, since WSME takes sixty times as long for that.
"""

import dataclasses
import functools
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import orjson
import pecan

from valence.api import lists
from valence.api.idempotency import once
from valence.api.request import ENVIRON_KEY, Answer, Request
from valence.api.types.base import Body, parse
from valence.common import exception

#: Marks exposed functions for whoever walks the routes.
ROUTE_ATTRIBUTE = 'valence_route'
#: The status of a route whose work a task does.
ACCEPTED = 202


@dataclasses.dataclass(frozen=True, slots=True)
class Route:
    """:ivar policy: the rule that guards it; None lets everybody in.

    :ivar body: the type of its body, where it has one.
    :ivar flags: the rules that guard it besides, by the parameter that, if
        it is true, asks for more.
    """

    policy: str | None
    body: type[Body] | None
    status: int
    flags: Mapping[str, str] = dataclasses.field(default_factory=dict)


def expose(
    policy: str | None,
    *,
    body: type[Body] | None = None,
    status: int = 200,
    flags: Mapping[str, str] = MappingProxyType({}),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a method a route.

    The method takes the parts of the path, and ``req`` as a keyword; it
    gives the body, or an Answer.
    """

    route = Route(policy, body, status, flags)

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        # Not called self: pecan then looks for the arguments of ``method``.
        def run(controller: Any, *args: str, **_ignored: Any) -> Any:
            request: Request = pecan.request.environ[ENVIRON_KEY]
            if policy is not None:
                controller.deps.policy.authorize(request.ctxt, policy)
            if body is not None:
                checked = parse(body, request.json)
                request = dataclasses.replace(request, body=checked)
            elif not isinstance(request.json, dict | None):
                raise exception.BadRequest(
                    detail='The body must be a JSON object.'
                )
            _authorize_flags(controller, request, route)

            def answer() -> Any:
                return method(controller, *args, req=request)

            if status == ACCEPTED:
                return _write(once(controller.deps, request, answer), status)
            return _write(answer(), status)

        functools.update_wrapper(run, method)
        setattr(run, ROUTE_ATTRIBUTE, route)
        return pecan.expose(content_type='application/json')(run)  # type: ignore[no-any-return]

    return decorate


def _authorize_flags(controller: Any, request: Request, route: Route) -> None:
    for name, policy in route.flags.items():
        if lists.flag(request, name):
            controller.deps.policy.authorize(request.ctxt, policy)


def _write(result: Any, status: int) -> bytes | None:
    response = pecan.response
    if isinstance(result, Answer):
        status = result.status
        for name, value in result.headers.items():
            response.headers[name] = value
        result = result.body
    response.status = status
    return None if result is None else orjson.dumps(result)
