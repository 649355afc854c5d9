"""What the conductor answers: the catalogue and the services."""

from typing import Any

from valence.common import bus, http_deadline
from valence.common.context import RequestContext
from valence.conductor import probe
from valence.conductor.rpcapi import VERSION
from valence.db.api import Database, Query
from valence.podm.pool import Pool

Record = dict[str, Any]


class ConductorManager(bus.Endpoint):
    """The endpoint of the conductor's topic.

    :param probe_timeout: seconds that the look at a new pod manager may take.
    :param down_time: seconds without a report after which a service is down.
    """

    version = VERSION

    def __init__(
        self,
        database: Database,
        pool: Pool,
        *,
        probe_timeout: float,
        down_time: float,
    ) -> None:
        self._database = database
        self._pool = pool
        self._probe_timeout = probe_timeout
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
        with http_deadline.within(self._probe_timeout):
            connection = self._pool.get(podm, probing=True)
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
