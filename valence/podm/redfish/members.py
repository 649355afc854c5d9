"""All members of a collection at once, as many as are to be had."""

import logging

from valence.common import exception
from valence.podm.redfish import parse
from valence.podm.redfish.service import OF_ONE
from valence.podm.redfish.snapshot import Snapshot

LOG = logging.getLogger(__name__)


def read_members(service: Snapshot, path: str | None) -> list[parse.Document]:
    """Read the members of a collection, in their order.

    :param path: None for a collection that there is not.
    :raises PodManagerError: if the server is not to be had, or none of them.
    """
    if path is None:
        return []
    service.load(path, levels=1)
    failures: list[exception.PodManagerError] = []

    def read(member: str) -> parse.Document | None:
        try:
            return service.get(member)
        except OF_ONE as error:
            LOG.info('A member is left out: %s', error)
            failures.append(error)
            return None

    read_all = service.each(read, service.members(path))
    found = [document for document in read_all if document is not None]
    if failures and not found:
        raise failures[0]
    return found
