"""A resource: a pointer to something that a pod manager holds."""

from dataclasses import dataclass
from enum import StrEnum


class ResourceType(StrEnum):
    """Types of resources, in Redfish's own names."""

    COMPUTER_SYSTEM = 'ComputerSystem'
    COMPOSED_NODE = 'ComposedNode'
    PCIE_DEVICE = 'PCIeDevice'


@dataclass(frozen=True, slots=True)
class Resource:
    """One row of ``resources``; no metadata: that is read live."""

    uuid: str
    podm_id: str
    resource_url: str
    resource_type: str
    created_at: int
    updated_at: int
