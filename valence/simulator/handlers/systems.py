"""Change computer systems, whether or not they are in a node."""

import dataclasses

from valence.simulator import computers, errors, exchange, shapes, validation
from valence.simulator.documents import systems as documents
from valence.simulator.handlers import lookup, tasks


@tasks.acceptable
def reset(call: exchange.Call, system_id: str) -> tasks.Operation:
    """Change the power of a system."""
    pod = call.pod
    index = lookup.system(pod, system_id)
    reset_type = computers.reset_type(call.json())

    def act() -> exchange.Reply:
        pod.reset_system(index, reset_type)
        return exchange.no_content()

    # What could be wrong has been looked at already.
    return tasks.Operation(lambda: None, act)


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
