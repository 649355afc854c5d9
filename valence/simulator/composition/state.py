"""What can change in a CompositionService.

Each method is one transaction: it raises, and nothing has changed, or it
has done all.  The event loop is the only one to call what changes
something; ``records`` and the counts are for any thread.
"""

import asyncio
import typing
from collections.abc import Callable, Mapping, Sequence

from valence.simulator import computers, errors, events, nodes
from valence.simulator import layout as layouts
from valence.simulator.composition import blocks as block_values
from valence.simulator.composition import (
    holds,
    refusals,
    reservations,
    systems,
)

Block = block_values.Block

# As a real service has it (PT3H in the mockups of DMTF).
RESERVATION_MS = 3 * 60 * 60 * 1000


class Composition:
    """The composed systems of a pod, and who has reserved which blocks."""

    def __init__(
        self,
        layout: layouts.Layout,
        made: dict[str, nodes.Made],
        mode: Callable[..., typing.Any],
        tell: Callable[[str, str, str], None],
    ) -> None:
        """Begin without systems.

        :param made: where each composition is counted, by id
        :param mode: tells the value of a mode of the pod
        :param tell: tells of an event
        """
        self.layout = layout
        self.systems: dict[str, systems.System] = {}
        self.holds = holds.Holds(self.reservation_seconds)
        self.reservations = reservations.Reservations(self.holds)
        self._made = made
        self._mode = mode
        self._tell = tell
        self._system_on: dict[Block, systems.System] = {}
        self._last = 0

    def reservation_seconds(self) -> float:
        """Return how long a reservation lasts that is made now."""
        milliseconds = self._mode('reservation_ms', RESERVATION_MS)
        return float(milliseconds) / 1000

    def system_on(self, block: Block) -> systems.System | None:
        """Return the system that a block is part of."""
        return self._system_on.get(block)

    def system(self, system_id: str) -> systems.System:
        """Return a system.

        :raises RedfishError: 404
        """
        try:
            return self.systems[system_id]
        except KeyError:
            path = f'{systems.PATH}/{system_id}'
            raise errors.unknown_endpoint(path) from None

    def compose(
        self, blocks: Sequence[Block], request: Mapping[str, typing.Any]
    ) -> systems.System:
        """Make a system of blocks that were chosen for a checked request."""
        system = self._add(blocks, request)
        description = system.description
        self._made[system.id] = nodes.Made(description, system.id)
        seconds = self._mode('assembly_ms', 0) / 1000
        if seconds:
            loop = asyncio.get_running_loop()
            system.timer = loop.call_later(seconds, self._assembled, system)
        else:
            self._assembled(system)
        return system

    def _add(
        self, blocks: Sequence[Block], request: Mapping[str, typing.Any]
    ) -> systems.System:
        self._last += 1
        system = systems.System(
            number=self._last,
            name=request.get('Name') or f'Composed System {self._last}',
            description=request.get('Description') or '',
            blocks=list(blocks),
            condition=computers.INITIAL.with_boot(request.get('Boot') or {}),
            power_on=request.get('PowerState') == 'On',
        )
        self.systems[system.id] = system
        for block in blocks:
            self._take(block, system)
        self._tell(events.ADDED, 'ResourceCreated', system.path)
        return system

    def _take(self, block: Block, system: systems.System) -> None:
        self._system_on[block] = system
        self.holds.spend(block)

    def _assembled(self, system: systems.System) -> None:
        system.timer = None
        if self._mode('assembly') == 'fail':
            system.state = systems.FAILED
            self._tell(
                events.STATUS, 'ResourceStatusChangedCritical', system.path
            )
            return
        system.state = systems.ENABLED
        self._tell(events.STATUS, 'ResourceStatusChangedOK', system.path)
        if system.power_on:
            self.reset(system, 'On')

    def reset(self, system: systems.System, reset_type: str) -> None:
        """Change the power of a system."""
        before = system.condition.power
        system.condition = system.condition.reset(reset_type)
        power = system.condition.power
        if power != before:
            self._tell(events.STATUS, f'ResourcePowered{power}', system.path)

    def decompose(self, system: systems.System) -> None:
        """Take a system apart, whatever its state; its blocks are free."""
        system.cancel()
        del self.systems[system.id]
        for block in system.blocks:
            self._free(block)
        if system.id in self._made:
            self._made[system.id].deleted = True
        self._tell(events.REMOVED, 'ResourceRemoved', system.path)

    def forget(self, system_id: str) -> None:
        """Let a system vanish.

        :raises RedfishError: 404
        """
        self.decompose(self.system(system_id))

    def _free(self, block: Block) -> None:
        del self._system_on[block]
        self.holds.drop(block)

    def check_add(self, system: systems.System, block: Block) -> None:
        """Raise unless a block can be added to a system.

        :raises RedfishError: 409
        """
        system.require_enabled('adding a resource block')
        reasons = []
        if block in self._system_on:
            reasons.append(refusals.in_use(block.id))
        if self._is_for_others(system, block):
            holder = self.holds.holder(block)
            reasons.append(refusals.reserved(block.id, holder))
        zones = {
            block_values.zone_of(self.layout, each)
            for each in (*system.blocks, block)
        }
        if len(zones) > 1:
            reasons.append(refusals.zones_differ())
        if reasons:
            raise refusals.Refusal(409, reasons)
        _check_limits((*system.blocks, block))

    def _is_for_others(self, system: systems.System, block: Block) -> bool:
        hold = self.holds.of(block)
        if hold is None:
            return False
        own = self.holds.client(system.blocks[0])
        return hold.reservation is not None or own != self.holds.client(block)

    def add(self, system: systems.System, block: Block) -> None:
        """Add a block to a system.

        :raises RedfishError: 409
        """
        self.check_add(system, block)
        system.blocks.append(block)
        self._take(block, system)
        self._tell(events.UPDATED, 'ResourceChanged', system.path)

    def check_remove(self, system: systems.System, block: Block) -> None:
        """Raise unless a block can be removed from a system.

        :raises RedfishError: 409
        """
        system.require_enabled('removing a resource block')
        if block not in system.blocks:
            raise errors.conflict(
                'Conflict during removing a resource block',
                f'{block.id} is not part of {system.id}.',
            )
        _check_limits([each for each in system.blocks if each != block])

    def remove(self, system: systems.System, block: Block) -> None:
        """Remove a block from a system; it is free.

        :raises RedfishError: 409
        """
        self.check_remove(system, block)
        system.blocks.remove(block)
        self._free(block)
        self._tell(events.UPDATED, 'ResourceChanged', system.path)

    def appear(self, description: str, name: str) -> str:
        """Return the id of a system that nobody asked for.

        It has one free block of each kind of which its zone has one.

        :raises RedfishError: 409, when there is no free Compute block
        """
        for zone in block_values.ZONES:
            free = self.free(zone)
            kinds = {each.kind: each for each in reversed(free)}
            if block_values.COMPUTE in kinds:
                blocks = [kinds[n] for n in block_values.KINDS if n in kinds]
                request = {'Description': description, 'Name': name}
                system = self._add(blocks, request)
                system.state = systems.ENABLED
                return system.id
        raise refusals.Refusal(409, [refusals.no_match(block_values.COMPUTE)])

    def free(self, zone: int, reservation: str | None = None) -> list[Block]:
        """Return the blocks of a zone that nobody has or has reserved.

        :param reservation: the id of one whose blocks count as free
        """
        return [
            each
            for each in block_values.in_zone(self.layout, zone)
            if each not in self._system_on
            and self.holds.is_for(each, reservation)
        ]

    def paths_at(self, index: int) -> list[str]:
        """Return the paths of the systems that use hardware of a sled."""
        found = (
            self._system_on.get(Block(kind, index))
            for kind in block_values.KINDS
        )
        return list(dict.fromkeys(each.path for each in found if each))

    def free_count(self) -> int:
        """Return how many more systems there could be.  From any thread."""
        taken = [
            each
            for each in list(self._system_on)
            if each.kind == block_values.COMPUTE
        ]
        return self.layout.systems - len(taken)

    def records(self) -> list[dict[str, typing.Any]]:
        """Return the systems as tests look at them.  From any thread."""
        return [
            {
                'id': each.id,
                'name': each.name,
                'description': each.description,
                'state': each.state,
                'system': each.path,
                'attached': [],
            }
            for each in list(self.systems.values())
        ]

    def close(self) -> None:
        """Stop all timers."""
        for system in self.systems.values():
            system.cancel()


def _check_limits(blocks: Sequence[Block]) -> None:
    problems = block_values.beyond_limits(blocks)
    if problems:
        raise errors.conflict('Conflict with the limits', *problems)
