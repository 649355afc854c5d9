"""The reservations that manifests make: CompositionReservation."""

import dataclasses
import time
import typing
from collections.abc import Iterable, Sequence

from valence.simulator import errors
from valence.simulator.composition import blocks as block_values
from valence.simulator.composition import holds as holds_module

PATH = f'{block_values.SERVICE}/CompositionReservations'


@dataclasses.dataclass(frozen=True, slots=True)
class Reservation:
    """Blocks that are kept for a manifest: ``chosen``, stanza by stanza.

    ``made`` is since the epoch, ``until`` by the clock of the holds.
    """

    id: str
    manifest: dict[str, typing.Any]
    chosen: tuple[tuple[block_values.Block, ...], ...]
    until: float
    made: float = dataclasses.field(default_factory=time.time)

    @property
    def path(self) -> str:
        """The path."""
        return f'{PATH}/{self.id}'

    @property
    def blocks(self) -> list[block_values.Block]:
        """All blocks."""
        return [block for blocks in self.chosen for block in blocks]


class Reservations:
    """The reservations of a pod that have not expired."""

    def __init__(self, holds: holds_module.Holds) -> None:
        self._holds = holds
        self._reservations: dict[str, Reservation] = {}
        self._last = 0

    def make(
        self,
        manifest: dict[str, typing.Any],
        chosen: Iterable[Sequence[block_values.Block]],
    ) -> Reservation:
        """Reserve the blocks that were chosen for a manifest's stanzas."""
        self._last += 1
        made = Reservation(
            str(self._last),
            manifest,
            tuple(map(tuple, chosen)),
            self._holds.until(),
        )
        self._holds.take(made.blocks, made.id)
        self._reservations[made.id] = made
        return made

    def all(self) -> list[Reservation]:
        """Return those that have not expired, in order."""
        now = self._holds.clock()
        for each in list(self._reservations.values()):
            if each.until <= now:
                del self._reservations[each.id]
        return list(self._reservations.values())

    def find(self, reservation_id: str) -> Reservation:
        """Return a reservation that has not expired.

        :raises RedfishError: 404
        """
        for each in self.all():
            if each.id == reservation_id:
                return each
        raise errors.unknown_endpoint(f'{PATH}/{reservation_id}')

    def end(self, reservation: Reservation) -> None:
        """Let go of what is still reserved by it."""
        del self._reservations[reservation.id]
        for block in reservation.blocks:
            hold = self._holds.of(block)
            if hold is not None and hold.reservation == reservation.id:
                self._holds.drop(block)
