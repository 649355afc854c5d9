"""A resource: a pointer to something that a pod manager holds."""

from dataclasses import dataclass
from enum import StrEnum

#: Characters of a url that can be stored.
MAX_URL_LENGTH = 512


class ResourceType(StrEnum):
    """Types of resources, in Redfish's own names.

    That of a chassis has its kind behind it; see :func:`chassis_type`.
    """

    COMPUTER_SYSTEM = 'ComputerSystem'
    COMPOSED_NODE = 'ComposedNode'
    CHASSIS = 'Chassis'
    MANAGER = 'Manager'
    PROCESSOR = 'Processor'
    MEMORY = 'Memory'
    DRIVE = 'Drive'
    VOLUME = 'Volume'
    STORAGE_POOL = 'StoragePool'
    STORAGE_SERVICE = 'StorageService'
    ETHERNET_INTERFACE = 'EthernetInterface'
    ETHERNET_SWITCH = 'EthernetSwitch'
    ETHERNET_SWITCH_PORT = 'EthernetSwitchPort'
    FABRIC = 'Fabric'
    ZONE = 'Zone'
    ENDPOINT = 'Endpoint'
    PCIE_DEVICE = 'PCIeDevice'
    RESOURCE_BLOCK = 'ResourceBlock'
    RESOURCE_ZONE = 'ResourceZone'


#: Redfish's ChassisType (DMTF DSP8010, Chassis v1_25), and RSD's Drawer.
CHASSIS_KINDS = (
    'Blade',
    'Card',
    'Cartridge',
    'Component',
    'Drawer',
    'Enclosure',
    'Expansion',
    'HeatExchanger',
    'IPBasedDrive',
    'ImmersionTank',
    'Module',
    'Other',
    'Pod',
    'PowerStrip',
    'Rack',
    'RackGroup',
    'RackMount',
    'Row',
    'Shelf',
    'Sidecar',
    'Sled',
    'StandAlone',
    'StorageEnclosure',
    'Zone',
)


def url_key(url: str) -> str:
    """Give what all ways to write the url of one resource have in common.

    Pod managers differ in case, and in the slash at the end, from one answer
    to the next.
    """
    return url.lower().rstrip('/')


def chassis_type(kind: str | None) -> str:
    """Give the type of a chassis of a kind: ``Chassis/Rack``.

    One of a kind that nobody knows is told as ``Chassis/Other``.
    """
    known = kind if kind in CHASSIS_KINDS else 'Other'
    return f'{ResourceType.CHASSIS}/{known}'


#: The types of all chassis.
CHASSIS_TYPES = tuple(map(chassis_type, CHASSIS_KINDS))


@dataclass(frozen=True, slots=True)
class Resource:
    """One row of ``resources``; no metadata: that is read live."""

    uuid: str
    podm_id: str
    resource_url: str
    resource_type: str
    created_at: int
    updated_at: int
