"""Drives and volumes that are in no system, and the nodes that have them.

Each pod has the same few.  Only the event loop changes who has what; it
is read from any thread.
"""

import dataclasses

from valence.simulator import errors, profiles
from valence.simulator import layout as layouts
from valence.simulator import personality as personalities

DRIVES = (profiles.Drive(1920, 'SSD', 'NVMe'),) * 4
VOLUMES_GIB = (80, 100, 200, 400)


@dataclasses.dataclass(frozen=True, slots=True)
class Item:
    """One of them; ``remote`` are volumes, which a fabric leads to."""

    path: str
    capacity_gib: int
    remote: bool = False


def storage_path(
    layout: layouts.Layout, storage: personalities.Storage
) -> str:
    """Return the path of the one storage service."""
    return f'{layouts.ROOT}/{storage.services}/{layout.ids.storage}'


def volume_path(
    layout: layouts.Layout, storage: personalities.Storage, number: int
) -> str:
    """Return the path of a volume, counted from 1."""
    service = storage_path(layout, storage)
    return f'{service}/{storage.volumes}/{layout.ids.volume(number - 1)}'


def drive_path(layout: layouts.Layout, number: int) -> str:
    """Return the path of a pooled drive, counted from 1."""
    return f'{layout.jbof_path}/Drives/{number}'


def items(
    layout: layouts.Layout, personality: personalities.Personality
) -> list[Item]:
    """Return all that can be attached, as a personality has it."""
    if personality.attaching is None or personality.storage is None:
        return []
    drives = [
        Item(drive_path(layout, number), each.capacity_gib)
        for number, each in enumerate(DRIVES, 1)
    ]
    volumes = [
        Item(volume_path(layout, personality.storage, number), gib, True)
        for number, gib in enumerate(VOLUMES_GIB, 1)
    ]
    return drives + volumes


class Pool:
    """Which node has which of the items."""

    def __init__(self, all_items: list[Item]) -> None:
        self._items = {each.path: each for each in all_items}
        # The ids of nodes, by the path of what they have.
        self._holders: dict[str, str] = {}

    def find(self, path: str) -> Item:
        """Return an item.

        :raises RedfishError: 400, when nothing like that can be attached
        """
        item = self._items.get(path.rstrip('/'))
        if item is None:
            raise errors.invalid_payload(
                f'Resource {path} cannot be attached to a node.'
            )
        return item

    def free(self) -> list[Item]:
        """Return what no node has."""
        held = dict(self._holders)
        return [each for path, each in self._items.items() if path not in held]

    def held_by(self, node_id: str) -> list[Item]:
        """Return what a node has, in the order in which it came."""
        return [
            self._items[path]
            for path, holder in list(self._holders.items())
            if holder == node_id
        ]

    def require_free(self, item: Item) -> None:
        """Raise unless no node has an item.

        :raises RedfishError: 409
        """
        holder = self._holders.get(item.path)
        if holder is not None:
            raise errors.conflict(
                'Conflict during attach',
                f'Resource {item.path} is attached to composed node {holder}.',
            )

    def require_held(self, item: Item, node_id: str) -> None:
        """Raise unless a node has an item.

        :raises RedfishError: 409
        """
        if self._holders.get(item.path) != node_id:
            raise errors.conflict(
                'Conflict during detach',
                f'Resource {item.path} is not attached to composed node '
                f'{node_id}.',
            )

    def take(self, item: Item, node_id: str) -> None:
        """Give an item to a node."""
        self._holders[item.path] = node_id

    def give_back(self, item: Item) -> None:
        """Take an item from the node that has it."""
        del self._holders[item.path]

    def release(self, node_id: str) -> None:
        """Take all that a node has."""
        for item in self.held_by(node_id):
            self.give_back(item)
