"""Events of a Redfish service: its EventService, and its stream.

DMTF DSP0266, "Eventing", and Intel RSD's form of it, which needs a name and
the types. The stream is one of server-sent events (WHATWG HTML, section 9.2).
"""

import contextlib
import dataclasses
from collections.abc import Iterator, Sequence

from valence.common import exception, http_client, http_json, http_stream
from valence.objects.event import Look, Subscription, Told, Way, look_of
from valence.podm import base
from valence.podm.redfish import monitors, parse
from valence.podm.redfish.service import OEM, Service

_SUBSCRIPTIONS = 'Subscriptions'
_STREAM = 'ServerSentEventUri'
_TYPES = 'EventTypesForSubscription'
_WANTED = (
    'StatusChange',
    'ResourceUpdated',
    'ResourceAdded',
    'ResourceRemoved',
    'Alert',
)
_NAME = 'Valence'

#: Bytes of one message of a stream, and characters of its id.
_MOST_DATA = 4 * http_stream.MAX_LINE
_LONGEST_ID = 256


class RedfishEvents(base.Events):
    def __init__(self, service: Service) -> None:
        self._service = service

    def offers(self) -> frozenset[Way]:
        document = self._document()
        if document is None or document.flag('ServiceEnabled') is False:
            return frozenset()
        found = {
            Way.PUSH: document.find_link(_SUBSCRIPTIONS),
            Way.SSE: document.text(_STREAM),
        }
        return frozenset(way for way, there in found.items() if there)

    def subscriptions(self) -> list[Subscription]:
        document = self._document()
        path = document and document.find_link(_SUBSCRIPTIONS)
        if not path:
            return []
        members = self._service.members(path)
        return [
            Subscription(
                each.url(), each.text('Destination'), each.text('Context')
            )
            for each in self._service.find_each(members)
        ]

    def subscribe(self, *, destination: str, context: str) -> str | None:
        document = self._document()
        path = document and document.find_link(_SUBSCRIPTIONS)
        if document is None or not path:
            raise _unsupported('Sending events')
        body: dict[str, object] = {
            'Destination': destination,
            'Context': context,
            'Protocol': 'Redfish',
        }
        offered = document.texts(_TYPES)
        types = [each for each in _WANTED if each in offered]
        if self._is_rsd():
            body |= {'Name': _NAME, 'EventTypes': types or list(_WANTED)}
        elif types:
            # What tells no types has none to choose from any more.
            body['EventTypes'] = types
        client = self._service.client
        return monitors.location(client, client.send('POST', path, body))

    def unsubscribe(self, url: str) -> None:
        with contextlib.suppress(exception.PodManagerResourceMissing):
            self._service.client.send('DELETE', url)

    def stream(self, *, after: str | None, idle: float) -> base.EventStream:
        document = self._document()
        link = None if document is None else document.value(_STREAM)
        if document is None or not link:
            raise _unsupported('A stream of events')
        path = document.path_of(link, _STREAM)
        headers = {} if after is None else {'Last-Event-ID': after}
        client = self._service.client
        return _Stream(client, path, client.stream(path, headers, idle=idle))

    def _document(self) -> parse.Document | None:
        return self._service.find(self._service.link('EventService'))

    def _is_rsd(self) -> bool:
        return self._service.root().value(*OEM) is not None


class _Stream(base.EventStream):
    def __init__(
        self,
        client: http_client.HttpClient,
        path: str,
        lines: http_stream.Stream,
    ) -> None:
        self._client = client
        self._path = path
        self._lines = lines

    def __iter__(self) -> Iterator[Told]:
        message = _Message()
        for line in self._lines:
            if line:
                message.take(line)
                if message.size > _MOST_DATA:
                    raise self._client.malformed(
                        self._path, 'an event of it has no end'
                    )
                continue
            # One without data is no event.
            if message.data:
                yield Told(message.id, _look(message.data))
            message = _Message()

    def close(self) -> None:
        self._lines.close()


@dataclasses.dataclass(slots=True)
class _Message:
    """A message of a stream, as far as it has come."""

    id: str | None = None
    data: list[bytes] = dataclasses.field(default_factory=list)
    size: int = 0

    def take(self, line: bytes) -> None:
        """Read a line; one that begins with a colon says nothing."""
        self.size += len(line) + 1
        name, _, value = line.partition(b':')
        value = value.removeprefix(b' ')
        if name == b'data':
            self.data.append(value)
        elif name == b'id':
            self.id = _usable(value)


def _usable(value: bytes) -> str | None:
    """Give an id that may stand in a header."""
    text = value.decode('ascii', 'replace')
    fits = 0 < len(text) <= _LONGEST_ID
    return text if fits and text.isascii() and text.isprintable() else None


def _look(data: Sequence[bytes]) -> Look:
    try:
        return look_of(http_json.loads(b'\n'.join(data)))
    except ValueError:
        return Look.SYNC


def _unsupported(action: str) -> exception.UnsupportedAction:
    return exception.UnsupportedAction(action=action, what='this pod manager')
