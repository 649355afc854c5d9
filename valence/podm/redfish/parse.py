"""Typed reading of what a pod manager sent.

Servers leave properties out, and send numbers for strings. What we can do
without is None when it is missing or of another type; what we cannot do
without raises :class:`~valence.common.exception.PodManagerMalformed` with
the path and the field. Links always obey the same-origin rule.
"""

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from valence.common import exception, http_answer
from valence.objects.resource import url_key

LOG = logging.getLogger(__name__)

#: No hardware has as much of anything; nor can JSON tell it exactly.
_MOST = 2**63


#: As many paths are named in an error.
_MOST_TOLD = 20


class Source(Protocol):
    """The server that a document came from."""

    def path_of(self, link: object, source: str) -> str:
        """Turn a link into a path at the server."""

    def malformed(
        self, path: str, reason: str
    ) -> exception.PodManagerMalformed:
        """Give the error for a document that cannot be used."""


class Document:
    """A resource, or a part of one, with the path that it came from.

    Fields are named by the way to them: ``text('Status', 'Health')``.

    :param within: the way to the part, which errors tell.
    """

    def __init__(
        self,
        source: Source,
        path: str,
        raw: Mapping[str, Any],
        within: tuple[str, ...] = (),
    ) -> None:
        self._source = source
        self.path = path
        self.raw = raw
        self._within = within

    def value(self, *field: str) -> Any:
        """Give a field as it was sent; None if it is not there."""
        found: Any = self.raw
        for name in field:
            if not isinstance(found, dict):
                return None
            found = found.get(name)
        return found

    def text(self, *field: str) -> str | None:
        value = self.value(*field)
        return value if isinstance(value, str) else None

    def number(self, *field: str) -> int | float | None:
        value = self.value(*field)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return value if abs(value) < _MOST else None

    def whole(self, *field: str) -> int | None:
        number = self.number(*field)
        return None if number is None else int(number)

    def flag(self, *field: str) -> bool | None:
        """Give a boolean, which some servers send as a string."""
        value = self.value(*field)
        if isinstance(value, str):
            return {'true': True, 'false': False}.get(value.lower())
        return value if isinstance(value, bool) else None

    def texts(self, *field: str) -> list[str]:
        value = self.value(*field)
        values = value if isinstance(value, list) else []
        return [each for each in values if isinstance(each, str)]

    def part(self, *field: str) -> 'Document':
        """Give an object inside; an empty one if it is not there."""
        value = self.value(*field)
        raw = value if isinstance(value, Mapping) else {}
        return Document(self._source, self.path, raw, self._within + field)

    def parts(self, *field: str) -> list['Document']:
        """Give the objects of a list inside."""
        value = self.value(*field)
        values = value if isinstance(value, list) else []
        return [
            Document(self._source, self.path, each, self._within + field)
            for each in values
            if isinstance(each, Mapping)
        ]

    def identity(self) -> str:
        """Give the Id, or what the path ends with."""
        value = self.value('Id')
        if isinstance(value, str | int) and not isinstance(value, bool):
            return str(value)
        return self.path.rstrip('/').rpartition('/')[2]

    def link(self, *field: str) -> str | None:
        """Give the path that a link leads to; None if there is none.

        :raises PodManagerMalformed: if the link must not be followed.
        """
        return next(iter(self.links(*field)), None)

    def links(self, *field: str) -> list[str]:
        """Give the paths of a list of links, or of a single one."""
        return [self.path_of(link, *field) for link in self._links(*field)]

    def find_link(self, *field: str) -> str | None:
        """Give a link that can be done without, unless it is of no use."""
        return next(iter(self.find_links(*field)), None)

    def find_links(self, *field: str) -> list[str]:
        """Give those links that can be done without and are of use."""
        found = (self.find_path(link, *field) for link in self._links(*field))
        return [path for path in found if path is not None]

    def members_field(self) -> tuple[str, ...]:
        """Give the way to a collection's members; some have it in Links.

        :raises PodManagerMalformed: if there is no list of them.
        """
        for field in (('Members',), ('Links', 'Members')):
            if isinstance(self.value(*field), list):
                return field
        raise self.lacks('Members')

    def next_page(self) -> str | None:
        """Give the path of a collection's next page, if there is one.

        :raises PodManagerMalformed: if it must not be followed.
        """
        following = self.value('Members@odata.nextLink')
        if not following:
            return None
        return self.path_of(following, 'Members@odata.nextLink')

    def path_of(self, link: object, *field: str) -> str:
        """Give the path that something sent here leads to.

        :param field: that it was sent as.
        :raises PodManagerMalformed: if it must not be followed.
        """
        try:
            return self._source.path_of(link, self.path)
        except exception.PodManagerMalformed as error:
            reason = f'{self._named(*field)}: {error.kwargs["reason"]}'
        raise self._source.malformed(self.path, reason)

    def find_path(self, link: object, *field: str) -> str | None:
        """Give the path of a link that can be done without."""
        try:
            return self.path_of(link, *field)
        except exception.PodManagerMalformed as error:
            LOG.info('Done without a link: %s', error)
            return None

    def own_path(self) -> str | None:
        """Give the path that a resource says it is at."""
        own = self.value('@odata.id')
        return None if own is None else self.path_of(own, '@odata.id')

    def url(self) -> str:
        """Give the path of a resource in the server's own spelling.

        Some send the same link in lower case, or with a trailing slash.
        """
        try:
            own = self.own_path()
        except exception.PodManagerMalformed:
            own = None
        known = own is not None and url_key(own) == url_key(self.path)
        return own if known and own else self.path

    def target(self, *field: str) -> str:
        """Give the path of something that is needed.

        :raises PodManagerMalformed: if it is not there.
        """
        value = self.value(*field)
        if value is None:
            raise self.lacks('/'.join(field))
        return self.path_of(value, *field)

    def _links(self, *field: str) -> list[Any]:
        """Give what links lead to, as it was sent."""
        value = self.value(*field)
        values = value if isinstance(value, list) else [value]
        return [
            each['@odata.id']
            for each in values
            if isinstance(each, Mapping) and each.get('@odata.id') is not None
        ]

    def lacks(self, field: str) -> exception.PodManagerMalformed:
        """Give the error for a field that is missing, or of a wrong type."""
        return self._source.malformed(
            self.path, f'{self._named(field)} is missing or of a wrong type'
        )

    def has_too_many(self, *field: str) -> exception.PodManagerMalformed:
        """Give the error for a list that is too long."""
        return self._source.malformed(
            self.path, f'{self._named(*field)} has too many members'
        )

    def _named(self, *field: str) -> str:
        return '/'.join((*self._within, *field))


