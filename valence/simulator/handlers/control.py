"""The routes by which tests look inside a pod and make it misbehave.

They are outside of /redfish, take no credentials, and no mode touches
them, or a pod that is away could not be called back.  ``pod=NUMBER``
reaches another pod of the process, as a dead one has no port.
"""

import dataclasses
import urllib.parse
from collections.abc import Callable, Mapping

from valence.simulator import errors, exchange, guard, routing, validation
from valence.simulator import pod as pods

PREFIX = '/simulator'

_NODE: validation.Shape = {'description': str, 'name': str}


def stats(call: exchange.Call) -> exchange.Reply:
    """Return counters and composed nodes."""
    return exchange.Reply(document=call.pod.stats())


def modes(call: exchange.Call) -> exchange.Reply:
    """Return the modes that are set."""
    return exchange.Reply(document=call.pod.stats()['modes'])


def set_modes(call: exchange.Call) -> exchange.Reply:
    """Set the modes in the body; false is off, null as it began."""
    try:
        call.pod.set_modes(**call.json())
    except ValueError as exc:
        raise errors.invalid_payload(str(exc)) from exc
    return modes(call)


def clear_modes(call: exchange.Call) -> exchange.Reply:
    """Return to the modes the pod began with."""
    call.pod.clear_modes()
    return modes(call)


def appear(call: exchange.Call) -> exchange.Reply:
    """Make a node that nobody asked for."""
    body = call.json()
    validation.check(body, _NODE)
    node_id = call.pod.appear(
        body.get('description') or '', body.get('name') or ''
    )
    return exchange.Reply(201, {'id': node_id})


def forget(call: exchange.Call, node_id: str) -> exchange.Reply:
    """Let a node vanish."""
    call.pod.forget(node_id)
    return exchange.no_content()


_ROUTES: dict[tuple[str, int], dict[str, Callable[..., exchange.Reply]]] = {
    ('stats', 0): {'GET': stats},
    ('modes', 0): {'GET': modes, 'POST': set_modes, 'DELETE': clear_modes},
    ('nodes', 0): {'POST': appear},
    ('nodes', 1): {'DELETE': forget},
}


def answer(
    call: exchange.Call, siblings: Mapping[int, pods.Pod]
) -> exchange.Reply:
    """Return the answer to a request outside of /redfish.

    :param siblings: all pods of the process, by number
    """
    name = f'{call.method} {call.path}'
    return guard.guarded(name, lambda: _handle(call, siblings))


def _handle(
    call: exchange.Call, siblings: Mapping[int, pods.Pod]
) -> exchange.Reply:
    name, *ids = routing.segments(call.path.removeprefix(PREFIX)) or ['']
    methods = _ROUTES.get((name, len(ids)))
    if methods is None:
        raise errors.unknown_endpoint(call.path)
    handler = methods.get(call.method)
    if handler is None:
        raise errors.wrong_method(call.method, methods)
    pod = _pod_of(call, siblings)
    return handler(dataclasses.replace(call, pod=pod), *ids)


def _pod_of(call: exchange.Call, siblings: Mapping[int, pods.Pod]) -> pods.Pod:
    asked = urllib.parse.parse_qs(call.query, keep_blank_values=True)
    if 'pod' not in asked:
        return call.pod
    number = asked['pod'][-1]
    pod = siblings.get(int(number)) if number.isdecimal() else None
    if pod is None:
        raise errors.malformed_query(
            f'pod must be a number from {min(siblings)} to {max(siblings)}.'
        )
    return pod
