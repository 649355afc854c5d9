"""Gives each request its id, and shows it on each answer."""

from collections.abc import Callable, Iterable
from typing import Any

from oslo_context import context

HEADER = 'X-Openstack-Request-Id'
ENVIRON_KEY = 'openstack.request_id'

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class RequestId:
    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        # Ours alone: one from outside could be anything, and would be logged.
        request_id = context.generate_request_id()
        environ[ENVIRON_KEY] = request_id

        def start(
            status: str, headers: list[tuple[str, str]], *rest: Any
        ) -> Any:
            return start_response(
                status, [*headers, (HEADER, request_id)], *rest
            )

        return self._application(environ, start)
