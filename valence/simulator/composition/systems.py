"""Composed systems and how far they are."""

import asyncio
import dataclasses
import uuid

from valence.simulator import computers, errors
from valence.simulator import layout as layouts
from valence.simulator.composition import blocks as block_values

PATH = f'{layouts.ROOT}/Systems'

# Words of Status.State.
STARTING = 'Starting'
ENABLED = 'Enabled'
FAILED = 'UnavailableOffline'

# The CompositionState of the blocks of a system.
BLOCKS_ARE = {STARTING: 'Composing', ENABLED: 'Composed', FAILED: 'Failed'}


@dataclasses.dataclass(slots=True, kw_only=True)
class System:
    """A composed system; ``power_on`` is what it does once it is made."""

    number: int
    name: str
    description: str
    blocks: list[block_values.Block]
    condition: computers.SystemState = computers.INITIAL
    power_on: bool = False
    state: str = STARTING
    uuid: str = dataclasses.field(default_factory=lambda: str(uuid.uuid4()))
    timer: asyncio.TimerHandle | None = None

    @property
    def id(self) -> str:
        """The id, which no other system ever had."""
        return f'ComposedSystem{self.number}'

    @property
    def path(self) -> str:
        """The path."""
        return f'{PATH}/{self.id}'

    def require_enabled(self, action: str) -> None:
        """Raise unless the system is done.

        :raises RedfishError: 409
        """
        if self.state != ENABLED:
            raise errors.conflict(
                f'Conflict during {action}',
                f'System {self.id} is {self.state}, which does not allow '
                f'{action}.',
            )

    def cancel(self) -> None:
        """Stop what is under way."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
