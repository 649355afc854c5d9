"""Compose, assemble, reset, change and take apart nodes."""

from valence.simulator import (
    computers,
    errors,
    exchange,
    nodes,
    shapes,
    validation,
)
from valence.simulator.documents import nodes as documents


def allocate(call: exchange.Call) -> exchange.Reply:
    """Reserve a system; the answer has the place and no body."""
    request = call.json()
    validation.check(request, shapes.ALLOCATE)
    node = call.pod.allocate(request)
    return exchange.Reply(201, headers={'Location': documents.path_of(node)})


def assemble(call: exchange.Call, node_id: str) -> exchange.Reply:
    """Begin to assemble; the node's state tells how it goes on."""
    call.pod.assemble(call.pod.node(node_id))
    return exchange.no_content()


def reset(call: exchange.Call, node_id: str) -> exchange.Reply:
    """Reset the system of a node."""
    node = call.pod.node(node_id)
    reset_type = computers.reset_type(call.json())
    node.require(nodes.RESETTABLE, 'reset')
    call.pod.reset_system(node.system, reset_type)
    return exchange.no_content()


def patch(call: exchange.Call, node_id: str) -> exchange.Reply:
    """Change the boot override, or what happens on deletion."""
    node = call.pod.node(node_id)
    body = call.json()
    validation.check(body, shapes.PATCH_NODE)
    boot = body.get('Boot')
    clear_tpm = body.get('ClearTPMOnDelete')
    if boot is None and clear_tpm is None:
        raise errors.invalid_payload('There is nothing to change.')
    if boot is not None:
        state = call.pod.state_of(node.system)
        call.pod.set_state(node.system, state.with_boot(boot))
    if clear_tpm is not None:
        node.clear_tpm = clear_tpm
    return exchange.Reply(document=documents.node(call.pod, node))


def delete(call: exchange.Call, node_id: str) -> exchange.Reply:
    """Take a node apart."""
    call.pod.delete(call.pod.node(node_id))
    return exchange.no_content()
