"""Reserve resource blocks, and let go of them."""

from valence.simulator import errors, exchange, validation
from valence.simulator.composition import blocks, refusals, shapes, state
from valence.simulator.composition.documents import blocks as documents
from valence.simulator.composition.handlers import lookup


def patch(call: exchange.Call, block_id: str) -> exchange.Reply:
    """Change who has reserved a block.

    It must be told which version is changed, or two clients could
    reserve it one after the other and both believe it theirs.
    """
    one = lookup.block(call.pod, block_id)
    body = call.json()
    validation.check(body, shapes.PATCH_BLOCK)
    known = lookup.if_match(call)
    if known is None:
        raise refusals.precondition_required()
    lookup.same_block(call.pod, one, known)
    reserved = (body.get('CompositionStatus') or {}).get('Reserved')
    if reserved is None and 'Client' not in body:
        raise errors.invalid_payload('There is nothing to change.')
    _change(call.pod.composition, one, reserved, body)
    return exchange.Reply(document=documents.block(call.pod, one))


def _change(
    composition: state.Composition,
    one: blocks.Block,
    reserved: bool | None,
    body: exchange.Json,
) -> None:
    holds = composition.holds
    if reserved and composition.system_on(one) is not None:
        raise refusals.Refusal(409, [refusals.in_use(one.id)])
    if _is_of_another(composition, one, reserved, body.get('Client')):
        reason = refusals.reserved(one.id, holds.holder(one))
        raise refusals.Refusal(409, [reason])
    if reserved is False:
        holds.drop(one)
    if 'Client' in body:
        holds.label(one, body['Client'])
    if reserved:
        holds.take([one])


def _is_of_another(
    composition: state.Composition,
    one: blocks.Block,
    reserved: bool | None,
    client: str | None,
) -> bool:
    hold = composition.holds.of(one)
    if hold is None:
        return False
    if hold.reservation is not None:
        return True
    # Whoever has it can keep it for longer, and anybody give it up.
    own = client is not None and client == composition.holds.client(one)
    return reserved is not False and not own
