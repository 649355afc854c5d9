"""Everything that a Redfish pod manager holds."""

import logging
from collections.abc import Iterator

from valence.common import exception, http_cache
from valence.objects import hardware
from valence.objects.resource import ResourceType
from valence.podm import base
from valence.podm.redfish import systems
from valence.podm.redfish.places import Places
from valence.podm.redfish.service import OF_ONE, Service
from valence.podm.redfish.snapshot import Snapshot

LOG = logging.getLogger(__name__)

_COLLECTIONS = {
    'Systems': ResourceType.COMPUTER_SYSTEM,
    'Nodes': ResourceType.COMPOSED_NODE,
}


class RedfishInventory(base.Inventory):
    def __init__(self, service: Service) -> None:
        self._service = service

    def walk(self) -> Iterator[tuple[str, str]]:
        for name, resource_type in _COLLECTIONS.items():
            path = self._service.link(name)
            if path is not None:
                for member in self._service.members(path):
                    yield member, resource_type

    # It is shown, and nobody waits for it to change.
    @http_cache.revalidating()
    def systems(self) -> list[hardware.System]:
        path = self._service.link('Systems')
        if path is None:
            return []
        service = Snapshot(self._service)
        service.load(path)
        chassis = service.link('Chassis')
        if chassis is not None:
            service.load(chassis, levels=1)
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


def _spread(paths: list[str], width: int) -> list[str]:
    """Give an order in which so many that are next to each other are not.

    Systems that follow each other share a chassis: read side by side, all
    but one would wait for the one that reads it.
    """
    stride = -(-len(paths) // width) or 1
    return [path for start in range(stride) for path in paths[start::stride]]
