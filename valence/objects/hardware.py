"""What a pod manager tells of its hardware, read live and never stored."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from valence.objects.resource import ResourceType


def _now() -> int:
    return time.time_ns() // 1000


@dataclass(frozen=True, slots=True)
class Size:
    """What a system has in all; None where it is not told.

    :ivar url: path of the system.
    """

    url: str
    cores: int | None = None
    ram_gib: float | None = None
    drives: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A collection of a pod manager, or a resource that links to others.

    :ivar url: path of it, which what it holds need not be below.
    :ivar types: of all that is found in it or below, there or not.
    :ivar found: ``(resource_url, resource_type)`` of what was found.
    :ivar sizes: of the systems that were found.
    :ivar error: why the rest, or what is below, could not be read; None if
        this is all that there is.
    """

    url: str
    types: frozenset[str]
    found: Sequence[tuple[str, str]] = ()
    sizes: Sequence[Size] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Properties:
    """A resource as its pod manager sent it.

    :ivar url: the path that it was asked for under.
    """

    url: str
    raw: Mapping[str, Any] = field(repr=False)
    observed_at: int = field(default_factory=_now)


@dataclass(frozen=True, slots=True)
class System:
    """A computer system.

    :ivar url: its path at the pod manager, for example
        ``/redfish/v1/Systems/1``.
    :ivar ram_gib: total memory, GiB; None where it is not told.
    :ivar storage_gib: sum of the drives, GiB; None where it is not told.
    :ivar location: the chassis around it, innermost first, as pairs of
        chassis type and name.
    :ivar raw: the resource as it was sent.
    """

    url: str
    id: str
    name: str | None = None
    description: str | None = None
    system_uuid: str | None = None
    health: str | None = None
    power_state: str | None = None
    architecture: str | None = None
    processor_model: str | None = None
    cores: int | None = None
    ram_gib: float | None = None
    storage_gib: float | None = None
    interfaces: int | None = None
    location: Sequence[tuple[str, str]] = ()
    boot: Mapping[str, Any] = field(default_factory=dict)
    reset_types: Sequence[str] = ()
    boot_targets: Sequence[str] = ()
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)
    observed_at: int = field(default_factory=_now)


@dataclass(frozen=True, slots=True)
class ComposedNode:
    """A composed node as its pod manager tells it.

    :ivar state: Allocating, Allocated, Assembling, Assembled or Failed
        (Intel RSD's ComposedNodeState).
    :ivar processors: of each ``{instruction_set, model, speed_mhz,
        total_core}``.
    :ivar memory: of each ``{data_width_bit, speed_mhz, total_memory_mb}``.
    :ivar interfaces: of each ``{mac, speed_mbps, status, ipv4, vlans}``.
    :ivar attached: urls of what it holds and could be detached: drives,
        volumes, devices, resource blocks.
    """

    url: str
    id: str
    name: str | None = None
    description: str | None = None
    state: str | None = None
    health: str | None = None
    power_state: str | None = None
    system_url: str | None = None
    boot: Mapping[str, Any] = field(default_factory=dict)
    reset_types: Sequence[str] = ()
    boot_targets: Sequence[str] = ()
    processors: Sequence[Mapping[str, Any]] = ()
    memory: Sequence[Mapping[str, Any]] = ()
    interfaces: Sequence[Mapping[str, Any]] = ()
    attached: Sequence[str] = ()
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)
    observed_at: int = field(default_factory=_now)

    @property
    def resource_type(self) -> ResourceType:
        """Tell what it is at its pod manager: some compose systems."""
        if self.url == self.system_url:
            return ResourceType.COMPUTER_SYSTEM
        return ResourceType.COMPOSED_NODE


@dataclass(frozen=True, slots=True)
class BootOverride:
    """What to boot from next.

    :ivar enabled: Disabled, Once or Continuous.
    :ivar target: Pxe, Hdd, None, ... as the system allows.
    :ivar mode: UEFI or Legacy, or None to leave it as it is.
    """

    enabled: str
    target: str
    mode: str | None = None


