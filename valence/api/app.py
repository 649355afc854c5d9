"""The REST API as a WSGI application: its middleware, in order, in code."""

from typing import Any

import pecan
from oslo_config import cfg

from valence.api import fast_pecan
from valence.api.controllers.root import RootController
from valence.api.deps import Deps
from valence.api.middleware.envelope import Envelope
from valence.api.middleware.errors import Errors
from valence.api.middleware.identity import NoAuthentication
from valence.api.middleware.request_id import Application, RequestId
from valence.common.bus import Bus
from valence.common.http_addresses import networks
from valence.common.policy import Policy
from valence.common.service import Part
from valence.compute.rpcapi import ComputeAPI
from valence.conductor.rpcapi import ConductorAPI
from valence.db.api import Database
from valence.tasks.doorbell import Doorbell
from valence.tasks.events import Reception
from valence.tasks.submit import Submitter
from valence.tasks.waiter import Waiter


class Api:
    """The parts of the API, and the application that works with them."""

    def __init__(
        self, conf: cfg.ConfigOpts, database: Database, bus: Bus
    ) -> None:
        doorbell = Doorbell(bus)
        waiter = Waiter(database, conf.api.threads // 2)
        self._parts: list[Part] = [doorbell, waiter]
        self.application = make_application(
            conf,
            Deps(
                database=database,
                submitter=Submitter(database, doorbell, conf.tasks.max_open),
                waiter=waiter,
                reception=Reception(database, interval=conf.events.interval),
                conductor=ConductorAPI(bus),
                compute=ComputeAPI(bus),
                policy=Policy(conf),
                max_limit=conf.api.max_limit,
                max_wait=conf.api.max_wait,
                max_tasks=conf.conductor.max_tasks,
                down_time=conf.service_down_time,
                allowed_networks=networks(conf.http_client.allowed_networks),
            ),
        )

    def start(self) -> None:
        for part in self._parts:
            part.start()

    def stop(self) -> None:
        for part in reversed(self._parts):
            part.stop()


class _Response(pecan.Response):
    """Leaves a Location relative: a proxy may have another name."""

    @staticmethod
    def _make_location_absolute(environ: dict[str, Any], value: str) -> str:
        return value


def make_application(conf: cfg.ConfigOpts, deps: Deps) -> Application:
    """Put the application together, the outermost part last."""
    fast_pecan.install()
    application: Application = pecan.Pecan(
        RootController(deps),
        response_cls=_Response,
        guess_content_type_from_ext=False,
        force_canonical=False,
    )
    application = Envelope(
        application,
        max_body=conf.api.max_body_kib * 1024,
        max_depth=conf.api.max_body_depth,
    )
    application = NoAuthentication(application)
    application = Errors(application)
    return RequestId(application)
