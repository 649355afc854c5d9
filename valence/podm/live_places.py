"""More of what can be told of pod managers: chassis, devices, and parts."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from valence.objects.hardware import Chassis, Device, SystemParts
from valence.podm.live import Kind
from valence.podm.live_kinds import kind_of_many

#: All chassis of a pod manager.
CHASSIS: Kind[Sequence[Chassis]] = kind_of_many(
    'chassis',
    Chassis,
    lambda connection, _url: connection.inventory.chassis(),
)
#: All PCIe devices of a pod manager.
DEVICES: Kind[Sequence[Device]] = kind_of_many(
    'devices',
    Device,
    lambda connection, _url: connection.inventory.devices(),
)


def _unpacked(kept: Any) -> SystemParts:
    return SystemParts(**kept)


#: What one system is made of, by its path.
PARTS: Kind[SystemParts] = Kind(
    'parts',
    lambda connection, url: connection.inventory.parts(url),
    dataclasses.asdict,
    _unpacked,
)
