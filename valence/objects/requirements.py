"""What a composed node shall have, as numbers, ready for a driver."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Processor:
    total_cores: int | None = None
    model: str | None = None
    instruction_set: str | None = None
    speed_mhz: int | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    capacity_mib: int | None = None
    type: str | None = None
    speed_mhz: int | None = None


@dataclass(frozen=True, slots=True)
class LocalDrive:
    capacity_gib: int | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Network:
    speed_mbps: int | None = None


@dataclass(frozen=True, slots=True)
class Requirements:
    """Each part is None where nothing was asked of it."""

    processor: Processor | None = None
    memory: Memory | None = None
    local_drive: LocalDrive | None = None
    network: Network | None = None

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
        )
