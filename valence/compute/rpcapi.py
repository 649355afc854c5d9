"""The way to ask compute.

History: 1.0 ping, list_nodes, get_node, list_systems, get_system.
1.1 list_resources, get_resource, list_racks, get_rack, list_chassis,
get_chassis, list_devices, get_device, get_system_inventory.
"""

from typing import Any

from valence.common.bus import Bus
from valence.common.context import RequestContext
from valence.compute.rpcapi_places import PlacesAPI

TOPIC = 'valence-compute'
VERSION = '1.1'

Record = dict[str, Any]


class ComputeAPI(PlacesAPI):
    """Calls; each raises ServiceUnavailable when nobody answers in time."""

    def __init__(self, bus: Bus) -> None:
        self._client = bus.client(TOPIC, VERSION)

    def ping(self, ctxt: RequestContext) -> Record:
        """Ask for a sign of life."""
        answer: Record = self._client.call(ctxt, 'ping')
        return answer

    def list_nodes(self, ctxt: RequestContext, query: Record) -> list[Record]:
        """List nodes in brief; ``query`` has the fields of db.api.Query."""
        answer: list[Record] = self._client.call(
            ctxt, 'list_nodes', query=query
        )
        return answer

    def get_node(
        self, ctxt: RequestContext, ident: str, project_id: str | None
    ) -> Record:
        """Give a node with what its pod manager tells of it now."""
        answer: Record = self._client.call(
            ctxt, 'get_node', ident=ident, project_id=project_id
        )
        return answer

    def list_systems(
        self, ctxt: RequestContext, query: Record, matching: Record
    ) -> Record:
        """List systems with what their pod managers tell of them now.

        :param matching: what is asked of them; see valence.compute.systems.
        :returns: ``{'systems': [...], 'last': uuid of the last row that was
            looked at or None, 'full': whether there may be more}``
        """
        answer: Record = self._client.call(
            ctxt, 'list_systems', query=query, matching=matching
        )
        return answer

    def get_system(self, ctxt: RequestContext, uuid: str) -> Record:
        """Give one system."""
        answer: Record = self._client.call(ctxt, 'get_system', uuid=uuid)
        return answer

    def list_resources(
        self, ctxt: RequestContext, query: Record, detail: bool
    ) -> Record:
        """List resources.

        :param detail: whether with what their pod managers tell of them; the
            page may be shorter then, as documents are large.
        :returns: as of list_systems, with ``resources``.
        """
        answer: Record = self._client.call(
            ctxt, 'list_resources', query=query, detail=detail
        )
        return answer

    def get_resource(
        self, ctxt: RequestContext, uuid: str, detail: bool
    ) -> Record:
        """Give one resource, as list_resources does."""
        answer: Record = self._client.call(
            ctxt, 'get_resource', uuid=uuid, detail=detail
        )
        return answer
