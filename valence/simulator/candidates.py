"""One system as a candidate for a composed node.

Each ``fits_*`` says whether one component meets one requirement of an
Allocate request.  Quantities are minimums, words must be equal, and what
a requirement leaves out does not matter.
"""

import dataclasses
import functools
import typing
from collections.abc import Mapping

from valence.simulator import layout as layouts
from valence.simulator import matching, profiles

Want = Mapping[str, typing.Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Component:
    """A component together with its names."""

    path: str
    item: typing.Any
    serial: str = ''


def _least(want: Want, name: str, value: int) -> bool:
    wanted = want.get(name)
    return wanted is None or value >= wanted


def _same(want: Want, name: str, value: str | int) -> bool:
    wanted = want.get(name)
    return wanted is None or value == wanted


def _pinned(want: Want, component: Component) -> bool:
    pin = (want.get('Resource') or {}).get('@odata.id')
    return pin is None or pin.rstrip('/') == component.path


def fits_processor(want: Want, component: Component) -> bool:
    """Tell whether a processor meets a requirement."""
    item: profiles.Processor = component.item
    oem = want.get('Oem') or {}
    features = {**oem, **(oem.get('Intel_RackScale') or {})}
    return (
        _least(want, 'TotalCores', item.cores)
        and _least(want, 'AchievableSpeedMHz', item.speed_mhz)
        and _same(want, 'Model', item.model)
        and _same(want, 'InstructionSet', item.instruction_set)
        and _same(want, 'ProcessorType', 'CPU')
        and _same(features, 'Brand', item.brand)
        and set(features.get('Capabilities') or ()) <= set(item.capabilities)
        and 'Local' in (want.get('Connectivity') or ('Local',))
        and _pinned(want, component)
    )


def fits_module(want: Want, component: Component) -> bool:
    """Tell whether a memory module may be counted for a requirement."""
    item: profiles.Module = component.item
    return (
        _least(want, 'SpeedMHz', item.speed_mhz)
        and _least(want, 'DataWidthBits', item.data_width_bits)
        and _same(want, 'MemoryType', item.memory_type)
        and _same(want, 'MemoryDeviceType', item.device_type)
        and _same(want, 'Manufacturer', item.manufacturer)
        and _pinned(want, component)
    )


def fits_drive(want: Want, component: Component) -> bool:
    """Tell whether a local drive meets a requirement."""
    item: profiles.Drive = component.item
    return (
        _least(want, 'CapacityGiB', item.capacity_gib)
        and _least(want, 'MinRPM', item.rpm)
        and _same(want, 'Type', item.media)
        and _same(want, 'Interface', item.protocol)
        and _same(want, 'SerialNumber', component.serial)
        # All drives are in their sled; none is behind a switch.
        and not want.get('FabricSwitch')
        and _pinned(want, component)
    )


def fits_interface(want: Want, component: Component) -> bool:
    """Tell whether an Ethernet interface meets a requirement."""
    mac = want.get('MACAddress')
    return (
        _least(want, 'SpeedMbps', component.item.speed_mbps)
        and (mac is None or mac.lower() == component.serial)
        and _pinned(want, component)
    )


@dataclasses.dataclass(frozen=True)
class Candidate:
    """A free system, its components, and where it is."""

    layout: layouts.Layout
    index: int

    @property
    def profile(self) -> profiles.Profile:
        """The hardware."""
        return profiles.profile_of(self.index)

    @functools.cached_property
    def processors(self) -> list[Component]:
        """The processors."""
        base = f'{self.layout.system_path(self.index)}/Processors'
        return [
            Component(f'{base}/{number}', item)
            for number, item in enumerate(self.profile.processors, 1)
        ]

    @functools.cached_property
    def modules(self) -> list[Component]:
        """The memory modules."""
        base = f'{self.layout.system_path(self.index)}/Memory'
        return [
            Component(f'{base}/{number}', item)
            for number, item in enumerate(self.profile.modules, 1)
        ]

    @functools.cached_property
    def drives(self) -> list[Component]:
        """The local drives."""
        return [
            Component(
                self.layout.drive_path(self.index, number),
                item,
                self.layout.serial('DRV', self.index, number),
            )
            for number, item in enumerate(self.profile.drives, 1)
        ]

    @functools.cached_property
    def interfaces(self) -> list[Component]:
        """The Ethernet interfaces; the serial is the address."""
        base = f'{self.layout.system_path(self.index)}/EthernetInterfaces'
        return [
            Component(
                f'{base}/{number}', item, self.layout.mac(self.index, number)
            )
            for number, item in enumerate(self.profile.interfaces, 1)
        ]

    @functools.cached_property
    def resources(self) -> frozenset[str]:
        """The paths of all components that a request may pin."""
        components = (
            self.processors + self.modules + self.drives + self.interfaces
        )
        return frozenset(each.path for each in components)

    @functools.cached_property
    def chassis(self) -> frozenset[str]:
        """The paths of all chassis the system is in."""
        drawer = self.layout.drawer_of(self.index)
        return frozenset(
            (
                self.layout.rack_path,
                self.layout.drawer_path(drawer),
                self.layout.sled_path(self.index),
            )
        )

    def has_memory(self, wants: list[Want]) -> bool:
        """Tell whether modules add up to each requirement in turn."""
        free = list(self.modules)
        for want in wants:
            missing = want.get('CapacityMiB') or 1
            for module in [m for m in free if fits_module(want, m)]:
                if missing <= 0:
                    break
                free.remove(module)
                missing -= module.item.capacity_mib
            if missing > 0:
                return False
        return True

    def has_processors(self, wants: list[Want]) -> bool:
        """Tell whether there is a processor for each requirement."""
        return matching.match(wants, self.processors, fits_processor)

    def has_drives(self, wants: list[Want]) -> bool:
        """Tell whether there is a local drive for each requirement."""
        return matching.match(wants, self.drives, fits_drive)

    def has_interfaces(self, wants: list[Want]) -> bool:
        """Tell whether there is an interface for each requirement."""
        return matching.match(wants, self.interfaces, fits_interface)
