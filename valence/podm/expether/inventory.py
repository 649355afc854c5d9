"""Everything that an ExpEther manager holds.

Of EEIOs only those that are up, as one that is not cannot be used; it comes
back with another uuid.
"""

from collections.abc import Iterable, Iterator, Sequence

from valence.objects import hardware
from valence.objects.resource import ResourceType
from valence.podm import base, failures
from valence.podm.expether import nodes, shown, urls
from valence.podm.expether.devices import Device, Status
from valence.podm.expether.eem import Eem
from valence.podm.expether.urls import Place

_OF_EESVS = frozenset(
    {ResourceType.COMPUTER_SYSTEM, ResourceType.COMPOSED_NODE}
)
_OF_EEIOS = frozenset({ResourceType.PCIE_DEVICE})

_Found = Iterable[tuple[str, str]]


class ExpEtherInventory(base.Inventory):
    def __init__(self, eem: Eem) -> None:
        self._eem = eem

    # How many cores and how much memory an EESV has nobody tells.
    def walk(self) -> Iterator[hardware.Part]:
        for status, types, found in (
            (Status.EESV, _OF_EESVS, self._of_eesvs),
            (Status.EEIO, _OF_EEIOS, self._of_eeios),
        ):
            # It is above nothing: what is in it has other paths.
            url = self._eem.listing(status)
            try:
                devices = self._eem.devices(status)
                yield hardware.Part(url, types, list(found(devices)))
            except failures.OF_ONE as error:
                yield hardware.Part(
                    url, types, error=failures.told(error, url)
                )

    def _of_eesvs(self, devices: Sequence[Device]) -> _Found:
        path = self._eem.base
        for eesv in devices:
            url = urls.device_url(path, eesv.id)
            yield url, ResourceType.COMPUTER_SYSTEM
        for eesv in devices:
            if not eesv.free:
                url = urls.node_url(path, Place(eesv.id, eesv.group))
                yield url, ResourceType.COMPOSED_NODE

    def _of_eeios(self, devices: Sequence[Device]) -> _Found:
        for eeio in devices:
            if eeio.up:
                url = urls.device_url(self._eem.base, eeio.id)
                yield url, ResourceType.PCIE_DEVICE

    def systems(self) -> list[hardware.System]:
        return [
            nodes.read_system(self._eem.base, eesv)
            for eesv in self._eem.devices(Status.EESV)
        ]

    def read(self, url: str) -> hardware.Properties:
        place = urls.read_place(url)
        identity = urls.device_id(url) if place is None else place.eesv
        if identity is None:
            raise self._eem.missing(url, 'it is no path of a device')
        device = self._eem.device(identity)
        if place is not None and place.group != device.group:
            raise self._eem.missing(url, 'its devices are no node any more')
        return hardware.Properties(url, device.raw)

    def devices(self) -> list[hardware.Device]:
        return shown.read_devices(
            self._eem.base,
            self._eem.devices(Status.EESV),
            self._eem.devices(Status.EEIO),
        )

    def parts(self, url: str) -> hardware.SystemParts:
        identity = urls.device_id(url)
        if identity is None:
            raise self._eem.missing(url, 'it is no path of a device')
        return shown.read_parts(
            url,
            self._eem.base,
            self._eem.device(identity),
            self._eem.devices(Status.EEIO),
        )
