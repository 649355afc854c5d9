"""What a composed node shall have, as numbers, ready for a driver."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Processor:
    total_cores: int | None = None
    model: str | None = None
    instruction_set: str | None = None
    speed_mhz: int | None = None


#: MemoryType, where MemoryDeviceType (DDR4, ...) is the usual meaning.
_MEMORY_KINDS = frozenset(
    {'DRAM', 'NVDIMM_N', 'NVDIMM_F', 'NVDIMM_P', 'IntelOptane'}
)


@dataclass(frozen=True, slots=True)
class Memory:
    """:ivar type: Redfish's MemoryType or MemoryDeviceType."""

    capacity_mib: int | None = None
    type: str | None = None
    speed_mhz: int | None = None

    @property
    def kind(self) -> str | None:
        """Give what is wanted as MemoryType."""
        return self.type if self.type in _MEMORY_KINDS else None

    @property
    def device(self) -> str | None:
        """Give what is wanted as MemoryDeviceType."""
        return None if self.type in _MEMORY_KINDS else self.type


@dataclass(frozen=True, slots=True)
class LocalDrive:
    capacity_gib: int | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Network:
    speed_mbps: int | None = None


@dataclass(frozen=True, slots=True)
class PciDevice:
    """Pooled devices: ``type`` has the kind of each, such as NIC or GPU."""

    type: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Requirements:
    """Each part is None where nothing was asked of it."""

    processor: Processor | None = None
    memory: Memory | None = None
    local_drive: LocalDrive | None = None
    network: Network | None = None
    pci_device: PciDevice | None = None

    @classmethod
    def from_properties(cls, properties: Mapping[str, Any]) -> 'Requirements':
        """Build from the checked ``properties`` of a request's body."""

        def part(name: str, kind: type[Any]) -> Any:
            values = properties.get(name)
            return kind(**values) if values else None

        return cls(
            processor=part('processor', Processor),
            memory=part('memory', Memory),
            local_drive=part('local_drive', LocalDrive),
            network=part('network', Network),
            pci_device=part('pci_device', PciDevice),
        )
