"""The devices of an ExpEther manager, and the groups that they are in.

Each server board (EESV) brings some devices (EEIOs) into the pool: one of
each of the kinds below.  As on the wire, all numbers are strings.
"""

import dataclasses
import time
import typing
from collections.abc import Mapping

from valence.simulator.eem import errors

Json = dict[str, typing.Any]

EESV = 'eesv'
EEIO = 'eeio'
DEFAULT_GROUPS: Mapping[str, str] = {EESV: '4094', EEIO: '4093'}
FIRST_GROUP, LAST_GROUP = 16, 4092

MAX_EEIOS = 4
"""How many EEIOs an EESV can have."""

_NO_PCI: Json = {'type': '10g'}


def _pci(class_code: str, vendor: str, device: str) -> Json:
    return {
        'type': '40g',
        'pcie_class_code': class_code,
        'pcie_vendor_id': vendor,
        'pcie_device_id': device,
        'pcie_connection_status': 'up',
    }


# A network card, an NVMe drive, a graphics card, and one of 10 Gbit/s, which
# does not tell what it holds.
_POOLED = (
    _pci('0x020000', '0x8086', '0x1572'),
    _pci('0x010802', '0x144d', '0xa821'),
    _pci('0x030200', '0x10de', '0x15f8'),
    _NO_PCI,
)
_EACH = len(_POOLED) + 1


@dataclasses.dataclass(slots=True)
class Device:
    """A device.

    ``up`` is false once nothing is heard of it; of one that is ``locked``
    all is well, but its group cannot be changed.
    """

    id: str
    status: str
    values: Json
    group: str
    up: bool = True
    locked: bool = False
    changed: int = 0

    def document(self) -> Json:
        """Return what a manager tells of it."""
        notification = 'up' if self.up else 'down'
        octets = [self.id[n : n + 2] for n in range(2, len(self.id), 2)]
        return {
            'id': self.id,
            'status': self.status,
            'group_id': self.group,
            'update_time': str(self.changed),
            'mac_address': ':'.join(octets),
            'admin_status': 'enabled',
            'monitoring_status': 'enabled',
            'notification_status0': [notification, notification],
            'notification_status1': ['down', 'down'],
            'ee_version': 'v1.0',
            'power_status': 'on',
            'serial_number': f'EE{self.id[2:]}',
            **self.values,
        }

    def move(self, group: str) -> None:
        """Put it into a group.

        :raises EemError: 500, when it is not heard of; 409, when it is
            locked
        """
        if not self.up:
            raise errors.unreachable(self.id)
        if self.locked:
            raise errors.locked(self.id)
        self.group = group
        self.changed = milliseconds()


class Devices:
    """All devices of one manager."""

    def __init__(self, pod: int, systems: int) -> None:
        """Begin.

        :param systems: how many EESVs there are
        """
        self._by_id: dict[str, Device] = {}
        for index in range(systems):
            model: Json = {
                'type': '40g',
                'model': 'ExpEther Board (40G)',
                'max_eeio_count': str(MAX_EEIOS),
                'host_model': 'Simulated Server',
                'host_serial_number': f'SRV{pod:05d}{index:05d}',
            }
            self._add(pod, index * _EACH, EESV, model)
            for number, values in enumerate(_POOLED, 1):
                model = {'model': 'EE I/O Expansion Unit', **values}
                self._add(pod, index * _EACH + number, EEIO, model)

    def _add(self, pod: int, number: int, status: str, values: Json) -> None:
        own_id = f'0x8c{pod:04x}{number:06x}'
        self._by_id[own_id] = Device(
            own_id, status, values, DEFAULT_GROUPS[status]
        )

    def all(
        self, status: str | None = None, group: str | None = None
    ) -> list[Device]:
        """Return the devices of a status, in a group.  From any thread."""
        return [
            device
            for device in list(self._by_id.values())
            if status in (None, device.status)
            and group in (None, device.group)
        ]

    def get(self, own_id: str) -> Device:
        """Return a device.

        :raises EemError: 404
        """
        try:
            return self._by_id[own_id]
        except KeyError:
            raise errors.unknown_device(own_id) from None

    def forget(self, own_id: str) -> None:
        """Let a device vanish.

        :raises EemError: 404
        """
        del self._by_id[self.get(own_id).id]

    def groups(self) -> list[str]:
        """Return the groups that something is in."""
        return sorted({device.group for device in self.all()}, key=int)

    def unused_group(self) -> str:
        """Return the first group that nothing is in.

        :raises EemError: 409, when there is none
        """
        used = set(self.groups())
        for number in range(FIRST_GROUP, LAST_GROUP + 1):
            if str(number) not in used:
                return str(number)
        raise errors.no_group()


def milliseconds() -> int:
    """Return the time, as a manager tells it."""
    return time.time_ns() // 1_000_000
