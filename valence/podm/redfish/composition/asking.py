"""Asks a CompositionService for a node, in the best way that it offers.

That in which the service chooses comes first, since only the service knows
all that its blocks depend on; then the system with its blocks named, then a
manifest. Each request makes a whole node, or nothing.
"""

from collections.abc import Callable, Container

from valence.common import exception
from valence.objects import hardware
from valence.objects.requirements import Requirements
from valence.objects.resource import url_key
from valence.podm.redfish import monitors
from valence.podm.redfish.composition import blocks, bodies, refusals
from valence.podm.redfish.composition.blocks import Block
from valence.podm.redfish.composition.offer import Offer
from valence.podm.redfish.composition.reservation import Taken, reserved
from valence.podm.redfish.composition.selection import Selection
from valence.podm.redfish.service import Service
from valence.podm.redfish.snapshot import MAX_LEVELS, Snapshot

#: Choices of blocks for one node: each after the one before was taken.
_MOST_CHOICES = 5

Made = str | hardware.Pending | None


class Asking:
    """One node that is asked for.

    :param service: the service, as it is now.
    :param named: the node's name and description.
    :param tag: what is in one of them.
    :param is_member: tells whether a path may be that of a system.
    """

    def __init__(
        self,
        service: Service,
        offer: Offer,
        *,
        named: bodies.Body,
        tag: str,
        wanted: Requirements,
        is_member: Callable[[str], bool],
    ) -> None:
        self._service = service
        self._offer = offer
        self._named = named
        self._tag = tag
        self._wanted = wanted
        self._is_member = is_member

    def ask(self) -> Made:
        """Give the url of the node, or what goes on; None if not told.

        :raises NoMatchingSystem:
        """
        self._offer.check_enabled()
        if not self._offer.constrained:
            return self._ask_by_blocks()
        try:
            return self._ask_by_constraints()
        except exception.NoMatchingSystem:
            # It may have been asked in a way that it does not see through.
            if not self._offer.lists_blocks:
                raise
            return self._ask_by_blocks()

    def _ask_by_constraints(self) -> Made:
        refused = exception.NoMatchingSystem(detail='')
        for body in bodies.constrained(self._named, self._wanted):
            try:
                with refusals.no_match():
                    return self._post(body)
            except exception.NoMatchingSystem as error:
                refused = error
        raise refused

    def _ask_by_blocks(self) -> Made:
        avoided: set[str] = set()
        last: exception.NoMatchingSystem | None = None
        for _choice in range(_MOST_CHOICES):
            try:
                chosen = self._choose(avoided)
            except exception.NoMatchingSystem as error:
                raise last or error from None
            urls = [block.url for block in chosen]
            try:
                with reserved(self._service, chosen, self._tag):
                    return self._compose(bodies.specific(self._named, urls))
            except Taken as taken:
                avoided.add(taken.url)
            except exception.PodManagerRefused as error:
                if not refusals.is_taken(error):
                    raise
                # It may still say that it is free.
                avoided.add(urls[0])
                last = refusals.nothing(error)
        raise last or exception.NoMatchingSystem(
            detail='Others took the resource blocks first, '
            f'{_MOST_CHOICES} times.'
        )

    def _choose(self, avoided: Container[str]) -> list[Block]:
        service = Snapshot(self._service)
        found = read_blocks(service, self._offer)
        selection = Selection(
            service, self._wanted, self._tag, self._offer.limits()
        )
        return selection.choose(
            [block for block in found if block.url not in avoided]
        )

    def _compose(self, body: bodies.Body) -> Made:
        offer, client = self._offer, self._service.client
        target = None if offer.specific else offer.compose_target
        if target is None:
            return self._post(body)
        answer = client.send('POST', target, bodies.compose(body))
        pending = monitors.pending(client, answer)
        if pending is not None:
            return pending
        return refusals.check_stanza(client, answer).own_path()

    def _post(self, body: bodies.Body) -> Made:
        client, systems = self._service.client, self._offer.systems
        answer = client.send('POST', systems, body)
        return monitors.made(client, answer, self._is_member)


def read_blocks(
    service: Snapshot, offer: Offer, levels: int = MAX_LEVELS
) -> list[Block]:
    """Read all resource blocks, with the zones that they are in.

    :param levels: how much below them is needed, too.
    """
    service.load(offer.blocks, levels)
    zones: dict[str, list[str]] = {}
    for url in offer.zones:
        zone = service.find(url)
        for path in zone.find_links('Links', 'ResourceBlocks') if zone else ():
            zones.setdefault(url_key(path), []).append(url)

    def read(path: str) -> Block | None:
        document = service.find(path)
        if document is None:
            return None
        return blocks.read(document, zones.get(url_key(path), ()))

    found = service.each(read, service.members(offer.blocks))
    return [block for block in found if block is not None]
