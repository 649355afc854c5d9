"""Check request bodies against a description of their shape.

A shape is a type (``str``, ``int``, ``bool``, or ``dict`` for any object),
a set of allowed values, a dict of properties, or a list with the shape of
its items.  All that is wrong is reported at once, as pod managers do.  A
null counts as absent.
"""

import typing
from collections.abc import Iterator, Mapping

from valence.simulator import errors

Shape = typing.Any

LINK: Shape = {'@odata.id': str}

_WORDS = {
    str: 'a string',
    int: 'an integer',
    bool: 'a boolean',
    dict: 'an object',
}


def check(body: Mapping[str, typing.Any], shape: Shape) -> None:
    """Raise unless the body has the shape.

    :raises RedfishError: 400, with a message for each thing wrong
    """
    problems = list(_problems(body, shape, ''))
    if problems:
        raise errors.invalid_payload(*problems)


def _problems(value: typing.Any, shape: Shape, at: str) -> Iterator[str]:
    if value is None:
        return
    if isinstance(shape, Mapping):
        yield from _object(value, shape, at)
    elif isinstance(shape, list):
        yield from _array(value, shape[0], at)
    elif isinstance(shape, frozenset):
        if not isinstance(value, str) or value not in shape:
            allowed = ', '.join(sorted(shape))
            yield f'Property {at} must be one of: {allowed}.'
    # A boolean is an integer to Python, and to nobody else.
    elif type(value) is not shape:
        yield f'Property {at} must be {_WORDS[shape]}.'
    elif shape is int and value < 0:
        yield f'Property {at} must not be negative.'


def _object(
    value: typing.Any, shape: Mapping[str, Shape], at: str
) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f'Property {at} must be an object.'
        return
    for name, each in value.items():
        where = f'{at}.{name}' if at else name
        if name in shape:
            yield from _problems(each, shape[name], where)
        else:
            yield f'Unrecognized property: {where}.'


def _array(value: typing.Any, shape: Shape, at: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f'Property {at} must be an array.'
        return
    for number, each in enumerate(value):
        where = f'{at}[{number}]'
        if each is None:
            yield f'{where} must not be null.'
        yield from _problems(each, shape, where)
