"""The routes by which tests look inside a pod and make it misbehave.

They are outside of /redfish, take no credentials, and no mode touches
them, or a pod that is away could not be called back.
"""

from collections.abc import Callable

from valence.simulator import errors, exchange

PREFIX = '/simulator'


def stats(call: exchange.Call) -> exchange.Reply:
    """Return counters and composed nodes."""
    return exchange.Reply(document=call.pod.stats())


def modes(call: exchange.Call) -> exchange.Reply:
    """Return the modes that are set."""
    return exchange.Reply(document=call.pod.stats()['modes'])


def set_modes(call: exchange.Call) -> exchange.Reply:
    """Set the modes in the body; null or false clears one."""
    try:
        call.pod.set_modes(**call.json())
    except ValueError as exc:
        raise errors.invalid_payload(str(exc)) from exc
    return modes(call)


def clear_modes(call: exchange.Call) -> exchange.Reply:
    """Return to the modes the pod began with."""
    call.pod.clear_modes()
    return modes(call)


_ROUTES: dict[str, dict[str, Callable[[exchange.Call], exchange.Reply]]] = {
    'stats': {'GET': stats},
    'modes': {'GET': modes, 'POST': set_modes, 'DELETE': clear_modes},
}


def handle(call: exchange.Call) -> exchange.Reply:
    """Answer a request outside of /redfish.

    :raises RedfishError: 404, 405, or 400 for a wrong mode
    """
    name = call.path.removeprefix(f'{PREFIX}/').rstrip('/')
    methods = _ROUTES.get(name)
    if methods is None:
        raise errors.unknown_endpoint(call.path)
    handler = methods.get(call.method)
    if handler is None:
        raise errors.wrong_method(call.method, methods)
    return handler(call)
