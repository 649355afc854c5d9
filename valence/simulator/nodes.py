"""Composed nodes and their states.

Allocated -> Assembling -> Assembled or Failed, as in the Intel pod
manager's source.  Time passes only in Assembling, and the event loop's
timer ends it; everything else happens at once.
"""

import asyncio
import dataclasses
import typing
import uuid

from valence.simulator import errors

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

    def cancel(self) -> None:
        """Stop what is under way."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
