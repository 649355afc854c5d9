"""What a walk over a pod manager has told so far.

Of each part only that is kept which a sync needs at its end.
"""

from dataclasses import asdict, dataclass
from typing import Any

from valence.common import exception
from valence.objects.hardware import Part, Size

#: How many of the failures are told to people, and to programs.
_TOLD, _LISTED = 5, 50
#: Characters of the reason of one.
_LENGTH = 200
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Failure:
    """A part that could not be read, or not all of it.

    :ivar part: its path.
    """

    part: str
    error: str

    def __str__(self) -> str:
        # Most begin with the path of what could not be read.
        if self.error.startswith(self.part):
            return self.error
        return f'{self.part}: {self.error}'


class Walked:
    """The parts of one walk.

    :ivar found: types of the resources, by their urls.
    :ivar sizes: of the systems that tell them.
    :ivar failures: in the order in which they were met.
    :ivar failed_types: base types of all that failed parts can hold.
    :ivar ended: whether the walk came to its end, whatever failed on the way.
    :ivar broken: what it ended with before, if anything did.
    """

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self.sizes: dict[str, Size] = {}
        self.failures: list[Failure] = []
        self.failed_types: set[str] = set()
        self.ended = False
        self.broken: exception.PodManagerError | None = None
        self._read: dict[str, frozenset[str]] = {}
        self._unread: set[str] = set()

    def note(self, part: Part) -> None:
        """Keep what a part tells."""
        self.found.update(part.found)
        self.sizes.update((size.url, size) for size in part.sizes)
        types = frozenset(map(base_type, part.types))
        path = trimmed(part.url)
        if part.error is None:
            self._read[path] = types | self._read.get(path, _NOTHING)
        else:
            self.fail(part.url, part.error)
            self.failed_types |= types
            self._unread.add(path)

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing at all could be read."""
        return bool(self.failures) and not (self._read or self.found)

    def fail(self, part: str, error: str) -> None:
        """Keep that something could not be read."""
        self.failures.append(Failure(part, error[:_LENGTH]))

    def types_read_at(self, path: str) -> frozenset[str]:
        """Give what a part there told all of; nothing if it failed."""
        if path in self._unread:
            return _NOTHING
        return self._read.get(path, _NOTHING)

    def listed(self) -> list[dict[str, Any]]:
        """Give the failures for programs, not too many of them."""
        return [asdict(failure) for failure in self.failures[:_LISTED]]

    def complaint(self) -> str | None:
        """Give the failures in a sentence; None if there are none."""
        number = len(self.failures)
        if not number:
            return None
        told = [*map(str, self.failures[:_TOLD])]
        if number > _TOLD:
            told.append(f'and {number - _TOLD} more')
        what = 'part' if number == 1 else 'parts'
        return f'{number} {what} could not be read: {"; ".join(told)}'


def base_type(resource_type: str) -> str:
    """Give a type without the kind: a chassis can become one of another."""
    return resource_type.partition('/')[0]


def trimmed(url: str) -> str:
    """Give a path without the slash that some end in."""
    return url.rstrip('/')
