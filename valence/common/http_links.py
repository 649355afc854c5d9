"""The same-origin rule: a server is asked for nothing but what is its own.

What a pod manager sends as ``@odata.id``, ``Location`` or the target of an
action is its word, not ours: it must not lead our credentials elsewhere. Nor
is a host anything but a name or a proper address: what a resolver would read
as an address by other rules (``0x7f.1``, ``2130706433``) is neither.
"""

import ipaddress
import re
import urllib.parse
from typing import NamedTuple

MAX_LENGTH = 2048

_AUTHORITY = re.compile(r'(.*@)?(\[[^\[\]@]+\]|[^\[\]:@]+)(:\d*)?')
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f\\]')
_NAME = re.compile(r'(?=.{1,253}\Z)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*')
_NUMBER = re.compile(r'(.*\.)?(\d+|0x[0-9a-f]*)')
_PLAIN = re.compile(r"/[\w.~:@!$&'()*+,;=/-]*", re.ASCII)
_PORTS = {'http': 80, 'https': 443}
_UNQUOTED = re.compile(r'[^!-~]|[\"<>^`{|}]')


class Origin(NamedTuple):
    """Scheme, host and port; an IPv6 address is without its brackets."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f'[{self.host}]' if ':' in self.host else self.host
        if self.port == _PORTS[self.scheme]:
            return f'{self.scheme}://{host}'
        return f'{self.scheme}://{host}:{self.port}'


def read_origin(url: str) -> Origin:
    """Take a url's origin; its user and password are left out.

    :raises ValueError: if it is no http or https url, or its host is neither
        a name nor a proper address.
    """
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError('it is no http or https url')
    if not _AUTHORITY.fullmatch(parts.netloc):
        raise ValueError('its host is neither a name nor an address')
    port = parts.port
    if port is None:
        port = _PORTS[parts.scheme]
    return Origin(parts.scheme, _checked_host(parts.hostname), port)


def origin_of(url: str) -> str:
    """Give scheme, host and port of a url, without user and password.

    :raises ValueError: see :func:`read_origin`.
    """
    return str(read_origin(url))


def path_of(link: object, origin: str, under: str = '/') -> str:
    """Turn a link into the path, with its query, to ask the server for.

    A fragment is dropped: it points into the resource.

    :param under: what the path must begin with, in lower case.
    :raises ValueError: with the reason, if the link must not be followed.
    """
    if not isinstance(link, str) or not link:
        raise ValueError('a link is not a string')
    if len(link) > MAX_LENGTH:
        raise ValueError(f'a link has more than {MAX_LENGTH} characters')
    if _is_plain(link) and link.lower().startswith(under):
        return link
    if _FORBIDDEN.search(urllib.parse.unquote(link)):
        raise ValueError('a link holds a character that is not allowed')
    parts = urllib.parse.urlsplit(link)
    absolute = parts.scheme or parts.netloc
    if absolute and origin_of(link) != origin:
        raise ValueError('a link leads to another server')
    segments = urllib.parse.unquote(parts.path).split('/')
    if '.' in segments or '..' in segments:
        raise ValueError('a link holds . or ..')
    if not parts.path.lower().startswith(under):
        raise ValueError(f'a link does not begin with {under}')
    return parts.path + (f'?{parts.query}' if parts.query else '')


def _is_plain(link: str) -> bool:
    """Tell whether a link is a path in which nothing can be hidden.

    Nearly all are, and there are thousands of them.
    """
    return (
        _PLAIN.fullmatch(link) is not None
        and '//' not in link
        and '/.' not in link
    )


def quoted(path: str) -> str:
    """Give a path as it may stand in a request; quotes stay as they are."""
    return _UNQUOTED.sub(lambda one: urllib.parse.quote(one[0]), path)


def _checked_host(host: str) -> str:
    if ':' in host:
        # Python takes zones too, but they are of this machine only.
        if '%' in host:
            raise ValueError('its host has a zone')
        return str(ipaddress.IPv6Address(host))
    if not _NAME.fullmatch(host):
        raise ValueError('its host is neither a name nor an address')
    if _NUMBER.fullmatch(host):
        # Resolvers know many ways to write one, and not all the same.
        try:
            ipaddress.IPv4Address(host)
        except ValueError:
            raise ValueError(
                'its host is neither a name nor a proper address'
            ) from None
    return host
