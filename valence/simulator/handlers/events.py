"""Subscribe to events, end that, and stream events."""

import re

from valence.simulator import (
    delivery,
    errors,
    events,
    exchange,
    shapes,
    validation,
)
from valence.simulator import pod as pods
from valence.simulator.documents import common
from valence.simulator.documents import events as documents

_URL = re.compile(r'https?://[^\s/]+(/\S*)?')


def subscription(pod: pods.Pod, subscription_id: str) -> common.Json:
    """Return a subscription."""
    return documents.subscription(_find(pod, subscription_id))


def subscribe(call: exchange.Call) -> exchange.Reply:
    """Make a subscription, and begin to send."""
    documents.require(call.pod, documents.PUSH, documents.PATH)
    body = call.json()
    validation.check(body, shapes.subscribe(call.pod.personality))
    problems = [
        f'Property {name} is required.'
        for name in ('Destination', 'Protocol')
        if body.get(name) is None
    ]
    destination = body.get('Destination')
    if destination is not None and not _URL.fullmatch(destination):
        problems.append('Property Destination must be a http or https url.')
    if problems:
        raise errors.invalid_payload(*problems)
    made = call.pod.events.subscribe(body)
    made.task = call.pod.home.keep(
        delivery.deliver(made, call.pod.events.counts)
    )
    return exchange.Reply(
        201,
        documents.subscription(made),
        {'Location': documents.path_of(made)},
    )


def unsubscribe(call: exchange.Call, subscription_id: str) -> exchange.Reply:
    """End a subscription."""
    _find(call.pod, subscription_id)
    call.pod.events.unsubscribe(subscription_id)
    return exchange.no_content()


def stream(call: exchange.Call) -> exchange.Reply:
    """Begin a stream, after the last event that the client knows."""
    documents.require(call.pod, documents.SSE, documents.STREAM)
    if call.pod.events.streams >= events.MOST_STREAMS:
        raise errors.unwell(503, {})
    last = call.headers.get('Last-Event-ID', '')
    after = int(last) if last.isascii() and last.isdecimal() else None
    return exchange.Reply(
        headers={
            'Content-Type': 'text/event-stream',
            'Cache-Control': 'no-cache',
        },
        sending='stream',
        pieces=call.pod.events.stream(after),
    )


def _find(pod: pods.Pod, subscription_id: str) -> events.Subscription:
    path = f'{documents.PATH}/{subscription_id}'
    documents.require(pod, documents.PUSH, path)
    found = pod.events.subscriptions.get(subscription_id)
    if found is None:
        raise errors.unknown_endpoint(path)
    return found
