"""Change computer systems, whether or not they are in a node."""

import dataclasses

from valence.simulator import computers, errors, exchange, shapes, validation
from valence.simulator.documents import systems as documents
from valence.simulator.handlers import lookup


def reset(call: exchange.Call, system_id: str) -> exchange.Reply:
    """Change the power of a system."""
    index = lookup.system(call.pod, system_id)
    call.pod.reset_system(index, computers.reset_type(call.json()))
    return exchange.no_content()


def patch(call: exchange.Call, system_id: str) -> exchange.Reply:
    """Change the boot override or the asset tag."""
    index = lookup.system(call.pod, system_id)
    body = call.json()
    validation.check(body, shapes.PATCH_SYSTEM)
    if not body:
        raise errors.invalid_payload('There is nothing to change.')
    state = call.pod.state_of(index).with_boot(body.get('Boot') or {})
    if 'AssetTag' in body:
        # Null is a value here: it takes the tag off.
        state = dataclasses.replace(state, asset_tag=body['AssetTag'])
    call.pod.set_state(index, state)
    return exchange.Reply(document=documents.system(call.pod, index))
