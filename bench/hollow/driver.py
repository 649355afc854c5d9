"""The driver ``hollow``; both stacks of the comparison compose with it."""

import itertools
from typing import Any

from valence.common import exception
from valence.objects import hardware
from valence.objects.pod_manager import PodManager
from valence.objects.requirements import Requirements
from valence.podm import base


class HollowCompute(base.Compute):
    """Remembers what state its nodes are in; that is all."""

    def __init__(self) -> None:
        self._states: dict[str, str] = {}
        self._numbers = itertools.count(1)

    @property
    def composes(self) -> bool:
        return True

    def allocate_node(
        self,
        *,
        name: str,
        description: str,
        tag: str,
        requirements: Requirements,
    ) -> str:
        url = f'/redfish/v1/Nodes/{next(self._numbers)}-{tag}'
        self._states[url] = 'Allocated'
        return url

    def list_nodes(self) -> list[hardware.ComposedNode]:
        return []

    def find_node(self, tag: str) -> str | None:
        return None

    def get_node(self, url: str) -> hardware.ComposedNode:
        ident = url.rpartition('/')[2]
        return hardware.ComposedNode(
            url=url,
            id=ident,
            state=self._states[url],
            system_url=f'/redfish/v1/Systems/{ident}',
        )

    def assemble_node(self, url: str) -> None:
        self._states[url] = 'Assembled'

    def delete_node(self, url: str) -> None:
        self._states.pop(url, None)

    def get_system(self, url: str) -> hardware.System:
        raise exception.PodManagerResourceMissing(url=url)

    def reset_system(self, url: str, reset_type: str) -> None:
        """Do nothing."""

    def set_system_boot(self, url: str, boot: hardware.BootOverride) -> None:
        """Do nothing."""


class HollowInventory(base.Inventory):
    def walk(self) -> Any:
        return iter(())

    def systems(self) -> list[hardware.System]:
        return []


class HollowConnection(base.Connection):
    def __init__(
        self, podm: PodManager, limits: object, health: object = None
    ) -> None:
        super().__init__(podm)
        self._compute = HollowCompute()

    def check(self) -> bool:
        return True

    @property
    def compute(self) -> base.Compute:
        return self._compute

    @property
    def inventory(self) -> base.Inventory:
        return HollowInventory()

    def close(self) -> None:
        """Do nothing."""
