"""Compose systems of blocks, change them, take them apart."""

import dataclasses
from collections.abc import Callable

from valence.simulator import (
    computers,
    errors,
    exchange,
    shapes,
    validation,
)
from valence.simulator import personality as personalities
from valence.simulator import pod as pods
from valence.simulator.composition import blocks, choosing, systems
from valence.simulator.composition import shapes as own_shapes
from valence.simulator.composition.documents import systems as documents
from valence.simulator.composition.handlers import lookup
from valence.simulator.handlers import tasks


@tasks.acceptable
def compose(call: exchange.Call) -> tasks.Operation:
    """Make a system; the answer has the place and no body."""
    pod = call.pod
    request = call.json()
    validation.check(request, own_shapes.compose(pod.personality))
    _check_required(pod.personality, request)

    def choose() -> list[blocks.Block]:
        return choosing.choose(pod.composition, request)

    def act() -> exchange.Reply:
        system = pod.composition.compose(choose(), request)
        return exchange.Reply(201, headers={'Location': system.path})

    return tasks.Operation(choose, act)


def _check_required(
    personality: personalities.Personality, request: exchange.Json
) -> None:
    problems = []
    if not request.get('Name'):
        problems.append('Property Name is required.')
    links = request.get('Links') or {}
    constrained = personalities.CONSTRAINED in personality.compositions
    if not constrained and 'ResourceBlocks' not in links:
        problems.append('Property Links.ResourceBlocks is required.')
    if problems:
        raise errors.invalid_payload(*problems)


@tasks.acceptable
def delete(call: exchange.Call, system_id: str) -> tasks.Operation:
    """Take a system apart."""
    pod = call.pod
    find = _finder(call, system_id)

    def act() -> exchange.Reply:
        pod.composition.decompose(find())
        return exchange.no_content()

    return tasks.Operation(find, act)


def _finder(
    call: exchange.Call, system_id: str
) -> Callable[[], systems.System]:
    """Return what finds a system that is as the client knows it."""

    def find() -> systems.System:
        system = call.pod.composition.system(system_id)
        lookup.same_system(call.pod, system, lookup.if_match(call))
        return system

    return find


def patch(call: exchange.Call, system_id: str) -> exchange.Reply:
    """Change the boot override or the asset tag."""
    system = _finder(call, system_id)()
    body = call.json()
    validation.check(body, shapes.PATCH_SYSTEM)
    if not body:
        raise errors.invalid_payload('There is nothing to change.')
    condition = system.condition.with_boot(body.get('Boot') or {})
    if 'AssetTag' in body:
        # Null is a value here: it takes the tag off.
        condition = dataclasses.replace(condition, asset_tag=body['AssetTag'])
    system.condition = condition
    return exchange.Reply(document=documents.system(call.pod, system))


@tasks.acceptable
def reset(call: exchange.Call, system_id: str) -> tasks.Operation:
    """Change the power of a system."""
    composition = call.pod.composition
    composition.system(system_id)
    reset_type = computers.reset_type(call.json())

    def resettable() -> systems.System:
        system = composition.system(system_id)
        system.require_enabled('reset')
        return system

    def act() -> exchange.Reply:
        _reset(call.pod, resettable(), reset_type)
        return exchange.no_content()

    return tasks.Operation(resettable, act)


def _reset(pod: pods.Pod, system: systems.System, reset_type: str) -> None:
    pod.in_its_time(lambda: pod.composition.reset(system, reset_type))


@tasks.acceptable
def add_block(call: exchange.Call, system_id: str) -> tasks.Operation:
    """Add a resource block to a system."""
    composition = call.pod.composition
    return _change(call, system_id, composition.check_add, composition.add)


@tasks.acceptable
def remove_block(call: exchange.Call, system_id: str) -> tasks.Operation:
    """Remove a resource block from a system."""
    composition = call.pod.composition
    return _change(
        call, system_id, composition.check_remove, composition.remove
    )


def _change(
    call: exchange.Call,
    system_id: str,
    check: Callable[[systems.System, blocks.Block], None],
    change: Callable[[systems.System, blocks.Block], None],
) -> tasks.Operation:
    find = _changed(call, system_id)

    def act() -> exchange.Reply:
        change(*find())
        return exchange.no_content()

    return tasks.Operation(lambda: check(*find()), act)


def _changed(
    call: exchange.Call, system_id: str
) -> Callable[[], tuple[systems.System, blocks.Block]]:
    """Return what finds the system and the block that a request names."""
    pod: pods.Pod = call.pod
    pod.composition.system(system_id)
    body = call.json()
    validation.check(body, own_shapes.CHANGE_BLOCKS)
    if not body.get('ResourceBlock'):
        raise errors.invalid_payload('Property ResourceBlock is required.')
    (block,) = choosing.named(pod.composition, [body['ResourceBlock']])

    def find() -> tuple[systems.System, blocks.Block]:
        system = pod.composition.system(system_id)
        lookup.same_system(pod, system, body.get('ComputerSystemETag'))
        lookup.same_block(pod, block, body.get('ResourceBlockETag'))
        return system, block

    return find
