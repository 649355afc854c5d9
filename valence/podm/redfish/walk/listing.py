"""What a collection lists, or the links of a resource: a Part to be."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from valence.common import exception
from valence.objects import hardware
from valence.objects.resource import MAX_URL_LENGTH, url_key
from valence.podm import failures
from valence.podm.redfish import parse, service
from valence.podm.redfish.walk import table

LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Member:
    """A resource that is listed.

    :ivar url: path of it, as far as known in its own spelling.
    :ivar type: None where it is not known yet, or there is none.
    :ivar document: None until it was read.
    """

    listing: 'Listing'
    url: str
    type: str | None
    document: parse.Document | None = None

    @property
    def is_unknown(self) -> bool:
        """Tell whether it has a type that only its document tells."""
        kind = table.KINDS[self.listing.kind]
        return kind.type is not None and self.type is None


class Listing:
    """The resources of one kind in one place.

    :param path: of the collection, or of the resource that has the links.
    """

    def __init__(self, path: str, kind: str) -> None:
        self.path = path
        self.kind = kind
        self._members: dict[str, Member] = {}
        self._problems: list[str] = []
        self._type = table.type_of(kind, None)

    @property
    def members(self) -> Mapping[str, Member]:
        """By key of their paths."""
        return self._members

    @property
    def tells(self) -> bool:
        """Tell whether there is a Part to be made of it."""
        kind = table.KINDS[self.kind]
        return kind.type is not None or bool(self._problems)

    def add(self, document: parse.Document, *field: str) -> None:
        """Add what a list in a document names.

        What is no link may stand for a resource that is there: then this
        is not all. What is too long nobody can ever have stored; it is left
        out, and nothing is missing.
        """
        values = document.value(*field)
        if len(values) > service.MAX_MEMBERS:
            self.fail(document.has_too_many(*field))
            return
        paths = [self._path(document, value, field) for value in values]
        too_long = 0
        for path in filter(None, paths):
            if len(path) > MAX_URL_LENGTH:
                too_long += 1
            else:
                member = Member(self, path, self._type)
                self._members.setdefault(url_key(path), member)
        if too_long:
            LOG.warning(
                '%s: %d resources are left out, as their urls have more than '
                '%d characters',
                *(document.path, too_long, MAX_URL_LENGTH),
            )

    def _path(
        self, document: parse.Document, value: object, field: tuple[str, ...]
    ) -> str | None:
        """Give the path that a link leads to; None if it is no resource's."""
        link = value.get('@odata.id') if isinstance(value, dict) else None
        if isinstance(link, str) and link.partition('#')[2]:
            # A part of a resource, as the drives of old controllers.
            return None
        try:
            if link is None:
                raise document.lacks('/'.join((*field, '@odata.id')))
            return document.path_of(link, *field)
        except exception.PodManagerMalformed as error:
            self.fail(error)
            return None

    def fail(
        self, error: exception.PodManagerError, path: str | None = None
    ) -> None:
        """Note that some is missing.

        :param path: of what could not be read; None for the collection.
        """
        self._problems.append(failures.told(error, path or self.path))

    def part(
        self,
        spelt: Callable[[str], str],
        size: Callable[[str, parse.Document], hardware.Size],
    ) -> hardware.Part:
        """Give what was found.

        :param spelt: gives the one spelling of a url.
        :param size: gives the size of a system that was read.
        """
        members = self._members.values()
        found = [(spelt(each.url), each.type) for each in members]
        return hardware.Part(
            url=self.path.rstrip('/'),
            types=table.types(self.kind),
            found=[(url, kind) for url, kind in found if kind is not None],
            sizes=[
                size(spelt(each.url), each.document)
                for each in members
                if self.kind == table.SYSTEM and each.document is not None
            ],
            error=self._error(),
        )

    def _error(self) -> str | None:
        if not self._problems:
            return None
        first, *others = self._problems
        return f'{first} (and {len(others)} more)' if others else first
