"""What each request goes through, as of magnum's hooks."""

from typing import Any

from pecan import hooks
from webob import exc

from bench.usual.context import RequestContext
from bench.usual.rpcapi import WorkerAPI


class ContextHook(hooks.PecanHook):
    """Make the context out of the headers; without Keystone, an admin's."""

    def before(self, state: Any) -> None:
        headers = state.request.headers
        roles = headers.get('X-Roles', 'admin').split(',')
        state.request.context = RequestContext(
            auth_token=headers.get('X-Auth-Token'),
            user_id=headers.get('X-User-Id'),
            project_id=headers.get('X-Project-Id'),
            roles=roles,
            is_admin='admin' in roles,
        )

    def after(self, state: Any) -> None:
        ctxt = getattr(state.request, 'context', None)
        if ctxt is not None:
            state.response.headers['X-Openstack-Request-Id'] = ctxt.request_id


class WorkerHook(hooks.PecanHook):
    """Give the controllers the way to the worker."""

    def __init__(self, worker: WorkerAPI) -> None:
        self._worker = worker

    def before(self, state: Any) -> None:
        state.request.worker = self._worker


class NoExceptionTracebackHook(hooks.PecanHook):
    """Take the traceback out of what WSME says of a fault."""

    def after(self, state: Any) -> None:
        if 200 <= state.response.status_int < 400:
            return
        if isinstance(state.response, exc.HTTPException):
            return
        body = state.response.json
        if body.get('debuginfo'):
            body['debuginfo'] = None
            state.response.json = body
