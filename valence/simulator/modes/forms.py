"""The forms of links that lead astray."""

import dataclasses
import re
import urllib.parse
from collections.abc import Callable, Mapping

LONG = 50_000

_PORTS = {'http': 80, 'https': 443}
_UNFIT = re.compile(r'[\x00-\x08\x0a-\x1f\x7f]')
_OUTSIDE = 'simulator/stats'


@dataclasses.dataclass(frozen=True, slots=True)
class Origins:
    """Whose link it is and where it may lead: urls without a path."""

    own: urllib.parse.SplitResult
    other: urllib.parse.SplitResult


def lead(form: str, own: str, other: str, link: str) -> str:
    """Return what a link to a path of its own becomes.

    :param own: the url that the client has asked
    :param other: the url that it should not be led to
    """
    origins = Origins(urllib.parse.urlsplit(own), urllib.parse.urlsplit(other))
    return FORMS[form](origins, link.removeprefix(own))


def in_header(link: str) -> str:
    """Return a link as a header can have it, which is in one line."""
    return _UNFIT.sub(lambda found: f'%{ord(found[0]):02x}', link)


def _absolute(origins: Origins, path: str) -> str:
    return f'{origins.other.scheme}://{origins.other.netloc}{path}'


def _scheme_relative(origins: Origins, path: str) -> str:
    return f'//{origins.other.netloc}{path}'


def _userinfo(origins: Origins, path: str) -> str:
    both = f'{origins.own.netloc}@{origins.other.netloc}'
    return f'{origins.other.scheme}://{both}{path}'


def _other_scheme(origins: Origins, path: str) -> str:
    scheme = 'http' if origins.own.scheme == 'https' else 'https'
    return f'{scheme}://{origins.own.netloc}{path}'


def _other_port(origins: Origins, path: str) -> str:
    port = origins.other.port or _PORTS[origins.other.scheme]
    return f'{origins.own.scheme}://{origins.own.hostname}:{port}{path}'


def _backslash(origins: Origins, path: str) -> str:
    return f'/\\{origins.other.netloc}{path}'


def _tab(origins: Origins, path: str) -> str:
    # Parsers of urls take a tab out, and see two slashes.
    return f'/\t/{origins.other.netloc}{path}'


def _crlf(origins: Origins, path: str) -> str:
    return f'{path}\r\nHost: {origins.other.netloc}\r\nX-Injected: yes'


def _dots(origins: Origins, path: str) -> str:
    return f'{path}/{"../" * (path.count("/") + 1)}{_OUTSIDE}'


def _encoded_dots(origins: Origins, path: str) -> str:
    return f'{path}/{"%2e%2e/" * (path.count("/") + 1)}{_OUTSIDE}'


def _long(origins: Origins, path: str) -> str:
    return f'{path}/{"x" * LONG}'


FORMS: Mapping[str, Callable[[Origins, str], str]] = {
    'absolute': _absolute,
    'scheme_relative': _scheme_relative,
    'userinfo': _userinfo,
    'other_scheme': _other_scheme,
    'other_port': _other_port,
    'backslash': _backslash,
    'tab': _tab,
    'crlf': _crlf,
    'dots': _dots,
    'encoded_dots': _encoded_dots,
    'long': _long,
}
