"""Composed nodes and their states.

Allocated -> Assembling -> Assembled or Failed, as in the Intel pod
manager's source.  Time passes only in Assembling, and the event loop's
timer ends it; everything else happens at once.
"""

import asyncio
import dataclasses
import typing
import uuid
from collections.abc import Mapping

from valence.simulator import errors
from valence.simulator import personality as personalities

ALLOCATED = 'Allocated'
ASSEMBLING = 'Assembling'
ASSEMBLED = 'Assembled'
FAILED = 'Failed'

RESETTABLE = frozenset({ASSEMBLED, FAILED})


@dataclasses.dataclass(slots=True)
class Made:
    """That a request made a node; ``deleted`` once it is there no more."""

    description: str
    id: str
    deleted: bool = False


@dataclasses.dataclass(slots=True)
class Node:
    """A composed node; ``system`` is the index of its one system."""

    id: str
    name: str
    description: str
    system: int
    clear_tpm: bool = True
    memory_on_delete: str | bool | None = None
    """What its personality has as usual, when it is None."""
    tagged_values: dict[str, typing.Any] = dataclasses.field(
        default_factory=dict
    )
    state: str = ALLOCATED
    uuid: str = dataclasses.field(default_factory=lambda: str(uuid.uuid4()))
    timer: asyncio.TimerHandle | None = None

    def require(self, states: typing.Container[str], action: str) -> None:
        """Raise unless the node is in one of the states.

        :raises RedfishError: 409
        """
        if self.state not in states:
            raise errors.conflict(
                f'Conflict during {action}',
                f'Composed node {self.id} is in state {self.state}, which '
                f'does not allow {action}.',
            )

    def require_assemblable(self) -> None:
        """Raise unless the node can be assembled.

        :raises RedfishError: 409
        """
        self.require({ALLOCATED}, 'assembly')

    def choose(
        self,
        wanted: Mapping[str, typing.Any],
        personality: personalities.Personality,
    ) -> None:
        """Take from a checked body what happens on deletion."""
        clear_tpm = wanted.get('ClearTPMOnDelete')
        if clear_tpm is not None:
            self.clear_tpm = clear_tpm
        memory = personality.memory_on_delete
        if memory is not None and wanted.get(memory.name) is not None:
            self.memory_on_delete = wanted[memory.name]

    def tag(self, values: Mapping[str, typing.Any]) -> None:
        """Set tagged values; null takes one off."""
        merged = {**self.tagged_values, **values}
        self.tagged_values = {
            name: each for name, each in merged.items() if each is not None
        }

    def cancel(self) -> None:
        """Stop what is under way."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
