"""Holds resource blocks for one node while it is being asked for.

A block is reserved by a PATCH that names for whom, and that holds only if
nobody has changed the block since it was read (If-Match). Where a block
cannot tell for whom it is reserved it is left as it is: nobody could clear
what a process that died has reserved, and a system of blocks that somebody
took meanwhile is refused as a whole in any case. That is also why a service
that does not let us reserve is asked all the same. What is left reserved
nevertheless, the service clears after its ``ReservationDuration``.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from valence.common import exception
from valence.podm.redfish.composition import blocks
from valence.podm.redfish.service import Service

LOG = logging.getLogger(__name__)

#: Somebody else was there before us.
_TAKEN = frozenset({409, 412})


class Taken(Exception):
    """A block is not to be had any more.

    :ivar url: of the block.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


@contextmanager
def reserved(
    service: Service, chosen: Iterable[blocks.Block], client: str
) -> Iterator[None]:
    """Reserve blocks for what is done inside, as far as they can be.

    They stay reserved where the outcome of that is not known.

    :param client: for whom.
    :raises Taken: if one of them is not to be had any more.
    """
    held: list[str] = []
    try:
        for block in chosen:
            if block.can_be_reserved:
                held.append(block.url)
                if not block.is_reserved_for(client):
                    _reserve(service, block.url, client)
        yield
    except (
        Taken,
        exception.PodManagerRefused,
        exception.PodManagerUnauthorized,
    ):
        _release(service, held, client)
        raise
    _release(service, held, client)


def _reserve(service: Service, url: str, client: str) -> None:
    try:
        document, etag = service.get_with_etag(url)
    except exception.PodManagerResourceMissing:
        raise Taken(url) from None
    if document.flag('CompositionStatus', 'Reserved'):
        raise Taken(url)
    body = {'Client': client, 'CompositionStatus': {'Reserved': True}}
    try:
        service.client.send('PATCH', url, body, if_match=etag)
    except exception.PodManagerRefused as error:
        if error.kwargs['answer'] in _TAKEN:
            raise Taken(url) from None
        LOG.info('The block %s is not reserved: %s', url, error)


def _release(service: Service, urls: Iterable[str], client: str) -> None:
    for url in urls:
        try:
            document, etag = service.get_with_etag(url)
            if blocks.read(document).is_reserved_for(client):
                body = {'CompositionStatus': {'Reserved': False}}
                service.client.send('PATCH', url, body, if_match=etag)
        except exception.PodManagerError as error:
            if error.kwargs.get('answer') in _TAKEN:
                LOG.debug('The block %s was composed just now.', url)
            else:
                LOG.warning('The block %s stays reserved: %s', url, error)
