"""Everything that an ExpEther manager holds.

Of EEIOs only those that are up, as one that is not cannot be used; it comes
back with another uuid.
"""

from collections.abc import Iterator

from valence.objects import hardware
from valence.objects.resource import ResourceType
from valence.podm import base
from valence.podm.expether import nodes, urls
from valence.podm.expether.devices import Status
from valence.podm.expether.eem import Eem
from valence.podm.expether.urls import Place


class ExpEtherInventory(base.Inventory):
    def __init__(self, eem: Eem) -> None:
        self._eem = eem

    def walk(self) -> Iterator[tuple[str, str]]:
        path = self._eem.base
        eesvs = self._eem.devices(Status.EESV)
        for eesv in eesvs:
            url = urls.device_url(path, eesv.id)
            yield url, ResourceType.COMPUTER_SYSTEM
        for eesv in eesvs:
            if not eesv.free:
                url = urls.node_url(path, Place(eesv.id, eesv.group))
                yield url, ResourceType.COMPOSED_NODE
        for eeio in self._eem.devices(Status.EEIO):
            if eeio.up:
                url = urls.device_url(path, eeio.id)
                yield url, ResourceType.PCIE_DEVICE

    def systems(self) -> list[hardware.System]:
        return [
            nodes.read_system(self._eem.base, eesv)
            for eesv in self._eem.devices(Status.EESV)
        ]
