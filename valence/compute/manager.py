"""What compute answers: what is there, as pod managers tell it."""

from typing import Any

from valence.common import exception
from valence.common.context import RequestContext
from valence.compute import nodes, resources, systems
from valence.compute.places import Places
from valence.compute.rpcapi import VERSION
from valence.db.api import Database, Query
from valence.objects.resource import ResourceType
from valence.podm.live import Live
from valence.podm.live_kinds import SYSTEMS
from valence.podm.pool import Pool

Record = dict[str, Any]


class ComputeManager(Places):
    """The endpoint of compute's topic.

    :param patience: seconds that an answer waits for pod managers; those
        that take longer are told as unknown.
    """

    version = VERSION

    def __init__(
        self, database: Database, pool: Pool, live: Live, *, patience: float
    ) -> None:
        self._database = database
        self._pool = pool
        self._live = live
        self._patience = patience

    def ping(self, ctxt: RequestContext) -> Record:
        return {'topic': 'compute'}

    def list_nodes(self, ctxt: RequestContext, query: Record) -> list[Record]:
        found = self._database.nodes.list(query=Query(**query))
        return [node.brief() for node in found]

    def get_node(
        self, ctxt: RequestContext, ident: str, project_id: str | None
    ) -> Record:
        node = self._database.nodes.get(ident=ident, project_id=project_id)
        return nodes.detail(self._database, self._pool, node)

    def list_systems(
        self, ctxt: RequestContext, query: Record, matching: Record
    ) -> Record:
        rows, page = self._page(query)
        records = resources.records_of(self._database, rows)
        told = self._live.get_all(
            SYSTEMS,
            [(podm, '') for podm in records.values()],
            patience=self._patience,
        )
        known = systems.by_place(told)
        taken = systems.nodes_by_system(self._database, list(records))
        wanted = systems.Matching(**matching)
        answer = []
        for row in rows:
            place = resources.place(row.podm_id, row.resource_url)
            system = known.get(place)
            if wanted.accepts(system):
                answer.append(systems.show(row, system, taken.get(place)))
        return {'systems': answer, **page}

    def get_system(self, ctxt: RequestContext, uuid: str) -> Record:
        row = self._database.resources.get(
            uuid=uuid, types=[ResourceType.COMPUTER_SYSTEM]
        )
        if row is None:
            raise exception.SystemNotFound(system=uuid)
        podm = self._database.pod_managers.get(ident=row.podm_id)
        found = systems.read(self._live, podm, row, self._patience)
        taken = systems.nodes_by_system(self._database, [row.podm_id])
        place = resources.place(row.podm_id, row.resource_url)
        return systems.show(row, found, taken.get(place))

    def list_resources(
        self, ctxt: RequestContext, query: Record, detail: bool
    ) -> Record:
        rows, page = self._page(query)
        if not detail:
            shown = [resources.show(row) for row in rows]
            return {'resources': shown, **page}
        shown = resources.detail(
            self._database, self._live, rows, self._patience
        )
        if len(shown) < len(rows):
            page = {'last': shown[-1]['uuid'], 'full': True}
        return {'resources': shown, **page}

    def get_resource(
        self, ctxt: RequestContext, uuid: str, detail: bool
    ) -> Record:
        row = self._database.resources.get(uuid=uuid)
        if row is None:
            raise exception.ResourceNotFound(resource=uuid)
        if not detail:
            return resources.show(row)
        (shown,) = resources.detail(
            self._database, self._live, [row], self._patience
        )
        return shown
