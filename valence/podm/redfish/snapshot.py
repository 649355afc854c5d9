"""A service as it is at one moment: nothing is asked for twice.

Where the service root advertises ``$expand`` (DMTF DSP0266, "Use of the
$expand query parameter"), a collection comes with all that is below it in
one answer. What is read from a snapshot later is taken from that; what did
not come along is asked for by itself, so that a server that expands nothing,
or only a part, costs more requests and gives the same.
"""

import logging
from collections.abc import Mapping
from typing import Any

from valence.common import exception, http_deadline
from valence.podm.redfish import parse
from valence.podm.redfish.service import MAX_PAGES, OF_ONE, NoEnd, Service

LOG = logging.getLogger(__name__)

#: From a collection down to the drives of the storage of its systems.
MAX_LEVELS = 4
#: Share of the time for a request that goes to one that may be in vain.
_SHARE = 0.5
#: Answers that tell of the moment, and not of what the server can do.
_FOR_NOW = frozenset({429, 502, 503, 504})


class Snapshot(Service):
    """One look at a service, for one operation. Thread-safe."""

    def __init__(self, service: Service) -> None:
        super().__init__(service.client)
        self._root = service.root()
        # What a collection gives is the affair of the service.
        self.levels_given = service.levels_given
        self._known: dict[str, Mapping[str, Any]] = {}

    def get(self, path: str) -> parse.Document:
        """Read a resource, unless it came along with another."""
        known = self.known(path)
        if known is not None:
            return known
        document = super().get(path)
        self._keep(path, document.raw)
        return document

    def known(self, path: str) -> parse.Document | None:
        """Give a resource that was read, or came along; None if neither."""
        raw = self._known.get(_key(path))
        if raw is None:
            return None
        return parse.Document(self.client, path, raw)

    def knows(self, path: str) -> bool:
        return _key(path) in self._known

    def expands(self, path: str) -> bool:
        """Tell whether a collection comes with its members, as far as known.

        Before :meth:`load` it is what the service root says.
        """
        return self.levels_given.get(path, self._levels()) > 0

    def load(self, path: str, levels: int = MAX_LEVELS) -> None:
        """Read a collection with what is below it, in as few requests.

        Nothing is lost where that is not possible.

        :param levels: 1 for the members, 2 for what they hold as well, ...
        :raises PodManagerError: if the server itself is not to be had.
        """
        most = self.levels_given.get(path, self._levels())
        time = self.client.limits.timeout * _SHARE
        for each in range(min(levels, most), 0, -1):
            try:
                with http_deadline.within(time):
                    self._load(path, each)
                return
            except exception.PodManagerTimeout as error:
                if http_deadline.is_over():
                    # That was not the time which was given here.
                    raise
                LOG.info('Read one by one for a while: %s', error)
                self.levels_given.slow(path)
                return
            except OF_ONE as error:
                LOG.debug('Not with %d levels: %s', each, error)
                if error.kwargs.get('answer') in _FOR_NOW:
                    return
                self.levels_given.refused(path, each - 1)
                if isinstance(error, NoEnd):
                    self.levels_given.refused(path, 0)
                    return

    def _load(self, path: str, levels: int) -> None:
        """Read a collection, all its pages, to a depth."""
        page = path
        asked: str | None = _expanded(path, levels)
        pages: dict[str, Mapping[str, Any]] = {}
        while asked is not None and page not in pages:
            document = parse.Document(
                self.client, page, self.client.get(asked)
            )
            _check_members(document)
            pages[page] = document.raw
            if len(pages) > MAX_PAGES:
                raise NoEnd(
                    url=self.client.url,
                    path=path,
                    reason='it has too many pages',
                )
            asked = document.next_page()
            page = asked or page
        # Of what has failed in the middle the next pages may do so again.
        for page, raw in pages.items():
            self._keep(page, raw)
        for raw in pages.values():
            self._keep_inner(raw)

    def _levels(self) -> int:
        """Give how many levels the service root says may be had at once."""
        query = self.root().part('ProtocolFeaturesSupported', 'ExpandQuery')
        if not query.flag('NoLinks') and not query.flag('ExpandAll'):
            return 0
        if not query.flag('Levels'):
            return 1
        return min(query.whole('MaxLevels') or 1, MAX_LEVELS)

    def _keep(self, path: str, raw: Mapping[str, Any]) -> None:
        self._known[_key(path)] = raw

    def _keep_inner(self, raw: Mapping[str, Any]) -> None:
        """Keep all resources that came inside of another."""
        # What it says to be itself is wrong with some collections.
        pending: list[Any] = list(raw.values())
        while pending:
            found = pending.pop()
            if type(found) is list:
                pending += found
            elif type(found) is dict and len(found) > 1:
                pending += [
                    each
                    for each in found.values()
                    if type(each) is dict or type(each) is list
                ]
                path = found.get('@odata.id')
                if isinstance(path, str) and _is_whole(found):
                    self._known.setdefault(_key(path), found)


def _check_members(document: parse.Document) -> None:
    """Make sure that all members of a collection can be told apart.

    :raises PodManagerMalformed: if they have no paths.
    """
    members = document.value('Members')
    if not isinstance(members, list):
        raise document.lacks('Members')
    if len(document.links('Members')) < len(members):
        raise document.lacks('Members/@odata.id')


def _is_whole(raw: dict[str, Any]) -> bool:
    """Tell whether this is a resource, and not only a link to one."""
    if '@odata.type' not in raw:
        return False
    # Nearly all have one; a server may send thousands of them.
    if 'Id' in raw:
        return True
    return any(not name.startswith('@odata.') for name in raw)


def _expanded(path: str, levels: int) -> str:
    mark = '&' if '?' in path else '?'
    return f'{path}{mark}$expand=.($levels={levels})'


def _key(path: str) -> str:
    return path.rstrip('/')
