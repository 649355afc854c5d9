"""The state of one pod manager.

Only what a client can change is kept; everything else is computed from
the layout.  The event loop is the only one to change nodes and systems.
Other threads may read, and may set modes, at any time.
"""

import asyncio
import collections
import dataclasses
import threading
import typing
from collections.abc import Mapping

from valence.simulator import (
    allocation,
    computers,
    errors,
    modes,
    nodes,
    sessions,
)
from valence.simulator import layout as layouts
from valence.simulator import personality as personalities


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What all pods of a simulator have in common; times are in ms."""

    systems: int = 10
    latency_ms: float = 0
    assembly_ms: float = 300
    username: str = 'admin'
    password: str = 'admin'
    personality: personalities.Personality = personalities.RSD_2_3


class Pod:
    """One pod manager: its systems, nodes, sessions, counters, modes."""

    def __init__(self, number: int, settings: Settings) -> None:
        self.layout = layouts.Layout(number, settings.systems)
        self.personality = settings.personality
        self.sessions = sessions.Sessions(settings.username, settings.password)
        self.nodes: dict[str, nodes.Node] = {}
        self.requests: collections.Counter[str] = collections.Counter()
        self.calls: collections.Counter[str] = collections.Counter()
        self.answers: collections.Counter[int] = collections.Counter()
        self._states: dict[int, computers.SystemState] = {}
        self._taken: dict[int, nodes.Node] = {}
        self._last_node = 0
        self._lock = threading.Lock()
        self._usual = {
            'assembly_ms': modes.AssemblyTime(settings.assembly_ms),
            'latency_ms': modes.Latency(settings.latency_ms),
        }
        self._chosen: dict[str, modes.Mode] = {}
        # Replaced as a whole, never changed: other threads write it.
        self.modes: Mapping[str, modes.Mode] = {}
        self._use_modes({})

    # Systems

    def state_of(self, index: int) -> computers.SystemState:
        """Return the power, boot override and tag of a system."""
        return self._states.get(index, computers.INITIAL)

    def set_state(self, index: int, state: computers.SystemState) -> None:
        """Replace the state of a system."""
        self._states[index] = state

    def reset_system(self, index: int, reset_type: str) -> None:
        """Reset a system."""
        self.set_state(index, self.state_of(index).reset(reset_type))

    def node_on(self, index: int) -> nodes.Node | None:
        """Return the node that a system is part of."""
        return self._taken.get(index)

    def free_systems(self) -> list[int]:
        """Return the indexes of the systems that are in no node."""
        taken = set(self._taken)
        return [n for n in range(self.layout.systems) if n not in taken]

    # Composed nodes

    def allocate(self, request: Mapping[str, typing.Any]) -> nodes.Node:
        """Reserve a free system for a new node, for a checked request.

        :raises RedfishError: 409, when no free system will do
        """
        free = self.free_systems()
        system = allocation.find_system(self.layout, free, request)
        self._last_node += 1
        clear_tpm = (request.get('Security') or {}).get('ClearTPMOnDelete')
        node = nodes.Node(
            id=str(self._last_node),
            name=request.get('Name') or '',
            description=request.get('Description') or '',
            system=system,
            clear_tpm=clear_tpm is not False,
        )
        self.nodes[node.id] = node
        self._taken[system] = node
        return node

    def assemble(self, node: nodes.Node) -> None:
        """Begin to assemble a node; the loop's timer ends it.

        :raises RedfishError: 409, unless the node is Allocated
        """
        node.require({nodes.ALLOCATED}, 'assembly')
        node.state = nodes.ASSEMBLING
        seconds = self.mode('assembly_ms', 0) / 1000
        loop = asyncio.get_running_loop()
        node.timer = loop.call_later(seconds, self._assembled, node)

    def _assembled(self, node: nodes.Node) -> None:
        node.timer = None
        if self.mode('assembly') == 'fail':
            node.state = nodes.FAILED
            return
        self.reset_system(node.system, 'On')
        node.state = nodes.ASSEMBLED

    def delete(self, node: nodes.Node) -> None:
        """Take a node apart, whatever its state; its system is free."""
        node.cancel()
        del self.nodes[node.id]
        del self._taken[node.system]
        # The asset tag is the owner's, not the node's.
        tag = self.state_of(node.system).asset_tag
        self.set_state(node.system, computers.SystemState(asset_tag=tag))

    def node(self, node_id: str) -> nodes.Node:
        """Return a node.

        :raises RedfishError: 404
        """
        try:
            return self.nodes[node_id]
        except KeyError:
            path = f'{layouts.ROOT}/Nodes/{node_id}'
            raise errors.unknown_endpoint(path) from None

    # Modes

    def set_modes(self, /, **values: typing.Any) -> None:
        """Set modes; None or False clears one.  From any thread.

        :raises ValueError: for a mode there is not, or a wrong value
        """
        changes = modes.parse_all(values)
        with self._lock:
            merged = {**self._chosen, **changes}
            self._use_modes({k: v for k, v in merged.items() if v})

    def clear_modes(self) -> None:
        """Return to the modes the pod began with.  From any thread."""
        with self._lock:
            self._use_modes({})

    def _use_modes(self, chosen: dict[str, modes.Mode]) -> None:
        self._chosen = chosen
        active = {**self._usual, **chosen}
        self.modes = {
            name: active[name] for name in modes.MODES if name in active
        }

    def mode(self, name: str, default: typing.Any = None) -> typing.Any:
        """Return the value of a mode that is set."""
        active = self.modes.get(name)
        return default if active is None else active.value

    # The inside, for tests

    def stats(self) -> dict[str, typing.Any]:
        """Return what happened and how things are.  From any thread."""
        return {
            'pod': self.layout.pod,
            'requests': dict(self.requests),
            'calls': dict(self.calls),
            'answers': {str(k): n for k, n in dict(self.answers).items()},
            'systems': self.layout.systems,
            'free_systems': self.layout.systems - len(self._taken),
            'nodes': [
                {
                    'id': node.id,
                    'name': node.name,
                    'description': node.description,
                    'state': node.state,
                    'system': self.layout.system_path(node.system),
                }
                for node in list(self.nodes.values())
            ],
            'sessions': len(self.sessions.all()),
            'modes': {name: each.value for name, each in self.modes.items()},
        }

    def close(self) -> None:
        """Stop all timers."""
        for node in self.nodes.values():
            node.cancel()
