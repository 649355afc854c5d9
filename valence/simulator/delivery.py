"""Send events to the destinations of subscriptions, by HTTP.

With the pipeline, the listener and the responses, all that knows the HTTP
library.  A destination that does not answer loses the event after a few
attempts; the subscription stays.
"""

import asyncio
import collections

import aiohttp

from valence.simulator import events

ATTEMPTS = 3
PAUSE_SECONDS = 1

_TIMEOUT = aiohttp.ClientTimeout(total=10)
_FIRST_ERROR = 300


async def deliver(
    subscription: events.Subscription, counts: collections.Counter[str]
) -> None:
    """Send the events of a subscription, one by one, until cancelled."""
    # A destination of a test has a certificate of its own making.
    connector = aiohttp.TCPConnector(ssl=False, force_close=True)
    async with aiohttp.ClientSession(
        connector=connector, timeout=_TIMEOUT
    ) as session:
        while (event := await subscription.queue.get()) is not None:
            sent = await _sent(session, subscription, event)
            counts['delivered' if sent else 'failed'] += 1


async def _sent(
    session: aiohttp.ClientSession,
    subscription: events.Subscription,
    event: events.Event,
) -> bool:
    document = event.document(subscription.context)
    headers = subscription.values.get('HttpHeaders') or []
    merged = {name: str(v) for each in headers for name, v in each.items()}
    for attempt in range(ATTEMPTS):
        if attempt:
            await asyncio.sleep(PAUSE_SECONDS)
        try:
            async with session.post(
                subscription.destination,
                json=document,
                headers=merged,
                allow_redirects=False,
            ) as answer:
                if answer.status < _FIRST_ERROR:
                    return True
        except (aiohttp.ClientError, TimeoutError):
            continue
    return False
