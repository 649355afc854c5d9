"""Who has reserved which resource block, and until when.

Two ways lead here: a client that sets Reserved and its name on a block,
and the reservation of a manifest.  A request to compose does not tell
who sends it: it counts as that of the client for whom all its blocks are
reserved, and of nobody when even one is not.
"""

import dataclasses
import time
from collections.abc import Callable, Iterable, Sequence

from valence.simulator.composition import blocks as block_values

Block = block_values.Block


@dataclasses.dataclass(frozen=True, slots=True)
class Hold:
    """That a block is reserved; ``until`` is by the clock.

    ``reservation`` is the id of that of a manifest, if it is one.
    """

    until: float
    reservation: str | None = None


class Holds:
    """The reserved blocks of a pod, and the clients on their labels."""

    def __init__(
        self,
        seconds: Callable[[], float],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin with none.

        :param seconds: tells how long one lasts that is made now
        """
        self.clock = clock
        self._seconds = seconds
        self._holds: dict[Block, Hold] = {}
        self._clients: dict[Block, str] = {}

    def of(self, block: Block) -> Hold | None:
        """Return that of a block, unless it has none or it has expired."""
        hold = self._holds.get(block)
        if hold is not None and hold.until <= self.clock():
            self.drop(block)
            return None
        return hold

    def client(self, block: Block) -> str | None:
        """Return the client on the label of a block."""
        self.of(block)
        return self._clients.get(block)

    def holder(self, block: Block) -> str:
        """Return what tells best who has reserved a block."""
        hold = self.of(block)
        by_manifest = None if hold is None else hold.reservation
        return by_manifest or self.client(block) or ''

    def until(self) -> float:
        """Return when one that is made now expires."""
        return self.clock() + self._seconds()

    def take(
        self, blocks: Iterable[Block], reservation: str | None = None
    ) -> None:
        """Reserve blocks."""
        until = self.until()
        for block in blocks:
            self._holds[block] = Hold(until, reservation)

    def label(self, block: Block, client: str | None) -> None:
        """Put a client on the label of a block, or take it off."""
        if client is None:
            self._clients.pop(block, None)
        else:
            self._clients[block] = client

    def spend(self, block: Block) -> None:
        """End the reservation of a block that is now part of a system."""
        self._holds.pop(block, None)

    def drop(self, block: Block) -> None:
        """Forget who has a block."""
        self._holds.pop(block, None)
        self._clients.pop(block, None)

    def denied(
        self, blocks: Sequence[Block], reservation: str | None = None
    ) -> list[Block]:
        """Return those of a request's blocks that others have reserved.

        :param reservation: the id of the one that the request is for
        """
        denied = [
            each for each in blocks if not self.is_for(each, reservation)
        ]
        own = reservation is None and self._are_of_one_client(blocks)
        return [] if own else denied

    def is_for(self, block: Block, reservation: str | None = None) -> bool:
        """Tell whether a block is free for all, or for this reservation."""
        hold = self.of(block)
        if hold is None:
            return True
        return reservation is not None and hold.reservation == reservation

    def _are_of_one_client(self, blocks: Iterable[Block]) -> bool:
        holds = {each: self.of(each) for each in blocks}
        by_clients = all(
            hold is not None and hold.reservation is None
            for hold in holds.values()
        )
        return by_clients and len({self.client(each) for each in holds}) == 1
