"""Reads the documents of one branch, many at once, and forgives some.

What cannot be read is given as what it is, and the walk goes on. Only what
tells of the server itself is raised.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from valence.common import exception, http_deadline
from valence.podm.redfish import parse
from valence.podm.redfish.service import OF_ONE, Service
from valence.podm.redfish.snapshot import Snapshot
from valence.podm.redfish.walk.listing import Listing, Member

#: Documents of one walk that may have no answer in time, if the service root
#: has one: a pod manager waits for the hardware behind it. Each costs the
#: time of a whole request.
MAX_SLOW = 3

#: Of these a resource has at least one (all are required, DSP0266).
_OWN = frozenset({'@odata.id', '@odata.type', 'Id', 'Name'})


@dataclass(frozen=True, slots=True, eq=False)
class Collection:
    """A collection that is to be listed.

    :ivar levels: to be read with it, where that is possible.
    """

    listing: Listing
    levels: int

    @property
    def path(self) -> str:
        return self.listing.path

    def documents(self, snapshot: Snapshot) -> Iterator[parse.Document]:
        if self.levels and not snapshot.knows(self.path):
            snapshot.load(self.path, self.levels)
        return snapshot.pages(self.path)


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """A resource that is to be read, for what it leads to.

    :ivar member: what it is known as; None for what is alone.
    """

    kind: str
    path: str
    member: Member | None = None

    def documents(self, snapshot: Snapshot) -> Iterator[parse.Document]:
        document = snapshot.get(self.path)
        # Some send their errors with 200, or nothing: that is not to be
        # taken for a resource that has lost all that it had.
        if not _OWN & document.raw.keys():
            raise document.lacks('Id')
        yield document


Target = Collection | Resource


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was read: the pages of a collection, or a resource.

    :ivar error: why there is no more.
    """

    documents: Sequence[parse.Document]
    error: exception.PodManagerError | None = None


class Patience:
    """Bears with the slow documents of one walk. Thread-safe."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lock = threading.Lock()
        self._slow = 0
        self._last: exception.PodManagerTimeout | None = None

    def check(self) -> None:
        """Make sure that it is not at an end.

        :raises PodManagerTimeout: the last one.
        """
        if self._last is not None and self._slow > MAX_SLOW:
            raise self._last

    def forgive(self, error: exception.PodManagerTimeout) -> None:
        """Go on after a document that had no answer in time.

        :raises PodManagerError: if it is not for that document alone.
        """
        with self._lock:
            self._slow += 1
            self._last = error
        self.check()
        if http_deadline.is_over():
            raise error
        self._service.refresh()


class Reading:
    """The documents of one branch.

    :ivar snapshot: what was read.
    """

    def __init__(self, service: Service, patience: Patience) -> None:
        self.snapshot = Snapshot(service)
        self._patience = patience

    def each(self, targets: Sequence[Target]) -> list[Outcome]:
        """Read all targets, as many at once as may be.

        :raises PodManagerError: if the server itself is not to be had.
        """
        # What came along needs no thread, and mostly all did.
        away = [each for each in targets if not self._knows(each)]
        read = iter(self.snapshot.each(self._read, away))
        asked = set(map(id, away))
        return [
            next(read) if id(each) in asked else self._read(each)
            for each in targets
        ]

    def _knows(self, target: Target) -> bool:
        return self.snapshot.knows(target.path)

    def _read(self, target: Target) -> Outcome:
        found: list[parse.Document] = []
        try:
            self._patience.check()
            for document in target.documents(self.snapshot):
                found.append(document)
        except OF_ONE as error:
            return Outcome(found, error)
        except exception.PodManagerTimeout as error:
            self._patience.forgive(error)
            return Outcome(found, error)
        return Outcome(found)
