"""The query parameters of a GET: ``$expand``, and that there are no more.

``.`` puts subordinate resources inline, ``*`` those below Links too, one
level deep, as the service root advertises.  DSP0266, "Use of the $expand
query parameter".
"""

import re
import typing
import urllib.parse
from collections.abc import Callable

from valence.simulator import errors, exchange

Read = Callable[[str], exchange.Json]

_EXPAND = re.compile(r'([.*])(?:\(\$levels=(\d+)\))?')
_MAX_LEVELS = 1


def wanted(query: str) -> str | None:
    """Return ``.`` or ``*`` when a query asks to expand.

    :raises RedfishError: 400 for an impossible value; 501 for another
        parameter with a dollar
    """
    mark = None
    pairs = urllib.parse.parse_qsl(query, keep_blank_values=True)
    for name, value in pairs:
        if name == '$expand':
            mark = _mark(value)
        elif name.startswith('$'):
            raise errors.not_implemented(f'{name} is not supported.')
    return mark


def _mark(value: str) -> str:
    found = _EXPAND.fullmatch(value)
    if found is None:
        raise errors.malformed_query(f'$expand={value} is not supported.')
    if not 1 <= int(found[2] or 1) <= _MAX_LEVELS:
        raise errors.malformed_query(f'$levels is at most {_MAX_LEVELS}.')
    return found[1]


def expand(document: exchange.Json, mark: str, read: Read) -> exchange.Json:
    """Return the document with what it refers to inside of it."""
    return {
        name: value
        if name == 'Links' and mark == '.'
        else _replaced(value, mark, read)
        for name, value in document.items()
    }


def _replaced(value: typing.Any, mark: str, read: Read) -> typing.Any:
    if isinstance(value, list):
        return [_replaced(each, mark, read) for each in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {'@odata.id'}:
        return read(value['@odata.id'])
    return expand(value, mark, read)
