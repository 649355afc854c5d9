"""Where the systems of a pod are, and what they are called.

One rack of drawers of sleds, one system to a sled.  Every id, path and
serial number is computed from (pod, index) and is the same after a
restart; nothing is stored for each system.
"""

import dataclasses
import functools
import uuid

SLEDS_PER_DRAWER = 8
ROOT = '/redfish/v1'

_NAMESPACE = uuid.UUID('7d5c3f60-2f6b-4f0e-9a34-3c1f3a1a5f10')


@dataclasses.dataclass(frozen=True)
class Layout:
    """The names in one pod; systems count from 0, ids from 1."""

    pod: int
    systems: int

    @functools.cached_property
    def uuid(self) -> str:
        """The UUID of the service."""
        return str(uuid.uuid5(_NAMESPACE, f'pod/{self.pod}'))

    @property
    def drawers(self) -> int:
        """How many drawers the rack has."""
        return -(-self.systems // SLEDS_PER_DRAWER)

    @property
    def rack_id(self) -> str:
        """The id of the rack's chassis."""
        return '1-r-1'

    @property
    def rack_location(self) -> str:
        """The rack's place, which its drawers give as their parent."""
        return f'Pod-{self.pod}-Rack-1'

    def drawer_location(self, drawer: int) -> str:
        """Return a drawer's place, the parent of its sleds."""
        return f'{self.rack_location}-Drawer-{drawer + 1}'

    def drawer_of(self, index: int) -> int:
        """Return the number, from 0, of the drawer of a system."""
        return index // SLEDS_PER_DRAWER

    def systems_in(self, drawer: int) -> range:
        """Return the indexes of the systems in a drawer."""
        first = drawer * SLEDS_PER_DRAWER
        return range(first, min(first + SLEDS_PER_DRAWER, self.systems))

    def system_id(self, index: int) -> str:
        """Return a system's id, which tells its drawer and slot."""
        drawer, slot = divmod(index, SLEDS_PER_DRAWER)
        return f'{drawer + 1}-s-{slot + 1}'

    def sled_id(self, index: int) -> str:
        """Return the chassis id of a system's sled."""
        drawer, slot = divmod(index, SLEDS_PER_DRAWER)
        return f'{drawer + 1}-c-{slot + 1}'

    def drawer_id(self, drawer: int) -> str:
        """Return the chassis id of a drawer."""
        return f'{drawer + 1}-d-1'

    def manager_id(self, drawer: int) -> str:
        """Return the id of the manager of a drawer."""
        return f'{drawer + 1}-m-1'

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

    def system_index(self, system_id: str) -> int | None:
        """Return the index of the system with this id, if there is one."""
        return self._index(system_id, 's')

    def sled_index(self, chassis_id: str) -> int | None:
        """Return the index of the system in this sled, if it is one."""
        return self._index(chassis_id, 'c')

    def drawer_index(self, own_id: str, letter: str = 'd') -> int | None:
        """Return the number of this drawer (``m``: of this manager's)."""
        first = own_id.partition('-')[0]
        if not first.isdecimal() or own_id != f'{int(first)}-{letter}-1':
            return None
        drawer = int(first) - 1
        return drawer if 0 <= drawer < self.drawers else None

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

    def _index(self, own_id: str, letter: str) -> int | None:
        drawer, _, rest = own_id.partition(f'-{letter}-')
        if not (drawer.isdecimal() and rest.isdecimal()):
            return None
        slot = int(rest) - 1
        if not 0 <= slot < SLEDS_PER_DRAWER:
            return None
        index = (int(drawer) - 1) * SLEDS_PER_DRAWER + slot
        if not 0 <= index < self.systems:
            return None
        # One resource has one name: "01-s-1" is not "1-s-1".
        same = own_id == f'{int(drawer)}-{letter}-{int(rest)}'
        return index if same else None
