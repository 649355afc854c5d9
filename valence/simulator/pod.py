"""The state of one pod manager.

Only what a client can change is kept; everything else is computed from
the layout.  The event loop is the only one to change anything: what other
threads may call says so, and goes there.
"""

import asyncio
import collections
import contextlib
import dataclasses
import functools
import typing
from collections.abc import Callable, Iterator, Mapping

from valence.simulator import (
    allocation,
    chance,
    computers,
    errors,
    events,
    modes,
    nodes,
    pooled,
    sessions,
    stats,
    tasks,
)
from valence.simulator import home as homes
from valence.simulator import layout as layouts
from valence.simulator import personality as personalities
from valence.simulator.composition import state as compositions
from valence.simulator.eem import devices as eem_devices

Modes = Mapping[str, modes.Mode]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What all pods of a simulator have in common; times are in ms."""

    systems: int = 10
    latency_ms: float = 0
    assembly_ms: float = 300
    username: str = 'admin'
    password: str = 'admin'
    personality: personalities.Personality = personalities.RSD_2_3
    seed: int = 0
    """Of what happens by chance; each pod draws from its own."""


class Pod:
    """One pod manager: its systems, nodes, sessions, counters, modes."""

    def __init__(
        self, number: int, settings: Settings, usual: Modes, home: homes.Home
    ) -> None:
        """Begin.

        :param usual: the modes that it returns to
        :param home: where its changes happen
        """
        self.personality = settings.personality
        self.layout = layouts.Layout(
            number, settings.systems, self.personality.kind_of_ids
        )
        self.pool = pooled.Pool(pooled.items(self.layout, self.personality))
        self.sessions = sessions.Sessions(settings.username, settings.password)
        self.nodes: dict[str, nodes.Node] = {}
        self.tasks = tasks.Tasks()
        self.events = events.Events()
        self.requests: collections.Counter[str] = collections.Counter()
        self.calls: collections.Counter[str] = collections.Counter()
        self.answers: collections.Counter[int] = collections.Counter()
        self.running_most = 0
        self.chance = chance.Chance(f'{settings.seed}/{number}')
        self.home = home
        # Called when modes have changed.
        self.follow: Callable[[], None] | None = None
        self._running = 0
        self._states: dict[int, computers.SystemState] = {}
        self._taken: dict[int, nodes.Node] = {}
        self._made: dict[str, nodes.Made] = {}
        self._last_node = 0
        self._usual = usual
        # None where a usual mode is off.
        self._chosen: dict[str, modes.Mode | None] = {}
        # Replaced as a whole, never changed: other threads read it.
        self.modes: Modes = {}
        self._use_modes({})
        # The systems that are composed of resource blocks.
        self.composition = compositions.Composition(
            self.layout, self._made, self.mode, self.tell
        )

    @functools.cached_property
    def eem(self) -> eem_devices.Devices:
        """The devices of an ExpEther manager, where it is one."""
        return eem_devices.Devices(self.layout.pod, self.layout.systems)

    # Systems

    def state_of(self, index: int) -> computers.SystemState:
        """Return the power, boot override and tag of a system."""
        return self._states.get(index, computers.INITIAL)

    def set_state(self, index: int, state: computers.SystemState) -> None:
        """Replace the state of a system."""
        before = self.state_of(index)
        self._states[index] = state
        if state.power != before.power:
            self.tell(
                events.STATUS,
                f'ResourcePowered{state.power}',
                self.layout.system_path(index),
            )

    def reset_system(self, index: int, reset_type: str) -> None:
        """Reset a system, at once or when the modes say."""
        node = self.node_on(index)

        def reset() -> None:
            # Whoever has the system by then did not ask for it.
            if self.node_on(index) is node:
                self.set_state(index, self.state_of(index).reset(reset_type))

        self.in_its_time(reset)

    def in_its_time(self, reset: Callable[[], None]) -> None:
        """Let a reset happen, at once or when the modes say."""
        pause = self.chance.between(modes.power_ms(self.modes))

        async def late() -> None:
            await asyncio.sleep(pause / 1000)
            reset()

        if pause:
            self.home.keep(late())
        else:
            reset()

    def node_on(self, index: int) -> nodes.Node | None:
        """Return the node that a system is part of."""
        return self._taken.get(index)

    def free_systems(self) -> list[int]:
        """Return the indexes of the systems that are in no node."""
        taken = set(self._taken)
        return [n for n in range(self.layout.systems) if n not in taken]

    def tell(self, kind: str, message: str, origin: str) -> None:
        """Tell of an event, unless nobody is there to tell it."""
        if 'dead' not in self.modes:
            self.events.tell(kind, message, origin)

    @property
    def free_count(self) -> int:
        """How many systems are free, or could be.  From any thread."""
        if self.personality.compositions:
            return self.composition.free_count()
        return self.layout.systems - len(self.nodes)

    def systems_at(self, index: int) -> list[str]:
        """Return the paths of the systems that are in a sled."""
        if self.personality.compositions:
            return self.composition.paths_at(index)
        return [self.layout.system_path(index)]

    def find_system(self, request: Mapping[str, typing.Any]) -> int:
        """Return a free system that meets a checked request.

        :raises RedfishError: 409, when no free system will do
        """
        free = self.free_systems()
        return allocation.find_system(self.layout, free, request)

    # Composed nodes

    def allocate(self, request: Mapping[str, typing.Any]) -> nodes.Node:
        """Reserve a free system for a new node, for a checked request.

        :raises RedfishError: 409, when no free system will do
        """
        node = self._add(
            self.find_system(request),
            name=request.get('Name') or '',
            description=request.get('Description') or '',
        )
        node.choose(request.get('Security') or {}, self.personality)
        self._made[node.id] = nodes.Made(node.description, node.id)
        return node

    def _add(self, system: int, **values: typing.Any) -> nodes.Node:
        self._last_node += 1
        node = nodes.Node(id=str(self._last_node), system=system, **values)
        self.nodes[node.id] = node
        self._taken[system] = node
        self.tell(events.ADDED, 'ResourceCreated', _node_path(node.id))
        return node

    def assemble(self, node: nodes.Node) -> None:
        """Begin to assemble a node; the loop's timer ends it.

        :raises RedfishError: 409, unless the node is Allocated
        """
        node.require_assemblable()
        node.state = nodes.ASSEMBLING
        seconds = self.mode('assembly_ms', 0) / 1000
        loop = asyncio.get_running_loop()
        node.timer = loop.call_later(seconds, self._assembled, node)

    def _assembled(self, node: nodes.Node) -> None:
        node.timer = None
        health = 'Critical' if self.mode('assembly') == 'fail' else 'OK'
        if health == 'OK':
            self.set_state(node.system, self.state_of(node.system).reset('On'))
            node.state = nodes.ASSEMBLED
        else:
            node.state = nodes.FAILED
        message = f'ResourceStatusChanged{health}'
        self.tell(events.STATUS, message, _node_path(node.id))

    def delete(self, node: nodes.Node) -> None:
        """Take a node apart, whatever its state; its system is free."""
        node.cancel()
        del self.nodes[node.id]
        del self._taken[node.system]
        self.pool.release(node.id)
        if node.id in self._made:
            self._made[node.id].deleted = True
        # The asset tag is the owner's, not the node's.
        tag = self.state_of(node.system).asset_tag
        self.set_state(node.system, computers.SystemState(asset_tag=tag))
        self.tell(events.REMOVED, 'ResourceRemoved', _node_path(node.id))

    def node(self, node_id: str) -> nodes.Node:
        """Return a node.

        :raises RedfishError: 404
        """
        try:
            return self.nodes[node_id]
        except KeyError:
            raise errors.unknown_endpoint(_node_path(node_id)) from None

    def forget(self, node_id: str) -> None:
        """Let a node vanish behind the client's back.  From any thread.

        :raises RedfishError: 404
        """

        def vanish() -> None:
            if self.personality.compositions:
                self.composition.forget(node_id)
            else:
                self.delete(self.node(node_id))

        self.home.run(vanish)

    def appear(self, description: str, name: str = '') -> str:
        """Return the id of a node nobody asked for.  From any thread.

        :raises RedfishError: 409, when no system is free
        """

        def add() -> str:
            if self.personality.compositions:
                return self.composition.appear(description, name)
            system = self.find_system({})
            node = self._add(system, name=name, description=description)
            self._assembled(node)
            return node.id

        return self.home.run(add)

    # Modes

    def set_modes(self, /, **values: typing.Any) -> None:
        """Set modes, and return when it is so.  From any thread.

        False switches a mode off; None leaves it as the pod began.

        :raises ValueError: for a mode there is not, or a wrong value
        """
        changes = modes.parse_all(values)
        as_it_began = {name for name in values if values[name] is None}

        def change() -> None:
            merged = {**self._chosen, **changes}
            for name in as_it_began:
                del merged[name]
            self._use_modes(merged)

        self.home.run(change)

    def clear_modes(self) -> None:
        """Return to the modes the pod began with.  From any thread."""
        self.home.run(lambda: self._use_modes({}))

    def _use_modes(self, chosen: dict[str, modes.Mode | None]) -> None:
        self._chosen = chosen
        active = {**self._usual, **chosen}
        self.modes = {
            name: each
            for name in modes.MODES
            if (each := active.get(name)) is not None
        }
        if self.follow is not None:
            self.follow()

    def mode(self, name: str, default: typing.Any = None) -> typing.Any:
        """Return the value of a mode that is set."""
        active = self.modes.get(name)
        return default if active is None else active.value

    # The inside, for tests

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        """Count a changing request as long as it is worked on."""
        self._running += 1
        self.running_most = max(self.running_most, self._running)
        try:
            yield
        finally:
            self._running -= 1

    @property
    def made(self) -> list[nodes.Made]:
        """All nodes that requests ever made, in order.  From any thread."""
        return list(self._made.values())

    @property
    def redfish_tasks(self) -> int:
        """How many operations were accepted as tasks.  From any thread."""
        return self.tasks.accepted

    def stats(self) -> dict[str, typing.Any]:
        """Return what happened and how things are.  From any thread."""
        return stats.document(self)

    def close(self) -> None:
        """Stop all timers."""
        for node in self.nodes.values():
            node.cancel()
        self.composition.close()
        self.tasks.close()


def _node_path(node_id: str) -> str:
    return f'{layouts.ROOT}/Nodes/{node_id}'