@dataclass(frozen=True, slots=True)
class Probe:
    """How a pod manager was found: one of the words of PodManagerStatus.

    :ivar reason: why, in the user's terms, where it is not Online.
    :ivar composes: whether it can compose nodes; None where unknown.
    """

    status: str
    reason: str | None = None
    composes: bool | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """A change that the pod manager accepted and goes on with.

    :ivar monitor: path at the pod manager where it tells how the change
        goes, for example ``/redfish/v1/TaskService/Tasks/1/Monitor``. It
        holds no host, and may be stored.
    :ivar delay: seconds after which it wants to be asked; None if it did not
        say.
    """

    monitor: str
    delay: float | None = None


class MonitorState(StrEnum):
    """What a pod manager says of a change that it accepted.

    No word of it is proof: monitors vanish early, or never stop to run.
    What became of the change is to be seen at what was changed.
    """

    RUNNING = 'running'
    #: It ended well, as far as it says.
    DONE = 'done'
    #: It says that it failed.
    FAILED = 'failed'
    #: It says nothing at all; it may have ended either way, or go on.
    GONE = 'gone'


@dataclass(frozen=True, slots=True)
class Monitor:
    """What a look at the monitor of a change told.

    :ivar delay: seconds after which it wants to be asked again; None if it
        did not say.
    :ivar percent: how much is done, 0 to 100; None where it is not told.
    :ivar reasons: why it failed, in the pod manager's words.
    :ivar location: path of what was made; None where it is not told, or may
        not be followed.
    """

    state: MonitorState
    delay: float | None = None
    percent: int | None = None
    reasons: Sequence[str] = ()
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Chassis:
    """A rack, a drawer, a sled, or whatever else holds something.

    :ivar url: its path at the pod manager.
    :ivar kind: Redfish's ChassisType; None where it is not told.
    :ivar location: where it is, in the pod manager's own words.
    :ivar parent_url: path of the chassis around it, which is one of those
        that were read with it; who goes from each to the next comes to an
        end.
    :ivar system_urls: paths of the systems right in it, and not in a chassis
        inside of it.
    """

    url: str
    id: str
    kind: str | None = None
    name: str | None = None
    description: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    serial_number: str | None = None
    health: str | None = None
    location: str | None = None
    parent_url: str | None = None
    system_urls: Sequence[str] = ()
    observed_at: int = field(default_factory=_now)


@dataclass(frozen=True, slots=True)
class Device:
    """A PCIe device, which a system has or could have.

    :ivar kind: NIC, SSD, GPU, ... (see :mod:`valence.podm.pci`); None where
        it is not told.
    :ivar group: of what belongs together, by the pod manager; None where
        there are no groups.
    :ivar used: whether a system has it; None where it is not told.
    :ivar system_url: path of that system; None where it is not told.
    :ivar properties: what it is: ``device_id``, ``mac_address``, ``model``,
        ``serial_number``, ``pci_class``, ``pci_vendor_id`` and
        ``pci_device_id``, None where it is not told.
    :ivar extra: ``device_name`` and ``vendor_name``, for people.
    """

    url: str
    id: str
    kind: str | None = None
    health: str | None = None
    group: str | None = None
    used: bool | None = None
    system_url: str | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    observed_at: int = field(default_factory=_now)


@dataclass(frozen=True, slots=True)
class SystemParts:
    """What one system is made of; see the reference of the API for fields.

    :ivar url: path of the system.
    :ivar errors: by path what could not be read, and why.
    """

    url: str
    processors: Sequence[Mapping[str, Any]] = ()
    memory: Sequence[Mapping[str, Any]] = ()
    storage: Sequence[Mapping[str, Any]] = ()
    network: Sequence[Mapping[str, Any]] = ()
    accelerators: Sequence[Mapping[str, Any]] = ()
    errors: Mapping[str, str] = field(default_factory=dict)
    observed_at: int = field(default_factory=_now)
