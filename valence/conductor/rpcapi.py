"""The way to ask the conductor.

History: 1.0 ping, list_pod_managers, get_pod_manager, probe_pod_manager,
list_services, list_flavors, get_flavor.
"""

from typing import Any

from valence.common.bus import Bus
from valence.common.context import RequestContext

TOPIC = 'valence-conductor'
VERSION = '1.0'

Record = dict[str, Any]


class ConductorAPI:
    """Calls; each raises ServiceUnavailable when nobody answers in time."""

    def __init__(self, bus: Bus) -> None:
        self._client = bus.client(TOPIC, VERSION)

    def ping(self, ctxt: RequestContext) -> Record:
        """Ask for a sign of life."""
        answer: Record = self._client.call(ctxt, 'ping')
        return answer

    def list_pod_managers(
        self, ctxt: RequestContext, query: Record
    ) -> list[Record]:
        """List records; ``query`` has the fields of db.api.Query."""
        answer: list[Record] = self._client.call(
            ctxt, 'list_pod_managers', query=query
        )
        return answer

    def get_pod_manager(self, ctxt: RequestContext, ident: str) -> Record:
        """Give the record with this uuid or name."""
        answer: Record = self._client.call(
            ctxt, 'get_pod_manager', ident=ident
        )
        return answer

    def probe_pod_manager(self, ctxt: RequestContext, uuid: str) -> Record:
        """Look whether a pod manager is there; give its renewed record."""
        answer: Record = self._client.call(
            ctxt, 'probe_pod_manager', uuid=uuid
        )
        return answer

    def list_services(
        self, ctxt: RequestContext, query: Record
    ) -> list[Record]:
        """List services; ``query`` as of :meth:`list_pod_managers`."""
        answer: list[Record] = self._client.call(
            ctxt, 'list_services', query=query
        )
        return answer

    def list_flavors(
        self, ctxt: RequestContext, query: Record, project_id: str | None
    ) -> list[Record]:
        """List the flavors that a project sees; None sees all."""
        answer: list[Record] = self._client.call(
            ctxt, 'list_flavors', query=query, project_id=project_id
        )
        return answer

    def get_flavor(
        self, ctxt: RequestContext, ident: str, project_id: str | None
    ) -> Record:
        """Give the flavor with this uuid or name."""
        answer: Record = self._client.call(
            ctxt, 'get_flavor', ident=ident, project_id=project_id
        )
        return answer
