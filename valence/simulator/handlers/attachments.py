"""Attach drives and volumes to composed nodes, and take them back."""

from valence.simulator import (
    errors,
    exchange,
    nodes,
    pooled,
    shapes,
    validation,
)
from valence.simulator import pod as pods
from valence.simulator.handlers import tasks


@tasks.acceptable
def attach(call: exchange.Call, node_id: str) -> tasks.Operation:
    """Give a node what nobody has."""
    pod = call.pod
    pod.node(node_id)
    body = call.json()
    validation.check(body, shapes.attach(pod.personality))
    item = _item(pod, body)
    _check_size(item, body)

    def attachable() -> nodes.Node:
        node = _ready(pod, node_id, 'attach')
        pod.pool.require_free(item)
        return node

    def act() -> exchange.Reply:
        pod.pool.take(item, attachable().id)
        return exchange.no_content()

    return tasks.Operation(attachable, act)


@tasks.acceptable
def detach(call: exchange.Call, node_id: str) -> tasks.Operation:
    """Take from a node what it was given."""
    pod = call.pod
    pod.node(node_id)
    body = call.json()
    validation.check(body, shapes.DETACH)
    item = _item(pod, body)

    def detachable() -> None:
        node = _ready(pod, node_id, 'detach')
        pod.pool.require_held(item, node.id)

    def act() -> exchange.Reply:
        detachable()
        pod.pool.give_back(item)
        return exchange.no_content()

    return tasks.Operation(detachable, act)


def _ready(pod: pods.Pod, node_id: str, action: str) -> nodes.Node:
    node = pod.node(node_id)
    node.require(nodes.RESETTABLE, action)
    return node


def _item(pod: pods.Pod, body: exchange.Json) -> pooled.Item:
    path = (body.get('Resource') or {}).get('@odata.id')
    if path is None:
        raise errors.invalid_payload('Property Resource is required.')
    return pod.pool.find(path)


def _check_size(item: pooled.Item, body: exchange.Json) -> None:
    if (body.get('CapacityGiB') or 0) > item.capacity_gib:
        raise errors.invalid_payload(
            f'Resource {item.path} has {item.capacity_gib} GiB and no more.'
        )