def answered(source: Source, answer: http_answer.Answer) -> Document:
    """Give the body of an answer; an empty one where it is no object."""
    raw = answer.document()
    return Document(source, answer.path, raw if isinstance(raw, dict) else {})


def same(path: str, paths: Iterable[str]) -> str | None:
    """Give the one of some paths that leads where another does."""
    return next(
        (each for each in paths if url_key(each) == url_key(path)), None
    )


def word(text: str) -> re.Pattern[str]:
    """Give what finds a tag as a word; a hyphen is a part of words."""
    return re.compile(rf'(?<![\w-]){re.escape(text)}(?![\w-])')


def allowed(holder: Document, name: str) -> list[str]:
    """Give what a property may be set to; nothing if that is not told.

    Older pod managers annotate with ``@DMTF`` (RSD 1 and 2.1).
    """
    for owner in ('Redfish', 'DMTF'):
        values = holder.texts(f'{name}@{owner}.AllowableValues')
        if values:
            return values
    return []


def check_allowed(holder: Document, name: str, value: str) -> None:
    """Check a value before it is sent.

    :raises UnsupportedValue: if the server tells what it allows, and that
        is something else.
    """
    values = allowed(holder, name)
    if values and value not in values:
        raise exception.UnsupportedValue(
            field=name, value=value, allowed=', '.join(values)
        )


def check_one_of(name: str, path: str, paths: Sequence[str]) -> str:
    """Check a link before it is sent; give it in the server's spelling.

    :param name: of what is sent.
    :param paths: what the server allows.
    :raises UnsupportedValue: if it is something else.
    """
    found = same(path, paths)
    if found is None:
        raise exception.UnsupportedValue(
            field=name,
            value=path,
            allowed=', '.join(paths[:_MOST_TOLD]) or 'nothing just now',
        )
    return found
