"""Who asks: the context of a request, from the API to the worker's log.

On the bus and in threads it travels as a plain dict of scalars without the
token or any other secret.
"""

from collections.abc import Mapping
from typing import Any, cast

from oslo_context import context

_WIRE = ('request_id', 'user_id', 'project_id', 'roles', 'is_admin')


class RequestContext(context.RequestContext):
    """oslo.context's, reduced to what may travel."""

    def to_wire(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _WIRE}

    @classmethod
    def from_wire(cls, values: Mapping[str, Any]) -> 'RequestContext':
        """Build from :meth:`to_wire`; unknown keys are left out."""
        known: dict[str, Any] = {name: values.get(name) for name in _WIRE}
        return cls(**known)


def admin(request_id: str | None = None) -> RequestContext:
    """Give the context of what Valence does on its own account."""
    return RequestContext(
        request_id=request_id, is_admin=True, roles=['admin'], overwrite=False
    )


def current_request_id() -> str | None:
    """Give the id of the request that this thread works for, if any."""
    current = context.get_current()
    return cast('str | None', current.request_id) if current else None
