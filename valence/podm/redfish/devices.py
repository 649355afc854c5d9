"""The PCIe devices of a Redfish service, and the systems that have them.

A device is linked to by the chassis that it is in, alone (Intel RSD) or in a
collection (Chassis v1_8), and by the system that has it. What it is, its
functions tell.
"""

import dataclasses
import itertools
from collections.abc import Iterable, Mapping
from typing import Any

from valence.objects import hardware
from valence.objects.resource import url_key
from valence.podm import pci
from valence.podm.redfish import parse
from valence.podm.redfish.members import read_members
from valence.podm.redfish.service import MAX_MEMBERS, OF_ONE, Service
from valence.podm.redfish.snapshot import Snapshot

#: PCIeFunction's DeviceClass, for those that tell no ClassCode.
_CLASSES = {
    'MassStorageController': 'SSD',
    'NetworkController': 'NIC',
    'DisplayController': 'GPU',
    'MultimediaController': 'MULTI',
    'Bridge': 'SWITCH',
    'SerialBusController': 'USB',
    'ProcessingAccelerators': 'ACS',
}


def read_devices(service: Service) -> list[hardware.Device]:
    """Read all PCIe devices.

    :raises PodManagerError: if the server is not to be had.
    """
    snapshot = Snapshot(service)
    chassis = read_members(snapshot, snapshot.link('Chassis'))
    had = _had(snapshot)
    owners = {url_key(path): system for path, system in had or ()}
    paths: dict[str, str] = {}
    for path in _in_chassis(snapshot, chassis):
        paths.setdefault(url_key(path), path)
    for path, _system in had or ():
        paths.setdefault(url_key(path), path)

    def read(key: str) -> hardware.Device | None:
        found = snapshot.find(paths[key])
        if found is None:
            return None
        return dataclasses.replace(
            read_device(snapshot, found),
            used=None if had is None else key in owners,
            system_url=owners.get(key),
        )

    found = snapshot.each(read, itertools.islice(paths, MAX_MEMBERS))
    return [device for device in found if device is not None]


def read_device(service: Service, document: parse.Document) -> hardware.Device:
    """Give a device as it is told; nothing of who has it."""
    function = _function(service, document)
    return hardware.Device(
        url=document.path,
        id=document.identity(),
        kind=_kind(function),
        health=document.text('Status', 'Health'),
        properties=_properties(document, function),
        extra={
            'device_name': document.text('Name'),
            'vendor_name': document.text('Manufacturer'),
        },
    )


def _had(service: Snapshot) -> list[tuple[str, str]] | None:
    """Give all devices that systems have, each with the path of its system.

    None is for no system that can be read.
    """
    try:
        systems = read_members(service, service.link('Systems'))
    except OF_ONE:
        return None
    return [
        (path, system.path)
        for system in systems
        for path in system.find_links('PCIeDevices')
    ]


def _in_chassis(
    service: Snapshot, chassis: Iterable[parse.Document]
) -> list[str]:
    linked, collections = [], []
    for each in chassis:
        linked += each.find_links('Links', 'PCIeDevices')
        collections += each.find_links('PCIeDevices')

    def members(path: str) -> list[str]:
        service.load(path, levels=2)
        return service.find_members(path) or []

    found = service.each(members, dict.fromkeys(collections))
    return linked + list(itertools.chain.from_iterable(found))


def _function(
    service: Service, document: parse.Document
) -> parse.Document | None:
    """Read the first function of a device, which says what it is."""
    paths = document.find_links('Links', 'PCIeFunctions')
    if not paths:
        collection = document.find_link('PCIeFunctions')
        paths = service.find_members(collection) or []
    return service.find(next(iter(paths), None))


def _kind(function: parse.Document | None) -> str | None:
    if function is None:
        return None
    known = _CLASSES.get(function.text('DeviceClass') or '')
    return pci.kind(function.value('ClassCode')) or known


def _properties(
    document: parse.Document, function: parse.Document | None
) -> Mapping[str, Any]:
    pci_names = {
        'pci_class': 'ClassCode',
        'pci_vendor_id': 'VendorId',
        'pci_device_id': 'DeviceId',
    }
    return {
        'device_id': document.identity(),
        'mac_address': None,
        'model': document.text('Model'),
        'serial_number': document.text('SerialNumber'),
        **{
            name: None if function is None else function.text(field)
            for name, field in pci_names.items()
        },
    }
