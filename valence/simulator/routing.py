"""Find the route of a path.

A tree of path segments, in which ``*`` stands for an id.  It knows
nothing of what the routes do.
"""

import dataclasses
import typing
from collections.abc import Callable, Iterable, Mapping

from valence.simulator import exchange

Reader = Callable[..., exchange.Json]
Handler = Callable[..., exchange.Reply]


@dataclasses.dataclass(frozen=True, slots=True)
class Route:
    """What can be done at a path.

    ``read`` answers a GET and is counted under ``name``; ``actions`` are
    the other methods, with the name each is counted under.  ``public``
    are the methods that need no credentials.
    """

    name: str
    read: Reader | None = None
    actions: Mapping[str, tuple[str, Handler]] = dataclasses.field(
        default_factory=dict
    )
    public: frozenset[str] = frozenset()

    @property
    def methods(self) -> set[str]:
        """The methods that are allowed."""
        readable = {'GET', 'HEAD'} if self.read else set()
        return readable | set(self.actions)


class _Branch:
    __slots__ = ('branches', 'route')

    def __init__(self) -> None:
        self.branches: dict[str, _Branch] = {}
        self.route: Route | None = None


class Router:
    """Routes by the template of their path."""

    def __init__(self, routes: Iterable[tuple[str, Route]]) -> None:
        self._root = _Branch()
        self._words: dict[str, str] = {}
        for template, route in routes:
            branch = self._root
            for segment in segments(template):
                branch = branch.branches.setdefault(segment, _Branch())
                self._words[segment.lower()] = segment
            branch.route = route

    def spelled(self, path: str) -> str:
        """Return a path with what its templates spell out as they do."""
        return '/'.join(
            self._words.get(each.lower(), each) for each in path.split('/')
        )

    def lowered(self, path: str) -> str:
        """Return a path with what templates spell out in lower case."""
        parts = ((each, each.lower()) for each in path.split('/'))
        return '/'.join(
            low if low in self._words else each for each, low in parts
        )

    def find(self, path: str) -> tuple[Route, list[str]] | None:
        """Return the route of a path and the ids in it."""
        branch = self._root
        ids: list[str] = []
        for segment in segments(path):
            below = branch.branches.get(segment)
            if below is None:
                below = branch.branches.get('*')
                if below is None:
                    return None
                ids.append(segment)
            branch = below
        return None if branch.route is None else (branch.route, ids)


def segments(path: str) -> list[str]:
    """Return the parts of a path; a slash at its end does not count."""
    trimmed = path.strip('/')
    return trimmed.split('/') if trimmed else []


def action(kind: str, handler: Handler) -> dict[str, typing.Any]:
    """Return the actions of a path that takes a POST and nothing else."""
    return {'POST': (kind, handler)}
