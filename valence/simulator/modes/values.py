"""Check what tests set a mode to, and say what it must be.

Each takes the name to speak of and a value as JSON has it, gives the
value to keep, and raises ValueError with one sentence.
"""

import math
import re
import typing
from collections.abc import Callable, Iterable, Mapping

Parse = Callable[[str, typing.Any], typing.Any]
Fields = Mapping[str, tuple[Parse, typing.Any]]

_REDIRECTS = (301, 302, 303, 307, 308)
_SPAN = 2
_URL = re.compile(r'(https?://[\w.-]+(?::\d{1,5})?)/?')


def _is_number(value: typing.Any) -> bool:
    # A boolean is a number to Python, and to nobody else.
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value)


def _is_whole(value: typing.Any) -> bool:
    return type(value) is int and value >= 0


def milliseconds(name: str, value: typing.Any) -> typing.Any:
    """Return a length of time."""
    if not _is_number(value) or value < 0:
        raise ValueError(f'{name} must be a number of milliseconds.')
    return value


def span(name: str, value: typing.Any) -> typing.Any:
    """Return a length of time, or the least and the most of it."""
    ends = list(value) if isinstance(value, list | tuple) else [value]
    numbers = all(_is_number(each) and each >= 0 for each in ends)
    if not numbers or len(ends) not in (1, _SPAN) or ends != sorted(ends):
        raise ValueError(
            f'{name} must be a number of milliseconds, or a list of the '
            'least and the most.'
        )
    return ends if len(ends) == _SPAN else ends[0]


def rate(name: str, value: typing.Any) -> typing.Any:
    """Return a number of bytes per second."""
    if not _is_number(value) or value <= 0:
        raise ValueError(f'{name} must be a number of bytes per second.')
    return value


def chance(name: str, value: typing.Any) -> typing.Any:
    """Return how likely something is; true is certain."""
    if value is True:
        return 1
    if not _is_number(value) or not 0 < value <= 1:
        raise ValueError(
            f'{name} must be true, or a chance above 0 and at most 1.'
        )
    return value


def is_status(value: typing.Any, least: int = 200) -> bool:
    """Tell whether something is an HTTP status code."""
    return type(value) is int and least <= value <= 599


def error_statuses(name: str, value: typing.Any) -> list[int]:
    """Return HTTP status codes of errors."""
    listed = isinstance(value, list | tuple) and bool(value)
    if not listed or not all(is_status(each, 400) for each in value):
        raise ValueError(
            f'{name} must be a list of HTTP status codes of errors.'
        )
    return list(value)


def redirect(name: str, value: typing.Any) -> int:
    """Return an HTTP status code that sends a client elsewhere."""
    if value not in _REDIRECTS:
        known = ', '.join(map(str, _REDIRECTS))
        raise ValueError(f'{name} must be one of {known}.')
    return int(value)


def url(name: str, value: typing.Any) -> str:
    """Return the url of a server, without a slash at its end."""
    found = _URL.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f'{name} must be the url of a server.')
    return found[1]


def limit(name: str, value: typing.Any) -> int | None:
    """Return the most there may be, or None for no limit."""
    if value is not None and not _is_whole(value):
        raise ValueError(f'{name} must be a whole number or null.')
    return typing.cast('int | None', value)


def retry_after(name: str, value: typing.Any) -> int | str | None:
    """Return the form of a Retry-After header; None for no header."""
    if value is not None and value != 'date' and not _is_whole(value):
        raise ValueError(
            f'{name} must be a whole number of seconds, "date" or null.'
        )
    return typing.cast('int | str | None', value)


def word(*words: str) -> Parse:
    """Return the check for one of these words."""

    def parse(name: str, value: typing.Any) -> str:
        if value not in words:
            known = ', '.join(f'"{each}"' for each in words)
            raise ValueError(f'{name} must be one of {known}.')
        return str(value)

    return parse


def words(*allowed: str) -> Parse:
    """Return the check for a list of these words."""

    def parse(name: str, value: typing.Any) -> list[str]:
        listed = isinstance(value, list | tuple) and bool(value)
        if not listed or not all(each in allowed for each in value):
            known = ', '.join(f'"{each}"' for each in allowed)
            raise ValueError(f'{name} must be a list of {known}.')
        return list(value)

    return parse


def fields(
    name: str, value: typing.Any, known: Fields
) -> dict[str, typing.Any]:
    """Return an object with all its fields, each checked.

    :param known: the check of each field, and what it is when left out
    """
    if not isinstance(value, Mapping):
        raise ValueError(f'{name} must be an object of {_listed(known)}.')
    for field in value:
        if field not in known:
            raise ValueError(
                f'{name} has no {field}; it is an object of {_listed(known)}.'
            )
    return {
        field: parse(f'{name}.{field}', value.get(field, usual))
        for field, (parse, usual) in known.items()
    }


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f'{", ".join(first)} and {last}' if first else last
