"""The application: pecan, its hooks, and errors in one shape."""

from typing import Any

import pecan

from bench.usual import policy
from bench.usual.api import hooks
from bench.usual.api.controllers import RootController
from bench.usual.api.parsable_error import ParsableErrorMiddleware
from bench.usual.db import api as dbapi
from bench.usual.rpcapi import WorkerAPI


def make_application() -> Any:
    dbapi.start()
    policy.start()
    return pecan.make_app(
        RootController(),
        hooks=[
            hooks.ContextHook(),
            hooks.WorkerHook(WorkerAPI()),
            hooks.NoExceptionTracebackHook(),
        ],
        wrap_app=ParsableErrorMiddleware,
        guess_content_type_from_ext=False,
    )
