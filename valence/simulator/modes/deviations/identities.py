"""Deviations in what properties are, and whether they are there."""

import re
import typing

from valence.simulator import exchange
from valence.simulator import layout as layouts
from valence.simulator.modes import rewriting
from valence.simulator.modes.deviations import base

_MISSING = 0.25
_KEPT = frozenset(
    {
        'Actions',
        'ComposedNodeState',
        'CompositionState',
        'CompositionStatus',
        'ComputerSystem',
        'Id',
        'Links',
        'Name',
        'ResourceBlockType',
        'TaskMonitor',
        'TaskState',
        'target',
    }
)
_DIGITS_MOST = 15


class NumericId(base.Deviation):
    """``Id`` is a number, where it has one in it."""

    name = 'numeric_id'

    def document(self, call: exchange.Call, document: base.Json) -> base.Json:
        """Take the digits for it."""
        return rewriting.changed(document, _numeric)


def _numeric(name: str, value: typing.Any) -> typing.Any:
    if name != 'Id' or not isinstance(value, str):
        return value
    digits = re.sub('[^0-9]', '', value)
    return int(digits) if 0 < len(digits) <= _DIGITS_MOST else value


class StringBooleans(base.Deviation):
    """Booleans are strings: ``"false"``."""

    name = 'string_booleans'

    def document(self, call: exchange.Call, document: base.Json) -> base.Json:
        """Put them in quotes."""
        return rewriting.changed(document, _quoted)


def _quoted(name: str, value: typing.Any) -> typing.Any:
    return str(value).lower() if isinstance(value, bool) else value


class MissingProperties(base.Deviation):
    """A quarter of the optional properties, by chance, is missing."""

    name = 'missing_properties'

    def document(self, call: exchange.Call, document: base.Json) -> base.Json:
        """Leave out the same ones each time."""
        path = document.get('@odata.id', '')
        # Without its links the service would be empty.
        if path == layouts.ROOT or call.is_session:
            return document

        def kept(name: str, value: typing.Any) -> typing.Any:
            optional = name not in _KEPT and not _is_structure(name)
            missing = optional and call.pod.chance.always(
                f'{path}#{name}', _MISSING
            )
            return rewriting.GONE if missing else value

        return rewriting.changed(document, kept)


def _is_structure(name: str) -> bool:
    return name.startswith(('@odata.', '#', 'Members'))


class NoBlockType(base.Deviation):
    """A ResourceBlock has no ResourceBlockType."""

    name = 'no_block_type'

    def document(self, call: exchange.Call, document: base.Json) -> base.Json:
        """Leave it out."""
        return rewriting.changed(document, _without_type)


def _without_type(name: str, value: typing.Any) -> typing.Any:
    return rewriting.GONE if name == 'ResourceBlockType' else value


class OddContext(base.Deviation):
    """``@odata.context`` is malformed."""

    name = 'odd_context'

    def document(self, call: exchange.Call, document: base.Json) -> base.Json:
        """Give it a second fragment, and half of an escape."""
        return rewriting.changed(document, _odd)


def _odd(name: str, value: typing.Any) -> typing.Any:
    return f'{value}##%2' if name == '@odata.context' else value
