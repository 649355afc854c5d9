"""Devices of an ExpEther manager, as the inventory shows them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from valence.objects import hardware
from valence.podm import pci
from valence.podm.expether import urls
from valence.podm.expether.devices import Device

#: What is told of an EEIO, by what EEM calls it.
_PROPERTIES = {
    'mac_address': 'mac_address',
    'model': 'model',
    'serial_number': 'serial_number',
    'pci_class': 'pcie_class_code',
    'pci_vendor_id': 'pcie_vendor_id',
    'pci_device_id': 'pcie_device_id',
}


def read_devices(
    base: str, eesvs: Iterable[Device], eeios: Iterable[Device]
) -> list[hardware.Device]:
    """Give the EEIOs as the devices that they hold.

    :param base: path of the manager.
    """
    owners = {
        eesv.group: urls.device_url(base, eesv.id)
        for eesv in eesvs
        if not eesv.free
    }
    return [
        hardware.Device(
            url=urls.device_url(base, eeio.id),
            id=eeio.id,
            kind=eeio.kind,
            health=eeio.health,
            group=str(eeio.group),
            used=not eeio.free,
            system_url=None if eeio.free else owners.get(eeio.group),
            properties=_properties(eeio),
            # EEM has only numbers for them.
            extra={'device_name': None, 'vendor_name': None},
        )
        for eeio in eeios
    ]


def read_parts(
    url: str, base: str, eesv: Device, eeios: Iterable[Device]
) -> hardware.SystemParts:
    """Give what a computer has beyond its board, of which EEM tells nothing.

    :param url: of the system.
    """
    held: Sequence[Device] = ()
    if not eesv.free:
        held = [eeio for eeio in eeios if eeio.group == eesv.group]
    return hardware.SystemParts(
        url=url,
        storage=[_drive(base, each) for each in held if each.kind == 'SSD'],
        network=[
            _interface(base, each) for each in held if each.kind == 'NIC'
        ],
        accelerators=[
            _card(base, each) for each in held if each.kind in pci.ACCELERATORS
        ],
    )


def _drive(base: str, eeio: Device) -> Mapping[str, Any]:
    untold = ('name', 'protocol', 'capacity_gib', 'rotation_speed_rpm')
    return {
        'resource_uri': urls.device_url(base, eeio.id),
        'device_type': 'Drive',
        **dict.fromkeys(untold),
        'media_type': 'SSD',
        'manufacturer': None,
        'model': _text(eeio, 'model'),
        'serial_number': _text(eeio, 'serial_number'),
        'health': eeio.health,
    }


def _interface(base: str, eeio: Device) -> Mapping[str, Any]:
    # Its own address is that of the card's port to ExpEther.
    return {
        'resource_uri': urls.device_url(base, eeio.id),
        'mac': None,
        'speed_mbps': None,
        'status': 'Enabled' if eeio.up else 'UnavailableOffline',
        'ipv4': (),
        'vlans': (),
    }


def _card(base: str, eeio: Device) -> Mapping[str, Any]:
    return {
        'resource_uri': urls.device_url(base, eeio.id),
        'device_type': pci.ACCELERATORS[eeio.kind or ''],
        'manufacturer': None,
        'model': _text(eeio, 'model'),
        'total_core': None,
        'health': eeio.health,
    }


def _properties(eeio: Device) -> Mapping[str, Any]:
    told = {name: _text(eeio, sent) for name, sent in _PROPERTIES.items()}
    return {'device_id': eeio.id, **told}


def _text(device: Device, name: str) -> str | None:
    value = device.raw.get(name)
    return value if isinstance(value, str) else None
