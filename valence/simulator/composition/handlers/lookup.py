"""Find what the ids in a path mean, or answer 404; compare ETags."""

from valence.simulator import errors, etags, exchange
from valence.simulator import pod as pods
from valence.simulator.composition import blocks, systems
from valence.simulator.composition.documents import blocks as block_documents
from valence.simulator.composition.documents import etags as own_etags
from valence.simulator.composition.documents import service
from valence.simulator.composition.documents import (
    systems as system_documents,
)
from valence.simulator.documents import common


def block(pod: pods.Pod, block_id: str) -> blocks.Block:
    """Return a block.

    :raises RedfishError: 404
    """
    found = blocks.find(pod.layout, block_id)
    if found is None:
        raise errors.unknown_endpoint(f'{blocks.PATH}/{block_id}')
    return found


def zone(zone_id: str) -> int:
    """Return the number of a zone.

    :raises RedfishError: 404
    """
    for number in blocks.ZONES:
        if zone_id == str(number):
            return number
    raise errors.unknown_endpoint(f'{service.ZONES}/{zone_id}')


def same_block(pod: pods.Pod, one: blocks.Block, known: str | None) -> None:
    """Raise unless a block is as the client knows it.

    :param known: its ETag, or several; None for any
    :raises RedfishError: 412
    """
    if known is not None:
        _same(block_documents.block(pod, one), known)


def same_system(pod: pods.Pod, one: systems.System, known: str | None) -> None:
    """Raise unless a system is as the client knows it.

    :param known: its ETag, or several; None for any
    :raises RedfishError: 412
    """
    if known is not None:
        _same(system_documents.system(pod, one), known)


def if_match(call: exchange.Call) -> str | None:
    """Return the ETags of which one must be the resource's."""
    return call.headers.get('If-Match')


def _same(document: common.Json, known: str) -> None:
    # As a parameter of an action a tag needs no quotes.
    quoted = known if '"' in known or known.strip() == '*' else f'"{known}"'
    if not etags.match(quoted, document[own_etags.ETAG]):
        raise errors.changed(document['@odata.id'])
