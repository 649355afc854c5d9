"""The part of compute's endpoint that tells what stands where.

Racks, the tree of chassis, pooled devices, and what systems are made of: all
of it read live, and told with its age.
"""

from collections.abc import Collection, Sequence
from typing import Any

from valence.common import bus, exception
from valence.common.context import RequestContext
from valence.compute import (
    chassis,
    devices,
    inventory,
    racks,
    systems,
    told,
)
from valence.compute.chassis import Forest
from valence.db.api import Database, Query
from valence.objects.resource import CHASSIS_TYPES, Resource, ResourceType
from valence.podm.live import Live
from valence.podm.live_places import CHASSIS, DEVICES, PARTS

Record = dict[str, Any]

_SYSTEM = ResourceType.COMPUTER_SYSTEM


class Places(bus.Endpoint):
    """Calls about places; see :class:`.rpcapi_places.PlacesAPI`."""

    _database: Database
    _live: Live
    _patience: float

    def list_racks(
        self, ctxt: RequestContext, query: Record, detail: bool
    ) -> Record:
        rows, page = self._page(query)
        forests = self._forests(rows, [_SYSTEM])
        shown = [
            racks.show(row, forests[row.podm_id], detail=detail)
            for row in rows
        ]
        return {'racks': shown, **page}

    def get_rack(self, ctxt: RequestContext, uuid: str) -> Record:
        row = self._database.resources.get(uuid=uuid, types=[racks.TYPE])
        if row is None:
            raise exception.RackNotFound(rack=uuid)
        forests = self._forests([row], [_SYSTEM])
        return racks.show(row, forests[row.podm_id], detail=True)

    def list_chassis(self, ctxt: RequestContext, query: Record) -> Record:
        rows, page = self._page(query)
        forests = self._forests(rows, [_SYSTEM, *CHASSIS_TYPES])
        shown = [chassis.show(row, forests[row.podm_id]) for row in rows]
        return {'chassis': shown, **page}

    def get_chassis(self, ctxt: RequestContext, uuid: str) -> Record:
        row = self._database.resources.get(uuid=uuid, types=CHASSIS_TYPES)
        if row is None:
            raise exception.ChassisNotFound(chassis=uuid)
        forests = self._forests([row], [_SYSTEM, *CHASSIS_TYPES])
        return chassis.show(row, forests[row.podm_id])

    def list_devices(
        self, ctxt: RequestContext, query: Record, matching: Record
    ) -> Record:
        rows, page = self._page(query)
        wanted = devices.Matching(**matching)
        pool = self._devices(rows)
        shown = map(pool.brief, rows)
        return {'devices': list(filter(wanted.accepts, shown)), **page}

    def get_device(self, ctxt: RequestContext, uuid: str) -> Record:
        row = self._database.resources.get(
            uuid=uuid, types=[ResourceType.PCIE_DEVICE]
        )
        if row is None:
            raise exception.DeviceNotFound(device=uuid)
        return self._devices([row]).detail(row)

    def get_system_inventory(self, ctxt: RequestContext, uuid: str) -> Record:
        row = self._database.resources.get(uuid=uuid, types=[_SYSTEM])
        if row is None:
            raise exception.SystemNotFound(system=uuid)
        podm = self._database.pod_managers.get(ident=row.podm_id)
        found = self._live.get(
            PARTS, podm, row.resource_url, patience=self._patience
        )
        return inventory.show(row, found)

    def _page(self, query: Record) -> tuple[Sequence[Resource], Record]:
        """Read a page of rows; tell where the next one begins, if there is."""
        asked = Query(**query)
        rows = self._database.resources.list(query=asked)
        last = rows[-1].uuid if rows else None
        return rows, {'last': last, 'full': len(rows) == asked.limit}

    def _forests(
        self, rows: Sequence[Resource], types: Collection[str]
    ) -> dict[str, Forest]:
        """Give the chassis of the pod managers of some rows.

        :param types: of what is to be told by its uuid.
        """
        found = told.read(
            self._database, self._live, CHASSIS, rows, self._patience
        )
        uuids = told.uuids(self._database, found, types)
        return {
            podm_id: Forest(each, uuids[podm_id])
            for podm_id, each in found.items()
        }

    def _devices(self, rows: Sequence[Resource]) -> devices.Pool:
        found = told.read(
            self._database, self._live, DEVICES, rows, self._patience
        )
        taken = systems.nodes_by_system(self._database, list(found))
        return devices.Pool(found, taken)
