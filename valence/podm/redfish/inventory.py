"""Everything that a Redfish pod manager holds."""

import logging
from collections.abc import Iterator

from valence.common import exception, http_cache
from valence.objects import hardware
from valence.podm import base
from valence.podm.redfish import chassis, devices, system_parts, systems
from valence.podm.redfish.places import Places
from valence.podm.redfish.service import OF_ONE, Service
from valence.podm.redfish.snapshot import Snapshot
from valence.podm.redfish.walk import walker

LOG = logging.getLogger(__name__)


class RedfishInventory(base.Inventory):
    def __init__(self, service: Service) -> None:
        self._service = service

    def walk(self) -> Iterator[hardware.Part]:
        return walker.Walk(self._service).parts()

    # It is shown, and nobody waits for it to change.
    @http_cache.revalidating()
    def systems(self) -> list[hardware.System]:
        path = self._service.link('Systems')
        if path is None:
            return []
        service = Snapshot(self._service)
        service.load(path)
        around = service.link('Chassis')
        if around is not None:
            service.load(around, levels=1)
        places = Places(service)
        failures: list[exception.PodManagerError] = []

        def read(url: str) -> hardware.System | None:
            try:
                return systems.read_system(service, service.get(url), places)
            except OF_ONE as error:
                LOG.warning('A system is left out: %s', error)
                failures.append(error)
                return None

        paths = service.members(path)
        order = _spread(paths, service.client.limits.max_connections)
        known = dict(zip(order, service.each(read, order), strict=True))
        found = [known[each] for each in paths]
        read_well = [system for system in found if system is not None]
        if failures and not read_well:
            raise failures[0]
        return read_well

    @http_cache.revalidating()
    def read(self, url: str) -> hardware.Properties:
        path = self._service.client.path_of(url, url)
        return hardware.Properties(url, self._service.get(path).raw)

    @http_cache.revalidating()
    def chassis(self) -> list[hardware.Chassis]:
        return chassis.read_chassis(self._service)

    @http_cache.revalidating()
    def devices(self) -> list[hardware.Device]:
        return devices.read_devices(self._service)

    @http_cache.revalidating()
    def parts(self, url: str) -> hardware.SystemParts:
        return system_parts.read_parts(self._service, url)


def _spread(paths: list[str], width: int) -> list[str]:
    """Give an order in which so many that are next to each other are not.

    Systems that follow each other share a chassis: read side by side, all
    but one would wait for the one that reads it.
    """
    stride = -(-len(paths) // width) or 1
    return [path for start in range(stride) for path in paths[start::stride]]
