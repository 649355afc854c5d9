"""What a pod tells by itself: to whom it is told, and what was told lately.

Events are put into queues, each bounded: who does not take them loses the
oldest.  ``delivery`` takes them to the destinations of subscriptions, and a
stream (server-sent events) to who reads it.
"""

import asyncio
import collections
import dataclasses
import datetime
import typing
from collections.abc import AsyncIterator

import orjson

from valence.simulator import errors

ADDED = 'ResourceAdded'
REMOVED = 'ResourceRemoved'
STATUS = 'StatusChange'
UPDATED = 'ResourceUpdated'
ALERT = 'Alert'
TYPES = (STATUS, UPDATED, ADDED, REMOVED, ALERT)

MOST_SUBSCRIPTIONS = 16
MOST_STREAMS = 16

#: Events that wait for one receiver, and that are known to be sent again.
_KEPT = 100

# DSP8011, the message registry of events about resources.
_REGISTRY = 'ResourceEvent.1.3'


class Event(typing.NamedTuple):
    """One event; ``message`` is a key of the registry."""

    number: int
    kind: str
    message: str
    origin: str
    time: str

    def document(self, context: str | None = None) -> dict[str, typing.Any]:
        """Return it as it is sent."""
        record = {
            'EventType': self.kind,
            'EventId': str(self.number),
            'EventTimestamp': self.time,
            'Severity': 'OK',
            'Message': f'{self.message}: {self.origin}',
            'MessageId': f'{_REGISTRY}.{self.message}',
            'MessageArgs': [self.origin],
            'OriginOfCondition': {'@odata.id': self.origin},
        }
        document: dict[str, typing.Any] = {
            '@odata.type': '#Event.v1_3_0.Event',
            'Id': str(self.number),
            'Name': 'Event',
            'Events': [record],
        }
        if context is not None:
            document['Context'] = record['Context'] = context
        return document

    def line(self) -> bytes:
        """Return it as a stream has it."""
        return b'id: %d\ndata: %s\n\n' % (
            self.number,
            orjson.dumps(self.document()),
        )


_Queue = asyncio.Queue[Event | None]


@dataclasses.dataclass(slots=True, kw_only=True)
class Subscription:
    """Whom events are sent to; ``values`` are those of the request."""

    id: str
    values: dict[str, typing.Any]
    queue: _Queue = dataclasses.field(
        default_factory=lambda: asyncio.Queue(_KEPT)
    )
    task: asyncio.Task[None] | None = None

    @property
    def destination(self) -> str:
        """The url that events are sent to."""
        return str(self.values['Destination'])

    @property
    def context(self) -> str | None:
        """What comes back with each event."""
        return self.values.get('Context')

    def wants(self, event: Event) -> bool:
        """Tell whether an event is of the types, and from where, it asks."""
        types = self.values.get('EventTypes')
        origins = self.values.get('OriginResources')
        return (not types or event.kind in types) and (
            not origins or {'@odata.id': event.origin} in origins
        )


class Events:
    """The events of a pod, its subscriptions and its streams."""

    def __init__(self) -> None:
        self.subscriptions: dict[str, Subscription] = {}
        self.counts: collections.Counter[str] = collections.Counter()
        self._recent: collections.deque[Event] = collections.deque(
            maxlen=_KEPT
        )
        self._streams: set[_Queue] = set()
        self._last_subscription = 0

    def tell(self, kind: str, message: str, origin: str) -> None:
        """Tell all who want to hear it."""
        self.counts['told'] += 1
        now = datetime.datetime.now(datetime.UTC)
        event = Event(
            self.counts['told'],
            kind,
            message,
            origin,
            now.isoformat(timespec='milliseconds'),
        )
        self._recent.append(event)
        for subscription in self.subscriptions.values():
            if subscription.wants(event):
                self._put(subscription.queue, event)
        for queue in self._streams:
            self._put(queue, event)

    def _put(self, queue: _Queue, event: Event | None) -> None:
        if queue.full():
            queue.get_nowait()
            self.counts['dropped'] += 1
        queue.put_nowait(event)

    def subscribe(self, values: dict[str, typing.Any]) -> Subscription:
        """Make a subscription of a checked request.

        :raises RedfishError: 409, when there are too many
        """
        if len(self.subscriptions) >= MOST_SUBSCRIPTIONS:
            raise errors.conflict(
                'There are too many subscriptions',
                f'There may be {MOST_SUBSCRIPTIONS}.',
            )
        self._last_subscription += 1
        made = Subscription(id=str(self._last_subscription), values=values)
        self.subscriptions[made.id] = made
        return made

    def unsubscribe(self, subscription_id: str) -> bool:
        """End a subscription; whether there was one."""
        found = self.subscriptions.pop(subscription_id, None)
        if found is not None and found.task is not None:
            found.task.cancel()
        return found is not None

    def forget_subscriptions(self) -> None:
        """End them all, as a pod does that was restored from backup."""
        for subscription_id in list(self.subscriptions):
            self.unsubscribe(subscription_id)

    @property
    def streams(self) -> int:
        """How many read the stream.  From any thread."""
        return len(self._streams)

    async def stream(self, after: int | None) -> AsyncIterator[bytes]:
        """Yield events as they come.

        :param after: the last one that is known; those that came since, as
            far as they are kept, are sent first
        """
        queue: _Queue = asyncio.Queue(_KEPT)
        if after is not None:
            for each in self._recent:
                if each.number > after:
                    self._put(queue, each)
        self._streams.add(queue)
        try:
            # So that who reads knows that it has begun.
            yield b': events\n\n'
            while (event := await queue.get()) is not None:
                yield event.line()
        finally:
            self._streams.discard(queue)

    def end_streams(self) -> None:
        """Have all streams end."""
        for queue in self._streams:
            self._put(queue, None)

    def stats(self) -> dict[str, int]:
        """Return what tests look at.  From any thread."""
        names = ('told', 'delivered', 'failed', 'dropped')
        return {
            **{name: self.counts[name] for name in names},
            'subscriptions': len(self.subscriptions),
            'streams': self.streams,
        }
