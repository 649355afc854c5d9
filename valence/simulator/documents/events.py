"""The event service and its subscriptions."""

from valence.simulator import delivery, errors, events
from valence.simulator import layout as layouts
from valence.simulator import pod as pods
from valence.simulator.documents import common

SERVICE = f'{layouts.ROOT}/EventService'
PATH = f'{SERVICE}/Subscriptions'
STREAM = f'{SERVICE}/SSE'

PUSH = 'push'
SSE = 'sse'

_WORDS = {
    'none': frozenset[str](),
    'push': frozenset({PUSH}),
    'sse': frozenset({SSE}),
    'both': frozenset({PUSH, SSE}),
}


def offered(pod: pods.Pod) -> frozenset[str]:
    """Return how events can be had: by the mode, or the personality."""
    return _WORDS[pod.mode('events', pod.personality.events)]


def require(pod: pods.Pod, way: str, path: str) -> None:
    """Raise unless events can be had in a way.

    :raises RedfishError: 404
    """
    if way not in offered(pod):
        raise errors.unknown_endpoint(path)


def service(pod: pods.Pod) -> common.Json:
    """Return the event service."""
    ways = offered(pod)
    if not ways:
        raise errors.unknown_endpoint(SERVICE)
    document = {
        **common.header(
            SERVICE,
            'EventService.v1_2_0.EventService',
            'EventService',
            'Event Service',
        ),
        'Status': common.OK,
        'ServiceEnabled': True,
        'DeliveryRetryAttempts': delivery.ATTEMPTS,
        'DeliveryRetryIntervalSeconds': delivery.PAUSE_SECONDS,
        'EventTypesForSubscription': list(events.TYPES),
    }
    if PUSH in ways:
        document['Subscriptions'] = common.link(PATH)
    if SSE in ways:
        document['ServerSentEventUri'] = STREAM
    return document


def path_of(one: events.Subscription) -> str:
    """Return the path of a subscription."""
    return f'{PATH}/{one.id}'


def collection(pod: pods.Pod) -> common.Json:
    """Return the subscriptions."""
    require(pod, PUSH, PATH)
    return common.collection(
        PATH,
        'EventDestinationCollection',
        'Event Subscriptions',
        map(path_of, pod.events.subscriptions.values()),
    )


def subscription(one: events.Subscription) -> common.Json:
    """Return a subscription; its headers may be secret."""
    return {
        **common.header(
            path_of(one),
            'EventDestination.v1_3_0.EventDestination',
            one.id,
            one.values.get('Name') or f'Subscription {one.id}',
        ),
        'Destination': one.destination,
        'Protocol': 'Redfish',
        'Context': one.context,
        'EventTypes': one.values.get('EventTypes') or list(events.TYPES),
        'OriginResources': one.values.get('OriginResources') or [],
        'HttpHeaders': [],
    }
