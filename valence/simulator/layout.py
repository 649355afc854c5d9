"""Where the systems of a pod are, and what they are called.

One rack of drawers of sleds, one system to a sled, and a box of drives
that are in no system.  Every path and serial number is computed from
(pod, index) and is the same after a restart.
"""

import dataclasses
import functools
import uuid

from valence.simulator import ids as own_ids

ROOT = '/redfish/v1'

_NAMESPACE = uuid.UUID('7d5c3f60-2f6b-4f0e-9a34-3c1f3a1a5f10')


@dataclasses.dataclass(frozen=True)
class Layout:
    """The names in one pod; systems count from 0, ids from 1."""

    pod: int
    systems: int
    kind_of_ids: type[own_ids.Ids] = own_ids.Dashed

    @functools.cached_property
    def ids(self) -> own_ids.Ids:
        """What the resources are called."""
        return own_ids.made(self.kind_of_ids, self.systems)

    @functools.cached_property
    def uuid(self) -> str:
        """The UUID of the service."""
        return str(uuid.uuid5(_NAMESPACE, f'pod/{self.pod}'))

    @property
    def drawers(self) -> int:
        """How many drawers the rack has."""
        return self.ids.drawers

    @property
    def rack_id(self) -> str:
        """The id of the rack's chassis."""
        return self.ids.rack

    @property
    def rack_location(self) -> str:
        """The rack's place, which its drawers give as their parent."""
        return f'Pod-{self.pod}-Rack-1'

    def drawer_location(self, drawer: int) -> str:
        """Return a drawer's place, the parent of its sleds."""
        return f'{self.rack_location}-Drawer-{drawer + 1}'

    def drawer_of(self, index: int) -> int:
        """Return the number, from 0, of the drawer of a system."""
        return index // own_ids.SLEDS_PER_DRAWER

    def systems_in(self, drawer: int) -> range:
        """Return the indexes of the systems in a drawer."""
        first = drawer * own_ids.SLEDS_PER_DRAWER
        end = first + own_ids.SLEDS_PER_DRAWER
        return range(first, min(end, self.systems))

    def system_id(self, index: int) -> str:
        """Return a system's id."""
        return self.ids.system(index)

    def sled_id(self, index: int) -> str:
        """Return the chassis id of a system's sled."""
        return self.ids.sled(index)

    def drawer_id(self, drawer: int) -> str:
        """Return the chassis id of a drawer."""
        return self.ids.drawer(drawer)

    def manager_id(self, drawer: int) -> str:
        """Return the id of the manager of a drawer."""
        return self.ids.manager(drawer)

    def system_path(self, index: int) -> str:
        """Return the path of a system."""
        return f'{ROOT}/Systems/{self.system_id(index)}'

    def sled_path(self, index: int) -> str:
        """Return the path of a system's sled."""
        return f'{ROOT}/Chassis/{self.sled_id(index)}'

    def drawer_path(self, drawer: int) -> str:
        """Return the path of a drawer."""
        return f'{ROOT}/Chassis/{self.drawer_id(drawer)}'

    @property
    def rack_path(self) -> str:
        """The path of the rack."""
        return f'{ROOT}/Chassis/{self.rack_id}'

    def manager_path(self, drawer: int) -> str:
        """Return the path of the manager of a drawer."""
        return f'{ROOT}/Managers/{self.manager_id(drawer)}'

    def drive_path(self, index: int, number: int) -> str:
        """Return the path of a system's drive, counted from 1."""
        return f'{self.sled_path(index)}/Drives/{number}'

    @property
    def jbof_path(self) -> str:
        """The path of the box with the pooled drives."""
        return f'{ROOT}/Chassis/{self.ids.jbof}'

    def switch_path(self, drawer: int) -> str:
        """Return the path of the switch of a drawer."""
        return f'{ROOT}/EthernetSwitches/{self.ids.switch(drawer)}'

    def system_uuid(self, index: int) -> str:
        """Return the UUID of a system."""
        name = f'pod/{self.pod}/system/{index}'
        return str(uuid.uuid5(_NAMESPACE, name))

    def serial(self, kind: str, index: int, number: int = 0) -> str:
        """Return the serial number of a component."""
        return f'{kind}{self.pod:05d}{index:05d}{number:02d}'

    def mac(self, index: int, number: int) -> str:
        """Return the address of an Ethernet port, counted from 1."""
        octets = (2, *self.pod.to_bytes(2), *index.to_bytes(2), number)
        return ':'.join(f'{each:02x}' for each in octets)
