"""The same-origin rule: a server is asked for nothing but what is its own.

What a pod manager sends as ``@odata.id``, ``Location`` or the target of an
action is its word, not ours: it must not lead our credentials elsewhere.
"""

import re
import urllib.parse

MAX_LENGTH = 2048

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f\\]')
_PORTS = {'http': 80, 'https': 443}


def origin_of(url: str) -> str:
    """Give scheme, host and port of a url, without user and password.

    :raises ValueError: if it is no http or https url.
    """
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError('it is no http or https url')
    host = f'[{parts.hostname}]' if ':' in parts.hostname else parts.hostname
    if parts.port in (None, _PORTS[parts.scheme]):
        return f'{parts.scheme}://{host}'
    return f'{parts.scheme}://{host}:{parts.port}'


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
