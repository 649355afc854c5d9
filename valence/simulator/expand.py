"""The query parameters of a GET: ``$expand``, and that there are no more.

``.`` puts subordinate resources inline, ``~`` those below Links, ``*``
both, as deep as the service root advertises.  DSP0266, "Use of the $expand
query parameter".
"""

import dataclasses
import re
import typing
import urllib.parse
from collections.abc import Callable

from valence.simulator import errors, exchange
from valence.simulator import personality as personalities

Read = Callable[[str], exchange.Json]

MOST_RESOURCES = 50_000

_EXPAND = re.compile(r'([.*~])(?:\(\$levels=(\d+)\))?')


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be put inline, and how many levels deep."""

    mark: str
    levels: int = 1


def wanted(query: str, kind: personalities.Expand | None) -> Wanted | None:
    """Return what a query asks to expand.

    :param kind: what can be; None: nothing
    :raises RedfishError: 400 for an impossible value; 501 for another
        parameter with a dollar
    """
    found = None
    pairs = urllib.parse.parse_qsl(query, keep_blank_values=True)
    for name, value in pairs:
        if name == '$expand' and kind is not None:
            found = _wanted(value, kind)
        elif name.startswith('$'):
            raise errors.not_implemented(f'{name} is not supported.')
    return found


def _wanted(value: str, kind: personalities.Expand) -> Wanted:
    found = _EXPAND.fullmatch(value)
    if found is None or found[1] not in kind.marks:
        raise errors.malformed_query(f'$expand={value} is not supported.')
    levels = int(found[2] or 1)
    if not 1 <= levels <= kind.max_levels:
        raise errors.malformed_query(f'$levels is at most {kind.max_levels}.')
    return Wanted(found[1], levels)


def expand(document: exchange.Json, what: Wanted, read: Read) -> exchange.Json:
    """Return the document with what it refers to inside of it.

    :raises RedfishError: 507, when that is too much
    """
    return _Expansion(what.mark, read).inside(document, what.levels)


class _Expansion:
    """The making of one answer."""

    def __init__(self, mark: str, read: Read) -> None:
        self._read = read
        self._in_links = mark != '.'
        self._elsewhere = mark != '~'
        self._left = MOST_RESOURCES
        # The resources around the one that is being expanded.
        self._around: set[str] = set()

    def inside(self, document: exchange.Json, levels: int) -> exchange.Json:
        path = document.get('@odata.id', '')
        self._around.add(path)
        found = self._object(document, levels, self._elsewhere)
        self._around.discard(path)
        return found

    def _object(
        self, value: exchange.Json, levels: int, here: bool
    ) -> exchange.Json:
        return {
            name: self._value(
                each, levels, self._in_links if name == 'Links' else here
            )
            if isinstance(each, dict | list)
            else each
            for name, each in value.items()
        }

    def _value(self, value: typing.Any, levels: int, here: bool) -> typing.Any:
        if isinstance(value, list):
            return [self._value(each, levels, here) for each in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1 and '@odata.id' in value:
            return self._resource(value, levels) if here else value
        return self._object(value, levels, here)

    def _resource(self, link: exchange.Json, levels: int) -> exchange.Json:
        path = link['@odata.id']
        # A resource inside of itself would have no end.
        if path in self._around:
            return link
        self._left -= 1
        if self._left < 0:
            raise errors.too_much(MOST_RESOURCES)
        document = self._read(path)
        return document if levels == 1 else self.inside(document, levels - 1)
