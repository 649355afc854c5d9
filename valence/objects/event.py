"""Events: what a pod manager tells by itself, and what it is worth to us.

Nothing that an event says is believed: it may be forged, late, or wrong. It
only tells whether it is worth a look, and how far that has to go.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: Events of one message that are looked at: the others say "look" as well.
_MOST = 100
#: Redfish's EventTypes (DMTF DSP8010, Event v1_3) of what stays in its place.
_OF_VALUES = ('Alert', 'ResourceUpdated', 'StatusChange')
_REGISTRY = 'ResourceEvent.'
#: Beginnings of the keys of DMTF's registry of events (DSP8011) that are of
#: what stays in its place: ResourcePoweredOn, ResourceStatusChangedOK, ...
_KEYS_OF_VALUES = (
    'ResourceChanged',
    'ResourceErrors',
    'ResourceErrorThreshold',
    'ResourcePause',
    'ResourcePower',
    'ResourceStateChanged',
    'ResourceStatusChanged',
    'ResourceWarningThreshold',
)


class Look(enum.IntEnum):
    """How far a look has to go; the greater one has the lesser in it."""

    #: Nothing that is shown has changed.
    NONE = 0
    #: What was read before is not to be shown any more.
    VALUES = 1
    #: There may be more, or less, than before.
    SYNC = 2


class Way(enum.StrEnum):
    """How events can be had.

    :cvar PUSH: they are sent to who has subscribed.
    :cvar SSE: they come on a connection that is kept open (server-sent
        events).
    """

    PUSH = 'push'
    SSE = 'sse'


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription at a pod manager.

    :ivar url: path of it.
    :ivar destination: where its events go; None where that is not told.
    :ivar context: what was given with it.
    """

    url: str
    destination: str | None = None
    context: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What came on a stream; ``id`` is to be given to go on after it."""

    id: str | None
    look: Look


def look_of(document: object) -> Look:
    """Tell what a message of events is worth.

    :param document: what came, of any type. What is not known is worth all.
    """
    if not isinstance(document, Mapping):
        return Look.SYNC
    kind = document.get('@odata.type')
    if isinstance(kind, str) and kind.startswith('#MetricReport.'):
        return Look.NONE
    events = document.get('Events')
    if not isinstance(events, list) or not 0 < len(events) <= _MOST:
        return Look.SYNC
    return max(_look_of_one(event) for event in events)


def _look_of_one(event: Any) -> Look:
    if not isinstance(event, Mapping):
        return Look.SYNC
    if event.get('EventType') in _OF_VALUES:
        return Look.VALUES
    message = event.get('MessageId')
    if isinstance(message, str) and message.startswith(_REGISTRY):
        key = message.rpartition('.')[2]
        # Older ones know no types, newer ones do without.
        untyped = event.get('EventType') in (None, 'Event', 'Other')
        if untyped and key.startswith(_KEYS_OF_VALUES):
            return Look.VALUES
    return Look.SYNC
