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
from valence.simulator.handlers import tasks


@tasks.acceptable
def allocate(call: exchange.Call) -> tasks.Operation:
    """Reserve a system; the answer has the place and no body."""
    request = call.json()
    validation.check(request, shapes.allocate(call.pod.personality))
    pod = call.pod

    def act() -> exchange.Reply:
        location = documents.path_of(pod.allocate(request))
        return exchange.Reply(201, headers={'Location': location})

    return tasks.Operation(lambda: pod.find_system(request), act)


@tasks.acceptable
def assemble(call: exchange.Call, node_id: str) -> tasks.Operation:
    """Begin to assemble; the node's state tells how it goes on."""
    pod = call.pod

    def act() -> exchange.Reply:
        pod.assemble(pod.node(node_id))
        return exchange.no_content()

    return tasks.Operation(
        lambda: pod.node(node_id).require_assemblable(), act
    )


@tasks.acceptable
def reset(call: exchange.Call, node_id: str) -> tasks.Operation:
    """Reset the system of a node."""
    pod = call.pod
    pod.node(node_id)
    reset_type = computers.reset_type(call.json())

    def resettable() -> nodes.Node:
        node = pod.node(node_id)
        node.require(nodes.RESETTABLE, 'reset')
        return node

    def act() -> exchange.Reply:
        pod.reset_system(resettable().system, reset_type)
        return exchange.no_content()

    return tasks.Operation(resettable, act)


def patch(call: exchange.Call, node_id: str) -> exchange.Reply:
    """Change the boot override, or what happens on deletion."""
    node = call.pod.node(node_id)
    body = call.json()
    kind = call.pod.personality
    validation.check(body, shapes.patch_node(kind))
    if all(each is None for each in body.values()):
        raise errors.invalid_payload('There is nothing to change.')
    if body.get('Boot') is not None:
        state = call.pod.state_of(node.system)
        call.pod.set_state(node.system, state.with_boot(body['Boot']))
    node.choose(body, kind)
    extension = (body.get('Oem') or {}).get('Intel_RackScale') or {}
    node.tag(extension.get('TaggedValues') or {})
    return exchange.Reply(document=documents.node(call.pod, node))


@tasks.acceptable
def delete(call: exchange.Call, node_id: str) -> tasks.Operation:
    """Take a node apart."""
    pod = call.pod

    def act() -> exchange.Reply:
        pod.delete(pod.node(node_id))
        return exchange.no_content()

    return tasks.Operation(lambda: pod.node(node_id), act)
