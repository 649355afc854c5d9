"""What lies where: the properties that lead from one kind to others.

Nothing here is a path. The names are those of DMTF's schemas (DSP8010), of
SNIA's Swordfish and of Intel's RSD. What a service does not have it has no
link to, so that one table serves them all.
"""

import functools
from dataclasses import dataclass

from valence.objects.resource import (
    CHASSIS_TYPES,
    ResourceType,
    chassis_type,
)
from valence.podm.redfish import parse
from valence.podm.redfish.service import OEM
from valence.podm.redfish.snapshot import MAX_LEVELS


@dataclass(frozen=True, slots=True)
class Way:
    """A property that leads to resources of one kind.

    A list in it names them, and an object is the link to their collection.

    :ivar to: name of the kind.
    :ivar names: a list in it does so. A service root names no resources.
    :ivar alone: the link leads to the one resource that there is.
    """

    field: tuple[str, ...]
    to: str
    names: bool = True
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """What resources of one kind are, and what they lead to.

    :ivar type: None for what is on the way to others only.
    """

    type: ResourceType | None
    ways: tuple[Way, ...] = ()


def _ways(**kinds: str) -> tuple[Way, ...]:
    return tuple(Way((field,), to) for field, to in kinds.items())


def _linked(**kinds: str) -> tuple[Way, ...]:
    return tuple(Way(('Links', field), to) for field, to in kinds.items())


def _services(**kinds: str) -> tuple[Way, ...]:
    return tuple(Way((field,), to, names=False) for field, to in kinds.items())


def _added(**kinds: str) -> tuple[Way, ...]:
    """Give what Intel has added: at the top (RSD 2.1), or below Oem."""
    return tuple(
        Way(field, to, names=False)
        for name, to in kinds.items()
        for field in ((name,), (*OEM, name))
    )


ROOT = 'ServiceRoot'
SYSTEM = 'ComputerSystem'

KINDS = {
    ROOT: Kind(
        None,
        (
            *_services(Systems=SYSTEM),
            *_added(Nodes='ComposedNode'),
            *_services(
                Chassis='Chassis', Managers='Manager', Fabrics='Fabric'
            ),
            *_added(
                EthernetSwitches='EthernetSwitch',
                # RSD 2.1 and 2.2; Swordfish's are called StorageServices.
                Services='StorageService',
            ),
            *_services(
                StorageServices='StorageService', Storage='StandaloneStorage'
            ),
            Way(
                ('CompositionService',),
                'CompositionService',
                names=False,
                alone=True,
            ),
        ),
    ),
    SYSTEM: Kind(
        ResourceType.COMPUTER_SYSTEM,
        _ways(
            Processors='Processor',
            Memory='Memory',
            Storage='Storage',
            EthernetInterfaces='EthernetInterface',
            PCIeDevices='PCIeDevice',
        ),
    ),
    'ComposedNode': Kind(ResourceType.COMPOSED_NODE),
    'Chassis': Kind(
        ResourceType.CHASSIS,
        (
            *_ways(Drives='Drive', PCIeDevices='PCIeDevice'),
            *_linked(Drives='Drive', PCIeDevices='PCIeDevice'),
            *_ways(Memory='Memory', Processors='Processor'),
        ),
    ),
    'Manager': Kind(
        ResourceType.MANAGER, _ways(EthernetInterfaces='EthernetInterface')
    ),
    'Fabric': Kind(
        ResourceType.FABRIC, _ways(Zones='Zone', Endpoints='Endpoint')
    ),
    'EthernetSwitch': Kind(
        ResourceType.ETHERNET_SWITCH, _ways(Ports='EthernetSwitchPort')
    ),
    # Of a system, of a resource block or of a StorageService.
    'Storage': Kind(
        None,
        _ways(Drives='Drive', Volumes='Volume', StoragePools='StoragePool'),
    ),
    # Swordfish 1.2 has these at the root in place of StorageServices.
    'StandaloneStorage': Kind(
        ResourceType.STORAGE_SERVICE,
        _ways(Drives='Drive', Volumes='Volume', StoragePools='StoragePool'),
    ),
    'StorageService': Kind(
        ResourceType.STORAGE_SERVICE,
        _ways(
            Drives='Drive',
            Volumes='Volume',
            # What RSD 2.1 and 2.2 have for volumes.
            LogicalDrives='Volume',
            StoragePools='StoragePool',
            StorageSubsystems='Storage',
            Endpoints='Endpoint',
        ),
    ),
    'StoragePool': Kind(
        ResourceType.STORAGE_POOL,
        _ways(AllocatedVolumes='Volume', AllocatedPools='StoragePool'),
    ),
    'CompositionService': Kind(
        None,
        _ways(ResourceBlocks='ResourceBlock', ResourceZones='ResourceZone'),
    ),
    'ResourceBlock': Kind(
        ResourceType.RESOURCE_BLOCK,
        _ways(
            Processors='Processor',
            Memory='Memory',
            Storage='Storage',
            Drives='Drive',
            EthernetInterfaces='EthernetInterface',
            ComputerSystems=SYSTEM,
        ),
    ),
    'Drive': Kind(ResourceType.DRIVE),
    'Endpoint': Kind(ResourceType.ENDPOINT),
    'EthernetInterface': Kind(ResourceType.ETHERNET_INTERFACE),
    'EthernetSwitchPort': Kind(ResourceType.ETHERNET_SWITCH_PORT),
    'Memory': Kind(ResourceType.MEMORY),
    'PCIeDevice': Kind(ResourceType.PCIE_DEVICE),
    'Processor': Kind(ResourceType.PROCESSOR),
    'ResourceZone': Kind(ResourceType.RESOURCE_ZONE),
    'Volume': Kind(ResourceType.VOLUME),
    'Zone': Kind(ResourceType.ZONE),
}


@functools.cache
def types(name: str) -> frozenset[str]:
    """Give all types that there can be of a kind, and below it."""
    return _own(name) | below(name)


@functools.cache
def below(name: str) -> frozenset[str]:
    """Give all types that there can be below a kind."""
    found: frozenset[str] = frozenset()
    # Pools can be in pools: what was looked at is not looked at again.
    known, pending = set[str](), [name]
    while pending:
        for way in KINDS[pending.pop()].ways:
            if way.to not in known:
                known.add(way.to)
                pending.append(way.to)
                found |= _own(way.to)
    return found


@functools.cache
def levels(name: str) -> int:
    """Give how many levels below a collection must be read to walk it.

    What leads nowhere is listed by its collection, and not read itself.
    """
    return min(_levels(name, MAX_LEVELS), MAX_LEVELS)


def type_of(name: str, document: parse.Document | None) -> str | None:
    """Give the type of a resource; None for what is of none, or unknown.

    :param document: None where it could not be read.
    """
    kind = KINDS[name]
    if kind.type != ResourceType.CHASSIS:
        return kind.type
    if document is None:
        return None
    return chassis_type(document.text('ChassisType'))


def _own(name: str) -> frozenset[str]:
    kind = KINDS[name]
    if kind.type is None:
        return frozenset()
    if kind.type == ResourceType.CHASSIS:
        return frozenset(CHASSIS_TYPES)
    return frozenset({kind.type})


def _levels(name: str, most: int) -> int:
    ways = KINDS[name].ways
    if not ways or most == 0:
        return 0
    return 1 + max(1 + _levels(way.to, most - 1) for way in ways)
