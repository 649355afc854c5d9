"""Deviations in what actions are called, and in their targets."""

import typing

from valence.simulator import exchange
from valence.simulator.modes import rewriting
from valence.simulator.modes.deviations import base

_KEYS = {
    '#ComposedNodeCollection.Allocate': '#ComposedNodesCollection.Allocate',
    '#ComposedNodesCollection.Allocate': '#ComposedNodeCollection.Allocate',
}
_COMPOSING = ('/allocate', '.compose')


class AllocateKey(base.Deviation):
    """The allocate action has its other name, of Nodes or of Node."""

    name = 'allocate_key'

    def document(self, call: exchange.Call, document: base.Json) -> base.Json:
        """Rename it."""
        actions = document.get('Actions')
        if not isinstance(actions, dict):
            return document
        renamed = {
            _KEYS.get(name, name): each for name, each in actions.items()
        }
        return {**document, 'Actions': renamed}


class MisspeltAllocate(base.Deviation):
    """The target of allocate, or of compose, is misspelt and is a 404."""

    name = 'misspelt_allocate'
    apart = True

    def document(self, call: exchange.Call, document: base.Json) -> base.Json:
        """Misspell it."""
        return rewriting.changed(document, _misspelt_allocate)


class MisspeltTargets(base.Deviation):
    """The targets of all other actions are misspelt, and are a 404."""

    name = 'misspelt_targets'
    apart = True

    def document(self, call: exchange.Call, document: base.Json) -> base.Json:
        """Misspell them."""
        return rewriting.changed(document, _misspelt_others)


def _misspelt_allocate(name: str, value: typing.Any) -> typing.Any:
    return _misspelt(value) if _is_target(name, value, True) else value


def _misspelt_others(name: str, value: typing.Any) -> typing.Any:
    return _misspelt(value) if _is_target(name, value, False) else value


def _is_target(name: str, value: typing.Any, allocates: bool) -> bool:
    target = name == 'target' and isinstance(value, str)
    return target and value.lower().endswith(_COMPOSING) is allocates


def _misspelt(target: str) -> str:
    return target[:-2] + target[-1] + target[-2]
