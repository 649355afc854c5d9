"""Goes through a service from its root, branch by branch.

A branch is what one property of the service root leads to. It is gone through
in waves: all that is linked to by one wave is read side by side, and makes
the next one. Each branch is read, told and forgotten before the next one is
begun, so that a walk needs no more memory than its largest branch.

What cannot be read becomes a Part that says so, and what it would have led to
is missing; nothing else is.
"""

from collections.abc import Iterator

from valence.common import exception
from valence.objects import hardware
from valence.objects.resource import url_key
from valence.podm import failures
from valence.podm.redfish import parse
from valence.podm.redfish.service import NoEnd, Service
from valence.podm.redfish.walk import reading, sizes, table
from valence.podm.redfish.walk.listing import Listing
from valence.podm.redfish.walk.reading import (
    Collection,
    Outcome,
    Resource,
    Target,
)

#: Resources that are followed in one walk.
MAX_TARGETS = 200_000


class Walk:
    """One walk through a service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._patience = reading.Patience(service)
        # By key, since links to one resource may be written in many ways.
        self._spellings: dict[str, str] = {}
        self._seen: set[tuple[str, str]] = set()

    def parts(self) -> Iterator[hardware.Part]:
        """Yield all that there is.

        :raises PodManagerError: if the server itself is not to be had, or
            has no end.
        """
        root = self._service.root()
        for way in table.KINDS[table.ROOT].ways:
            yield from _Branch(self._service, self).parts(root, way)

    def new_reading(self) -> reading.Reading:
        return reading.Reading(self._service, self._patience)

    def is_new(self, kind: str, path: str) -> bool:
        """Tell whether something is to be looked at, and has been then.

        :raises PodManagerMalformed: if there is too much.
        """
        place = kind, url_key(path)
        if place in self._seen:
            return False
        self._seen.add(place)
        if len(self._seen) > MAX_TARGETS:
            root = self._service.root().path
            raise self._service.client.malformed(
                root, 'it has too many resources'
            )
        return True

    def spelt(self, url: str) -> str:
        """Give the spelling in which a url was told first."""
        return self._spellings.setdefault(url_key(url), url)


class _Branch:
    """What one property of the service root leads to."""

    def __init__(self, service: Service, walk: Walk) -> None:
        self._walk = walk
        self._reading = walk.new_reading()
        self._listings: list[Listing] = []
        self._failed: list[hardware.Part] = []
        # What it begins with, if that is a collection.
        self._first: str | None = None

    def parts(
        self, root: parse.Document, way: table.Way
    ) -> Iterator[hardware.Part]:
        targets = self._follow(root, way)
        while targets:
            outcomes = self._reading.each(targets)
            pairs = zip(targets, outcomes, strict=True)
            targets = [
                found
                for target, outcome in pairs
                for found in self._take(target, outcome)
            ]
        for listing in self._listings:
            if listing.tells:
                yield listing.part(self._walk.spelt, self._size)
        yield from self._failed

    def _take(self, target: Target, outcome: Outcome) -> list[Target]:
        """Note what was read; give what is to be read next."""
        if isinstance(target, Resource):
            return self._take_resource(target, outcome)
        listing = target.listing
        if not isinstance(outcome.error, NoEnd):
            for document in outcome.documents:
                listing.add(document, *document.members_field())
        if outcome.error is not None:
            listing.fail(outcome.error)
        return self._resources(listing)

    def _take_resource(
        self, target: Resource, outcome: Outcome
    ) -> list[Target]:
        kind, member = target.kind, target.member
        if outcome.error is not None:
            if member is not None and member.is_unknown:
                member.listing.fail(outcome.error, target.path)
            else:
                self._fail(outcome.error, target.path, table.below(kind))
            return []
        (document,) = outcome.documents
        if member is not None:
            member.url = document.url()
            member.type = table.type_of(kind, document)
            member.document = document
        return [
            found
            for way in table.KINDS[kind].ways
            for found in self._follow(document, way)
        ]

    def _follow(
        self, document: parse.Document, way: table.Way
    ) -> list[Target]:
        """Give what is to be read of what a property leads to."""
        value = document.value(*way.field)
        if value is None:
            return []
        if isinstance(value, list) and way.names:
            listing = self._list(document.path, way.to)
            listing.add(document, *way.field)
            return self._resources(listing)
        try:
            path = document.link(*way.field)
            if path is None:
                raise document.lacks('/'.join((*way.field, '@odata.id')))
        except exception.PodManagerMalformed as error:
            self._fail(error, document.path, table.types(way.to))
            return []
        if not self._walk.is_new(way.to, path):
            return []
        if way.alone:
            return [Resource(way.to, path)]
        return [Collection(self._list(path, way.to), self._levels(path, way))]

    def _resources(self, listing: Listing) -> list[Target]:
        """Give the members that lead to others."""
        kind = listing.kind
        if not table.KINDS[kind].ways:
            return []
        return [
            Resource(kind, member.url, member)
            for member in listing.members.values()
            if self._walk.is_new(kind, member.url)
        ]

    def _list(self, path: str, kind: str) -> Listing:
        listing = Listing(path, kind)
        self._listings.append(listing)
        return listing

    def _levels(self, path: str, way: table.Way) -> int:
        """Give how many levels of a collection to ask for at once.

        Where the first was not to be had so, the others are not asked.
        """
        if self._first is None:
            self._first = path
        elif not self._reading.snapshot.expands(self._first):
            return 0
        return table.levels(way.to)

    def _fail(
        self,
        error: exception.PodManagerError,
        path: str,
        types: frozenset[str],
    ) -> None:
        why = failures.told(error, path)
        self._failed.append(hardware.Part(path.rstrip('/'), types, error=why))

    def _size(self, url: str, system: parse.Document) -> hardware.Size:
        return sizes.size(self._reading.snapshot, system, url)
