"""The hardware that simulated systems are made of.

A system's hardware follows from its index alone, so that thousands of
systems share a handful of objects.  Nothing here may depend on the pod
or change at run time.
"""

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Processor:
    """One socket."""

    model: str
    brand: str
    cores: int
    speed_mhz: int
    manufacturer: str = 'Intel(R) Corporation'
    architecture: str = 'x86'
    instruction_set: str = 'x86-64'
    capabilities: tuple[str, ...] = ('sse', 'avx', 'avx2')


@dataclasses.dataclass(frozen=True, slots=True)
class Module:
    """One memory module."""

    capacity_mib: int
    speed_mhz: int
    memory_type: str = 'DRAM'
    device_type: str = 'DDR4'
    manufacturer: str = 'Micron'
    data_width_bits: int = 64


@dataclasses.dataclass(frozen=True, slots=True)
class Drive:
    """One local drive; ``rpm`` is 0 for solid state."""

    capacity_gib: int
    media: str
    protocol: str
    rpm: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Interface:
    """One Ethernet port."""

    speed_mbps: int


@dataclasses.dataclass(frozen=True, slots=True)
class Accelerator:
    """One card that computes; the numbers are those of PCI."""

    kind: str
    model: str
    manufacturer: str
    class_code: str
    vendor_id: str
    device_id: str


@dataclasses.dataclass(frozen=True, slots=True)
class Profile:
    """All the hardware of one system."""

    model: str
    processors: tuple[Processor, ...]
    modules: tuple[Module, ...]
    drives: tuple[Drive, ...]
    interfaces: tuple[Interface, ...]
    accelerators: tuple[Accelerator, ...] = ()

    @property
    def cores(self) -> int:
        """All cores of the system."""
        return sum(each.cores for each in self.processors)

    @property
    def memory_mib(self) -> int:
        """All memory of the system."""
        return sum(each.capacity_mib for each in self.modules)


_BRONZE = Processor('Intel(R) Xeon(R) Bronze 3106', 'Unknown', 8, 1700)
_SILVER = Processor('Intel(R) Xeon(R) Silver 4216', 'Silver', 16, 3200)
_GOLD = Processor('Intel(R) Xeon(R) Gold 6142', 'Gold', 16, 3700)
_PLATINUM = Processor('Intel(R) Xeon(R) Platinum 8352Y', 'Platinum', 32, 3400)

_DIMM_8 = Module(8192, 2400)
_DIMM_16 = Module(16384, 2666)
_DIMM_32 = Module(32768, 2933, manufacturer='Samsung')

_SATA_SSD = Drive(480, 'SSD', 'SATA')
_NVME = Drive(1920, 'SSD', 'NVMe')
_HDD_1000 = Drive(1000, 'HDD', 'SATA', 7200)
_HDD_4000 = Drive(4000, 'HDD', 'SAS', 7200)
_HDD_FAST = Drive(1200, 'HDD', 'SAS', 10000)

_GBE_1 = Interface(1000)
_GBE_10 = Interface(10000)
_GBE_25 = Interface(25000)

_GPU = Accelerator(
    'GPU', 'Tesla P100', 'NVIDIA Corporation', '0x030200', '0x10de', '0x15f8'
)
_FPGA = Accelerator(
    'FPGA',
    'Programmable Acceleration Card',
    'Intel(R) Corporation',
    '0x120000',
    '0x8086',
    '0x09c4',
)

_USUAL = Profile(
    'D50TNP1', (_SILVER,), (_DIMM_16,) * 4, (_SATA_SSD,), (_GBE_10,) * 2
)

PROFILES = (
    _USUAL,
    _USUAL,
    _USUAL,
    dataclasses.replace(_USUAL, drives=(_SATA_SSD, _HDD_1000)),
    Profile(
        'R2208',
        (_GOLD,) * 2,
        (_DIMM_16,) * 8,
        (_NVME, _HDD_4000, _HDD_4000),
        (_GBE_25,) * 2,
        (_GPU,) * 2,
    ),
    Profile(
        'M50CYP',
        (_PLATINUM,) * 2,
        (_DIMM_32,) * 8,
        (_NVME,) * 2,
        (_GBE_25,) * 2,
        (_FPGA,),
    ),
    Profile(
        'R1304', (_BRONZE,), (_DIMM_8,) * 4, (_HDD_1000,), (_GBE_1, _GBE_1)
    ),
    Profile(
        'R2224',
        (_BRONZE,) * 2,
        (_DIMM_16,) * 4,
        (_HDD_FAST,) * 4,
        (_GBE_1, _GBE_10),
    ),
)


def profile_of(index: int) -> Profile:
    """Return the hardware of the system with this index."""
    return PROFILES[index % len(PROFILES)]
