"""The way to ask compute what stands where; a part of :mod:`.rpcapi`.

All lists take the fields of db.api.Query, and answer with the items under the
name of the list, ``last``, the uuid of the last row that was looked at, or
None, and ``full``, whether there may be more.
"""

from typing import Any

from valence.common.bus import Client
from valence.common.context import RequestContext

Record = dict[str, Any]


class PlacesAPI:
    """Calls; each raises ServiceUnavailable when nobody answers in time."""

    _client: Client

    def list_racks(
        self, ctxt: RequestContext, query: Record, detail: bool
    ) -> Record:
        """List racks with their systems.

        :param detail: whether to tell what is written on them, too.
        """
        answer: Record = self._client.call(
            ctxt, 'list_racks', query=query, detail=detail
        )
        return answer

    def get_rack(self, ctxt: RequestContext, uuid: str) -> Record:
        """Give one rack, with what is written on it."""
        answer: Record = self._client.call(ctxt, 'get_rack', uuid=uuid)
        return answer

    def list_chassis(self, ctxt: RequestContext, query: Record) -> Record:
        """List chassis, each with what it is in, and what is in it."""
        answer: Record = self._client.call(ctxt, 'list_chassis', query=query)
        return answer

    def get_chassis(self, ctxt: RequestContext, uuid: str) -> Record:
        """Give one chassis."""
        answer: Record = self._client.call(ctxt, 'get_chassis', uuid=uuid)
        return answer

    def list_devices(
        self, ctxt: RequestContext, query: Record, matching: Record
    ) -> Record:
        """List pooled devices.

        :param matching: what is asked of them; see valence.compute.devices.
        """
        answer: Record = self._client.call(
            ctxt, 'list_devices', query=query, matching=matching
        )
        return answer

    def get_device(self, ctxt: RequestContext, uuid: str) -> Record:
        """Give one device, with all that is told of it."""
        answer: Record = self._client.call(ctxt, 'get_device', uuid=uuid)
        return answer

    def get_system_inventory(self, ctxt: RequestContext, uuid: str) -> Record:
        """Give what a system is made of."""
        answer: Record = self._client.call(
            ctxt, 'get_system_inventory', uuid=uuid
        )
        return answer
