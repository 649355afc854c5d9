"""What pod managers can say where they should say something else.

The simplest comes first wherever there is a choice: that is what an example
shrinks to.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any


class _Gone:
    """The value of a field that is not there."""

    def __repr__(self) -> str:
        return 'GONE'


GONE = _Gone()
EVIL = 'http://127.0.0.2:1/redfish/v1/Systems/1'


def link(path: object) -> dict[str, object]:
    return {'@odata.id': path}


def _nested(depth: int) -> Any:
    value: Any = []
    for _level in range(depth):
        value = [value]
    return value


#: More than a collection may have.
_MANY = [link(f'/redfish/v1/Systems/{number}') for number in range(10_001)]
_BAD_LINKS = (
    None,
    7,
    '',
    'x',
    EVIL,
    '//127.0.0.2:1/redfish/v1',
    '/admin',
    '/redfish/v1/../../admin',
    '/redfish/v1/\r\nX: y',
    '/redfish/v1/ \N{SNOWMAN} "<>',
    '/redfish/v1/?#',
    'http://[/redfish/v1',
    'http://x:99999/redfish/v1',
    '/redfish/' + 'a' * 3000,
)
_NUMBERS = (0, 1, -1, 1.5, 2**63 - 1, 2**64 - 1, 1e308, -1e308)
_STRINGS = ('', 'x', '7', 'true', '\x00', '\N{SNOWMAN}', '<html>', 'x' * 5000)
_LISTS = (
    *([], [None], ['x'], [1], [[]], [{}], _nested(30), _nested(70)),
    *([link(each)] for each in _BAD_LINKS),
    *(_MANY, [_MANY[0]] * 10_000),
)
_OBJECTS = ({}, {'x': 1}, {'x': []}, *map(link, _BAD_LINKS))
VALUES: Sequence[Any] = (
    *(GONE, None, True, False),
    *(*_NUMBERS, *_STRINGS, *_LISTS, *_OBJECTS, *_BAD_LINKS),
)
#: Values of the type that there is, which is where they are looked at.
ALIKE: Mapping[type, Sequence[Any]] = {
    int: _NUMBERS,
    float: _NUMBERS,
    str: (*_STRINGS, *_BAD_LINKS),
    list: _LISTS,
    dict: _OBJECTS,
}
#: Fields that documents may lack, and that mean something.
NAMES = (
    'Members',
    'Members@odata.nextLink',
    'Links',
    'Oem',
    'Actions',
    'Id',
    '@odata.id',
    '@odata.type',
    '@odata.etag',
    'Boot',
    'Status',
    'TaskState',
    'TaskMonitor',
    'Messages',
    'PercentComplete',
    'Payload',
    'error',
    '@Redfish.CollectionCapabilities',
    '@Redfish.ResourceBlockLimits',
    'ResourceBlockType',
    'Manifest',
)


BODIES: Mapping[str, Callable[[bytes], bytes]] = {
    'truncated': lambda body: body[: len(body) // 2],
    'in a list': lambda body: b'[' + body + b']',
    'twice': lambda body: body + body,
    'with a mark': lambda body: b'\xef\xbb\xbf' + body,
    'as UTF-16': lambda body: body.decode(errors='replace').encode('utf-16'),
    'none': lambda _body: b'',
}
_ERRORS = (
    b'{"error": %s}' % inner
    for inner in (
        b'null',
        b'"no"',
        b'{}',
        b'[]',
        b'{"code": 7, "message": []}',
        b'{"@Message.ExtendedInfo": 7}',
        b'{"@Message.ExtendedInfo": [null, "a", {"Message": 7}]}',
        b'{"@Message.ExtendedInfo": {"MessageId": "a", "Message": "b"}}',
        b'{"code": "%s", "message": "b"}' % (b'x' * 100_000),
    )
)
TEXTS = (
    *(
        b'null',
        b'true',
        b'7',
        b'"text"',
        b'[]',
        b'{}',
        b'NaN',
        b'{"a": 1e999}',
    ),
    b'<html><title>Log in</title></html>',
    b'<h1',
    b'\xff\xfe\x00',
    b'{"a": "\\ud800"}',
    b'[' * 100_000,
    b'{"Members": [' + b'{"Members": [' * 1000,
    *_ERRORS,
)
STATUSES = (
    *(200, 201, 202, 203, 204, 205, 206, 226, 299, 300, 301, 302, 303, 304),
    *(305, 307, 308, 399, 400, 401, 403, 404, 405, 406, 409, 410, 412, 418),
    *(429, 451, 500, 501, 502, 503, 504, 507, 599, 600, 999, 101),
)
HEADERS = (
    *(
        ('Location', str(link).partition('\r')[0])
        for link in (*_BAD_LINKS, '/redfish/v1/', '/redfish/v1/Nodes/1')
        if '\N{SNOWMAN}' not in str(link)
    ),
    ('Location', '/redfish/v1/a\r\n b'),
    *(
        ('Retry-After', value)
        for value in (
            *('', 'x', '0', '-1', '1.5', '99999999', '9' * 400, '\xb2'),
            'Wed, 21 Oct 2015 07:28:00 GMT',
            'Wed, 21 Oct 9999 07:28:00 GMT',
            'Wed, 21 Oct 0000 07:28:00 +9999',
            'Wed, 99 Oct 2015 99:99:99 GMT',
            'Wed, 21 Oct 99999999999999 07:28:00 -0000',
        )
    ),
    *(('ETag', value) for value in ('', '""', 'x', '"\xe9"', '"' + 'x' * 500)),
    *(('Content-Type', value) for value in ('', 'text/html', 'x/y;z="')),
    *(
        ('Content-Encoding', value)
        for value in ('', 'gzip', 'deflate', 'br', 'identity', 'GZIP, gzip')
    ),
    *(('Content-Length', value) for value in ('', '0', '-1', 'x')),
    ('X-Auth-Token', ''),
    ('X-Auth-Token', '\xe9'),
    ('X-Auth-Token', 'a\r\n b'),
    ('Connection', 'close'),
)
_HEAD = b'HTTP/1.1 200 OK\r\n'
WIRES = (
    b'x',
    b'\r\n\r\n',
    b'HTTP/1.1 \r\n\r\n',
    b'HTTP/1.1 abc OK\r\n\r\n',
    b'HTTP/9.9 200 OK\r\n\r\n{}',
    _HEAD + b'Content-Length: 3\r\n\r\n{}',
    _HEAD + b'Content-Length: 99999999999\r\n\r\n{}',
    _HEAD + b'Transfer-Encoding: chunked\r\n\r\n{}',
    _HEAD + b'Transfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n',
    _HEAD + b'Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    _HEAD + b'X: ' + b'x' * 100_000 + b'\r\n\r\n{}',
    _HEAD + b'X: y\r\n' * 200 + b'\r\n{}',
    _HEAD + b'\x00\xff: \x00\r\nno colon\r\n\r\n{}',
    b'HTTP/1.1 100 Continue\r\n\r\n' + _HEAD + b'Content-Length: 2\r\n\r\n{}',
)
