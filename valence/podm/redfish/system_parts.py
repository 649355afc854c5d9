"""What one system of a Redfish service is made of.

Of the parts, as many are read as are to be had; the others are named.
"""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from valence.common import exception
from valence.objects import hardware
from valence.objects.resource import url_key
from valence.podm import pci
from valence.podm.redfish import devices, nodes, parse
from valence.podm.redfish.service import MAX_PARTS, OF_ONE, Service
from valence.podm.redfish.snapshot import Snapshot
from valence.podm.redfish.totals import GIB

_Part = Mapping[str, Any]
_Result = TypeVar('_Result')

#: ProcessorType of what is not a processor by itself.
_INSIDE = frozenset({'Core', 'Thread'})


def read_parts(service: Service, url: str) -> hardware.SystemParts:
    """Read the parts of a system.

    :raises PodManagerResourceMissing: if the system is gone.
    """
    snapshot = Snapshot(service)
    system = snapshot.get(url)
    reader = _Reader(snapshot)
    found = reader.collections(system)
    processors = [
        each
        for each in found['Processors']
        if each.text('ProcessorType') not in _INSIDE
    ]
    usual = [each for each in processors if _is_usual(each)]
    others = [each for each in processors if not _is_usual(each)]
    return hardware.SystemParts(
        url=url,
        processors=[_processor(snapshot, each) for each in usual],
        memory=[_memory(snapshot, each) for each in found['Memory']],
        storage=reader.storage(found['Storage'], found['SimpleStorage']),
        network=reader.network(found['EthernetInterfaces']),
        accelerators=[
            *(_accelerator(each) for each in others),
            *reader.cards(system, others),
        ],
        errors=dict(sorted(reader.errors.items())),
    )


def _is_usual(processor: parse.Document) -> bool:
    return processor.text('ProcessorType') in ('CPU', None)


class _Reader:
    """Reads parts, and notes which it could not; see :data:`OF_ONE`.

    :ivar errors: by path, why it could not be read.
    """

    def __init__(self, service: Snapshot) -> None:
        self._service = service
        self.errors: dict[str, str] = {}

    def collections(
        self, system: parse.Document
    ) -> dict[str, list[parse.Document]]:
        """Read the members of the collections of a system."""
        names = (
            'Processors',
            'Memory',
            'EthernetInterfaces',
            'Storage',
            'SimpleStorage',
        )
        listed = self._service.each(
            lambda name: self._listed(self._links(system, name)), names
        )
        paths = dict(zip(names, listed, strict=True))
        if paths['Storage']:
            # It tells of the same drives, and less.
            paths['SimpleStorage'] = []
        known = self.read(itertools.chain.from_iterable(paths.values()))
        return {
            name: [known[path] for path in each if path in known]
            for name, each in paths.items()
        }

    def read(self, paths: Iterable[str]) -> dict[str, parse.Document]:
        """Read resources side by side; give those that could be, by path."""
        some = list(itertools.islice(dict.fromkeys(paths), MAX_PARTS))
        found = self._service.each(self._read, some)
        return {
            path: document
            for path, document in zip(some, found, strict=True)
            if document is not None
        }

    def storage(
        self,
        storages: Sequence[parse.Document],
        simple: Sequence[parse.Document],
    ) -> list[_Part]:
        """Give drives and volumes."""
        drives = [
            path for each in storages for path in self._links(each, 'Drives')
        ]
        volumes = [
            path
            for each in storages
            for path in self._listed(self._links(each, 'Volumes'))
        ]
        known = self.read([*drives, *volumes])
        return [
            *(
                _stored(known[path], 'Drive')
                for path in drives
                if path in known
            ),
            *(
                _stored(known[path], 'Volume')
                for path in volumes
                if path in known
            ),
            *(
                _stored(device, 'Drive')
                for each in simple
                for device in each.parts('Devices')
            ),
        ]

    def network(self, interfaces: Sequence[parse.Document]) -> list[_Part]:
        read = nodes.PARTS['EthernetInterfaces'][1]
        return self._service.each(
            lambda each: {
                'resource_uri': each.path,
                **read(self._service, each),
            },
            interfaces,
        )

    def cards(
        self, system: parse.Document, processors: Sequence[parse.Document]
    ) -> list[_Part]:
        """Give the cards that compute and are not told as processors."""
        told = {
            url_key(path)
            for each in processors
            for path in each.find_links('Links', 'PCIeDevice')
        }
        known = self.read(
            path
            for path in self._links(system, 'PCIeDevices')
            if url_key(path) not in told
        )
        found = self._service.each(
            lambda each: devices.read_device(self._service, each),
            known.values(),
        )
        return [_card(each) for each in found if each.kind in pci.ACCELERATORS]

    def _listed(self, collections: Iterable[str]) -> list[str]:
        """Give the paths of the members of collections."""

        def members(path: str) -> list[str]:
            self._service.load(path, levels=1)
            return self._service.members(path)

        found = (self._noting(members, path) for path in collections)
        return [path for each in found for path in each or ()]

    def _links(self, holder: parse.Document, field: str) -> list[str]:
        """Give links to what belongs to a system."""
        try:
            return holder.links(field)
        except exception.PodManagerMalformed as error:
            self.errors[holder.path] = str(error)
            return holder.find_links(field)

    def _read(self, path: str) -> parse.Document | None:
        return self._noting(self._service.get, path)

    def _noting(
        self, read: Callable[[str], _Result], path: str
    ) -> _Result | None:
        try:
            return read(path)
        except OF_ONE as error:
            self.errors[path] = str(error)
            return None


def _processor(service: Service, document: parse.Document) -> _Part:
    return {
        'resource_uri': document.path,
        **nodes.PARTS['Processors'][1](service, document),
        'total_thread': document.whole('TotalThreads'),
        'manufacturer': document.text('Manufacturer'),
        'socket': document.text('Socket'),
        'health': document.text('Status', 'Health'),
    }


def _memory(service: Service, document: parse.Document) -> _Part:
    return {
        'resource_uri': document.path,
        **nodes.PARTS['Memory'][1](service, document),
        'type': document.text('MemoryDeviceType'),
        'manufacturer': document.text('Manufacturer'),
        'serial_number': document.text('SerialNumber'),
        'location': document.text('DeviceLocator'),
        'health': document.text('Status', 'Health'),
    }


def _stored(document: parse.Document, device_type: str) -> _Part:
    size = document.number('CapacityBytes')
    return {
        'resource_uri': document.path,
        'device_type': device_type,
        'name': document.text('Name'),
        'protocol': document.text('Protocol'),
        'media_type': document.text('MediaType'),
        'capacity_gib': None if size is None else round(size / GIB, 2),
        'rotation_speed_rpm': document.number('RotationSpeedRPM'),
        'manufacturer': document.text('Manufacturer'),
        'model': document.text('Model'),
        'serial_number': document.text('SerialNumber'),
        'health': document.text('Status', 'Health'),
    }


def _accelerator(document: parse.Document) -> _Part:
    return {
        'resource_uri': document.path,
        'device_type': document.text('ProcessorType'),
        'manufacturer': document.text('Manufacturer'),
        'model': document.text('Model'),
        'total_core': document.whole('TotalCores'),
        'health': document.text('Status', 'Health'),
    }


def _card(device: hardware.Device) -> _Part:
    return {
        'resource_uri': device.url,
        'device_type': pci.ACCELERATORS[device.kind or ''],
        'manufacturer': device.extra['vendor_name'],
        'model': device.properties['model'],
        'total_core': None,
        'health': device.health,
    }
