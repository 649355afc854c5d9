"""What compute answers: nodes and systems, as they are now."""

import concurrent.futures
from typing import Any

from valence.common import bus, exception
from valence.common.context import RequestContext
from valence.compute import nodes, systems
from valence.compute.rpcapi import VERSION
from valence.db.api import Database, Query
from valence.objects.hardware import System
from valence.objects.resource import Resource, ResourceType
from valence.podm.pool import Pool

Record = dict[str, Any]


class ComputeManager(bus.Endpoint):
    """The endpoint of compute's topic.

    :param patience: seconds that an answer waits for pod managers; those
        that take longer are told as unknown.
    :param threads: pod managers that are read at the same time.
    """

    version = VERSION

    def __init__(
        self,
        database: Database,
        pool: Pool,
        *,
        patience: float,
        threads: int,
    ) -> None:
        self._database = database
        self._pool = pool
        self._patience = patience
        self._readers = concurrent.futures.ThreadPoolExecutor(
            threads, thread_name_prefix='reader'
        )

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
        asked = Query(**query)
        rows = self._database.resources.list(query=asked)
        podm_ids = {row.podm_id for row in rows}
        live = self._read(podm_ids)
        taken = systems.nodes_by_system(self._database, podm_ids)
        wanted = systems.Matching(**matching)
        answer = [
            systems.show(row, system, taken)
            for row in rows
            if wanted.accepts(
                system := live.get((row.podm_id, row.resource_url))
            )
        ]
        return {
            'systems': answer,
            'last': rows[-1].uuid if rows else None,
            'full': len(rows) == asked.limit,
        }

    def get_system(self, ctxt: RequestContext, uuid: str) -> Record:
        row = self._system_row(uuid)
        podm = self._database.pod_managers.get(ident=row.podm_id)
        try:
            live: System | None = self._pool.get(podm).compute.get_system(
                row.resource_url
            )
        except exception.PodManagerResourceMissing:
            raise exception.SystemNotFound(system=uuid) from None
        except exception.PodManagerError:
            live = None
        taken = systems.nodes_by_system(self._database, [row.podm_id])
        return systems.show(row, live, taken)

    def _system_row(self, uuid: str) -> Resource:
        row = self._database.resources.get(uuid=uuid)
        if row is None or row.resource_type != ResourceType.COMPUTER_SYSTEM:
            raise exception.SystemNotFound(system=uuid)
        return row

    def _read(self, podm_ids: set[str]) -> dict[tuple[str, str], System]:
        """Read the systems of pod managers side by side, in bounded time."""
        futures = {
            self._readers.submit(self._read_one, podm_id): podm_id
            for podm_id in podm_ids
        }
        done, late = concurrent.futures.wait(futures, self._patience)
        for future in late:
            future.cancel()
        live: dict[tuple[str, str], System] = {}
        for future in done:
            for system in future.result():
                live[futures[future], system.url] = system
        return live

    def _read_one(self, podm_id: str) -> list[System]:
        try:
            podm = self._database.pod_managers.get(ident=podm_id)
            return self._pool.get(podm).inventory.systems()
        except exception.ValenceError:
            return []
