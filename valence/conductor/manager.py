"""What the conductor answers: the catalogue and the services."""

import contextlib
from typing import Any

from valence.common import bus
from valence.common.context import RequestContext
from valence.common.http_client import Limits
from valence.conductor import probe
from valence.conductor.rpcapi import VERSION
from valence.db.api import Database, Query
from valence.podm.pool import connect

Record = dict[str, Any]


class ConductorManager(bus.Endpoint):
    """The endpoint of the conductor's topic.

    :param probe_limits: what the look at a new pod manager may cost.
    :param down_time: seconds without a report after which a service is down.
    """

    version = VERSION

    def __init__(
        self,
        database: Database,
        *,
        probe_limits: Limits,
        down_time: float,
    ) -> None:
        self._database = database
        self._probe_limits = probe_limits
        self._down_time = down_time

    def ping(self, ctxt: RequestContext) -> Record:
        return {'topic': 'conductor'}

    def list_pod_managers(
        self, ctxt: RequestContext, query: Record
    ) -> list[Record]:
        podms = self._database.pod_managers.list(query=Query(**query))
        return [podm.as_dict() for podm in podms]

    def get_pod_manager(self, ctxt: RequestContext, ident: str) -> Record:
        return self._database.pod_managers.get(ident=ident).as_dict()

    def probe_pod_manager(self, ctxt: RequestContext, uuid: str) -> Record:
        podm = self._database.pod_managers.get(ident=uuid)
        # One of its own: it must not take as long as others may.
        connection = connect(podm, self._probe_limits)
        with contextlib.closing(connection):
            return probe.renew_status(
                self._database, podm, connection
            ).as_dict()

    def list_services(
        self, ctxt: RequestContext, query: Record
    ) -> list[Record]:
        services = self._database.services.list(
            query=Query(**query), down_time=self._down_time
        )
        return [service.as_dict() for service in services]

    def list_flavors(
        self, ctxt: RequestContext, query: Record, project_id: str | None
    ) -> list[Record]:
        flavors = self._database.flavors.list(
            query=Query(**query), project_id=project_id
        )
        return [flavor.as_dict() for flavor in flavors]

    def get_flavor(
        self, ctxt: RequestContext, ident: str, project_id: str | None
    ) -> Record:
        return self._database.flavors.get(
            ident=ident, project_id=project_id
        ).as_dict()
