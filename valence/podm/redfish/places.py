"""Where a system stands: the chassis around it, up to the pod."""

import threading

from valence.podm.redfish import parse
from valence.podm.redfish.service import OEM, Service

#: Sled, drawer, rack, row, pod, with some to spare.
MAX_DEPTH = 10


class Places:
    """The chassis of one walk, each of them read once. Thread-safe."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._known: dict[str, parse.Document | None] = {}
        self._locks: dict[str, threading.Lock] = {}

    def around(self, system: parse.Document) -> list[tuple[str, str]]:
        """Give type and name of each chassis, the innermost first."""
        found: dict[str, tuple[str, str]] = {}
        path = system.find_link('Links', 'Chassis')
        while path and path not in found and len(found) < MAX_DEPTH:
            chassis = self._chassis(path)
            if chassis is None:
                break
            found[path] = (
                chassis.text('ChassisType') or 'Chassis',
                _name(chassis),
            )
            path = chassis.find_link('Links', 'ContainedBy')
        return list(found.values())

    def _chassis(self, path: str) -> parse.Document | None:
        # setdefault is atomic: all threads get the same lock.
        with self._locks.setdefault(path, threading.Lock()):
            if path not in self._known:
                self._known[path] = self._service.find(path)
            return self._known[path]


def _name(chassis: parse.Document) -> str:
    # Intel RSD says where it is ("Rack1"); names are alike there ("Rack").
    place = chassis.text(*OEM, 'Location', 'Id')
    return place or chassis.text('Name') or chassis.identity()
