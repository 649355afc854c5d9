"""The service root, and what is found by following its links.

No path is ever built: where a service keeps its systems or nodes is its own
affair. Intel RSD links to what it adds at the top of the root (2.1) or below
``Oem.Intel_RackScale`` (since 2.2).
"""

import contextvars
import itertools
import logging
import math
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent import futures
from typing import ClassVar, TypeVar

from valence.common import exception, http_client
from valence.podm import failures
from valence.podm.redfish import parse

LOG = logging.getLogger(__name__)

ROOT = '/redfish/v1/'

#: Bounds of a collection: members in all, and pages.
MAX_MEMBERS = 10_000
MAX_PAGES = 1_000

OEM = ('Oem', 'Intel_RackScale')

#: Of one kind, read for the resource that they belong to.
MAX_PARTS = 1_000

OF_ONE = failures.OF_ONE

_Item = TypeVar('_Item')
_Result = TypeVar('_Result')


class NoEnd(exception.PodManagerMalformed):
    """A collection that has more than anybody has: nothing is believed."""


class LevelsGiven:
    """How many levels collections give at once, as far as that was seen.

    What was refused is not asked for again. What took too long is, after a
    while: it may have been the moment, and to read one by one is much more
    work, for a server that had too much of it already.
    """

    #: Seconds.
    slow_for: ClassVar[float] = 600

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, float]] = {}

    def get(self, path: str, most: int) -> int:
        """Give how many may be asked for, where the root says so many."""
        levels, until = self._known.get(path, (most, math.inf))
        return levels if time.monotonic() < until else most

    def refused(self, path: str, levels: int) -> None:
        """Keep that only less was given."""
        self._known[path] = levels, math.inf

    def slow(self, path: str) -> None:
        """Keep that nothing was given in time."""
        self._known[path] = 0, time.monotonic() + self.slow_for


class Service:
    """One Redfish service. Thread-safe."""

    def __init__(self, client: http_client.HttpClient) -> None:
        self.client = client
        self._root: parse.Document | None = None
        self.levels_given = LevelsGiven()

    def root(self) -> parse.Document:
        """Give the service root; it is read once."""
        root = self._root
        if root is None:
            root = self._root = self._read_root()
        return root

    def refresh(self) -> None:
        """Read the service root anew.

        :raises PodManagerError: the root that was known is kept.
        """
        self._root = self._read_root()

    def get(self, path: str) -> parse.Document:
        """Read a resource."""
        return parse.Document(self.client, path, self.client.get(path))

    def get_with_etag(self, path: str) -> tuple[parse.Document, str | None]:
        """Read a resource as it is now, and what a change must match."""
        answer = self.client.send('GET', path)
        raw = self.client.document(path, answer)
        document = parse.Document(self.client, path, raw)
        etag = answer.headers.get('ETag') or document.text('@odata.etag')
        return document, etag

    def find(self, path: str | None) -> parse.Document | None:
        """Read what can be done without; None where it is not to be had.

        Of the links that servers advertise, some lead nowhere; some answer
        500 for what is missing.

        :raises PodManagerError: if the server itself is not to be had.
        """
        return self._find(self.get, path)

    def find_members(self, path: str | None) -> list[str] | None:
        """Give the paths of :meth:`members`, under the terms of find."""
        return self._find(self.members, path)

    def find_each(self, paths: Iterable[str]) -> list[parse.Document]:
        """Read what belongs to a resource, as much as is to be had."""
        some = itertools.islice(dict.fromkeys(paths), MAX_PARTS)
        found = (self.find(path) for path in some)
        return [document for document in found if document is not None]

    def _find(
        self, read: Callable[[str], _Result], path: str | None
    ) -> _Result | None:
        if path is None:
            return None
        try:
            return read(path)
        except OF_ONE as error:
            LOG.debug('Done without: %s', error)
            return None

    def link(self, name: str) -> str | None:
        """Give the path of a collection of the service."""
        root = self.root()
        return root.link(name) or root.link(*OEM, name)

    def members(self, path: str) -> list[str]:
        """Give the paths of a collection's members, over all its pages.

        :raises PodManagerMalformed: if they are no list, or have no end.
        """
        links = (
            page.links(*page.members_field()) for page in self.pages(path)
        )
        return list(dict.fromkeys(itertools.chain.from_iterable(links)))

    def pages(self, path: str) -> Iterator[parse.Document]:
        """Yield the pages of a collection; each has a list of members.

        :raises NoEnd:
        :raises PodManagerMalformed: if they are no list.
        """
        found = 0
        pages: set[str] = set()
        page: str | None = path
        while page is not None and page not in pages:
            pages.add(page)
            document = self.get(page)
            found += len(document.value(*document.members_field()))
            if found > MAX_MEMBERS or len(pages) > MAX_PAGES:
                raise NoEnd(
                    url=self.client.url,
                    path=path,
                    reason='it has too many members, or pages',
                )
            yield document
            page = document.next_page()

    def each(
        self, function: Callable[[_Item], _Result], items: Iterable[_Item]
    ) -> list[_Result]:
        """Call a function for each item, as many at once as may be.

        Must not be nested: the threads would wait for each other.

        :raises PodManagerError: the first, by order of the items; what was
            not yet begun is dropped.
        """
        items = list(items)
        if len(items) < 2:
            return [function(item) for item in items]
        workers = min(len(items), self.client.limits.max_connections)
        executor = futures.ThreadPoolExecutor(workers, 'redfish')
        try:
            # The deadline is a part of the context.
            calls = [
                executor.submit(contextvars.copy_context().run, function, item)
                for item in items
            ]
            return [call.result() for call in calls]
        finally:
            executor.shutdown(cancel_futures=True)

    def _read_root(self) -> parse.Document:
        try:
            root = self.get(ROOT)
        except exception.PodManagerResourceMissing:
            root = self.get(ROOT.rstrip('/'))
        if not root.links('Systems') and root.text('RedfishVersion') is None:
            raise root.lacks('RedfishVersion')
        return root
