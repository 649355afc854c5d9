"""Pooled devices as the API shows them, and what can be asked of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from valence.compute.resources import Place, place
from valence.objects import times
from valence.objects.hardware import Device
from valence.objects.resource import Resource
from valence.podm.live import Told

FREE, ALLOCATED = 'free', 'allocated'


@dataclass(frozen=True, slots=True)
class Matching:
    """What is asked of devices; None where nothing is.

    :ivar type: NIC, SSD, ...; compared without regard to case.
    :ivar state: free or allocated.
    :ivar node_id: uuid of the node that has it.
    """

    type: str | None = None
    state: str | None = None
    node_id: str | None = None

    def accepts(self, shown: Mapping[str, Any]) -> bool:
        """Tell whether a device is what is asked for.

        What is not known of it is not.
        """
        return all(
            wanted is None
            or (
                shown[name] is not None
                and shown[name].casefold() == wanted.casefold()
            )
            for name, wanted in (
                ('type', self.type),
                ('state', self.state),
                ('node_id', self.node_id),
            )
        )


class Pool:
    """The devices of some pod managers, as they told them.

    :param found: by uuid of the pod manager.
    :param taken: the nodes, by the places of their systems.
    """

    def __init__(
        self,
        found: Mapping[str, Told[Sequence[Device]]],
        taken: Mapping[Place, str],
    ) -> None:
        self._current = {
            podm_id for podm_id, each in found.items() if each.error is None
        }
        self._taken = taken
        self._known = {
            place(podm_id, device.url): device
            for podm_id, each in found.items()
            for device in each.value or ()
        }

    def brief(self, row: Resource) -> dict[str, Any]:
        """Give a device as lists show it.

        Who has it is told only if it was told just now.
        """
        device = self._find(row)
        current = device if row.podm_id in self._current else None
        return {
            'uuid': row.uuid,
            'podm_id': row.podm_id,
            'resource_uri': row.resource_url,
            'type': device and device.kind,
            'state': current and _state(current),
            'node_id': current and self._node(row.podm_id, current),
            'pooled_group_id': current and current.group,
            'observed_at': times.show(device and device.observed_at),
        }

    def detail(self, row: Resource) -> dict[str, Any]:
        """Give a device as it is shown alone."""
        device = self._find(row)
        is_current = device is not None and row.podm_id in self._current
        return {
            **self.brief(row),
            'health': device.health if device and is_current else 'Unknown',
            'properties': device and device.properties,
            'extra': device and device.extra,
            'created_at': times.show(row.created_at),
            'updated_at': times.show(row.updated_at),
        }

    def _find(self, row: Resource) -> Device | None:
        return self._known.get(place(row.podm_id, row.resource_url))

    def _node(self, podm_id: str, device: Device) -> str | None:
        if device.system_url is None:
            return None
        return self._taken.get(place(podm_id, device.system_url))


def _state(device: Device) -> str | None:
    if device.used is None:
        return None
    return ALLOCATED if device.used else FREE
