"""Devices of an ExpEther manager (EEM), as it sends them.

An EESV is the board of a server, an EEIO holds an I/O device. What is in one
group is one computer; a device that is in none is in the default group of
its kind. EEM sends numbers as strings.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from valence.common import exception
from valence.common.http_client import HttpClient
from valence.podm import pci

#: What may stand in a path: EEM's ids are like 0x8cdf9d9122b6.
ID = r'0x[0-9A-Fa-f]{1,32}'

_POWER = {'on': 'On', 'off': 'Off'}


class Status(StrEnum):
    """What a device is."""

    EESV = 'eesv'
    EEIO = 'eeio'


#: The group of a device that is in none.
DEFAULT_GROUP = {Status.EESV: 4094, Status.EEIO: 4093}


@dataclass(frozen=True, slots=True)
class Device:
    """A device.

    :ivar up: whether EEM hears of it.
    :ivar kind: NIC, SSD, ...; None where it is not told, as by devices for
        less than 40 Gbit/s.
    :ivar room: how many EEIOs an EESV can have; None where it is not told.
    :ivar raw: the device as it was sent.
    """

    id: str
    status: Status
    group: int
    up: bool = True
    kind: str | None = None
    room: int | None = None
    power_state: str | None = None
    description: str | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def free(self) -> bool:
        """Tell whether it is in no group."""
        return self.group == DEFAULT_GROUP[self.status]

    @property
    def usable(self) -> bool:
        """Tell whether a new node can have it."""
        return self.free and self.up

    @property
    def health(self) -> str:
        return 'OK' if self.up else 'Critical'

    def __str__(self) -> str:
        return f'{self.status.upper()} {self.id}'


def read(client: HttpClient, path: str, raw: object) -> Device:
    """Read a device.

    :param path: whose answer it was found in.
    :raises PodManagerMalformed: with what it cannot do without.
    """

    def lacks(name: str) -> exception.PodManagerMalformed:
        return client.malformed(
            path, f'{name} of a device is missing or of a wrong type'
        )

    if not isinstance(raw, Mapping):
        raise client.malformed(path, 'a device is not a JSON object')
    identity, status = raw.get('id'), raw.get('status')
    group = _number(raw.get('group_id'))
    if not isinstance(identity, str) or not re.fullmatch(ID, identity):
        raise lacks('id')
    if status not in tuple(Status):
        raise lacks('status')
    if group is None:
        raise lacks('group_id')
    return Device(
        id=identity,
        status=Status(status),
        group=group,
        up=_up(raw.get('notification_status0')),
        kind=pci.kind(raw.get('pcie_class_code')),
        room=_number(raw.get('max_eeio_count')),
        power_state=_POWER.get(str(raw.get('power_status'))),
        description=_text(raw.get('host_model')) or _text(raw.get('model')),
        raw=raw,
    )


def _number(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    try:
        return int(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _up(notification: object) -> bool:
    """Tell whether its first link is up, as far as that is told."""
    return not (
        isinstance(notification, list) and notification[:1] == ['down']
    )
