"""Routing: which method of which controller answers a path.

pecan's RestController guesses from attributes; that turns an unknown path
into a 405 and a node called "action" into a controller. Here the tables of
methods and children are all there is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pecan
from webob import exc

from valence.api.deps import Deps
from valence.api.expose import ROUTE_ATTRIBUTE, Route

_COLLECTION = {'GET': 'get_all', 'POST': 'post'}
_ITEM = {'GET': 'get_one', 'PATCH': 'patch', 'DELETE': 'delete'}


@dataclass(frozen=True, slots=True)
class Entry:
    """A route, as :func:`walk` finds it."""

    method: str
    path: str
    function: Callable[..., Any]
    route: Route


class Controller:
    """A collection and its items.

    ``get_all`` and ``post`` answer the collection; ``get_one``, ``patch`` and
    ``delete`` an item; each is made a route by ``expose``.

    :cvar item: the name of an item in a documented path.
    """

    item: ClassVar[str] = 'id'

    def __init__(self, deps: Deps) -> None:
        self.deps = deps
        self.children: Mapping[str, Controller] = {}
        self.item_children: Mapping[str, Controller] = {}

    @pecan.expose()
    def _route(
        self, args: Sequence[str], request: Any
    ) -> tuple[Callable[..., Any], list[str]]:
        # The server leaves the body of the answer out.
        method = 'GET' if request.method == 'HEAD' else request.method
        return self.find(method, [part for part in args if part], [])

    def find(
        self, method: str, parts: Sequence[str], found: list[str]
    ) -> tuple[Callable[..., Any], list[str]]:
        """Give the method for the rest of a path, and its arguments."""
        if not parts:
            return self._method(_COLLECTION, method), found
        first, *rest = parts
        if first in self.children:
            return self.children[first].find(method, rest, found)
        found = [*found, first]
        if rest and rest[0] in self.item_children:
            child = self.item_children[rest[0]]
            return child.find(method, rest[1:], found)
        if rest or not self._methods(_ITEM):
            raise exc.HTTPNotFound()
        return self._method(_ITEM, method), found

    def _method(
        self, table: Mapping[str, str], method: str
    ) -> Callable[..., Any]:
        methods = self._methods(table)
        if method in methods:
            return methods[method]
        if not methods:
            raise exc.HTTPNotFound()
        error = exc.HTTPMethodNotAllowed()
        error.allow = sorted(methods)
        raise error

    def _methods(
        self, table: Mapping[str, str]
    ) -> dict[str, Callable[..., Any]]:
        return {
            method: getattr(self, name)
            for method, name in table.items()
            if hasattr(self, name)
        }

    def walk(self, path: str = '') -> Iterator[Entry]:
        """Give all routes below this one."""
        item = f'{path}/{{{self.item}}}'
        for where, table in ((path or '/', _COLLECTION), (item, _ITEM)):
            for method, function in self._methods(table).items():
                route = getattr(function, ROUTE_ATTRIBUTE)
                yield Entry(method, where, function, route)
        for name, child in self.children.items():
            yield from child.walk(f'{path}/{name}')
        for name, child in self.item_children.items():
            yield from child.walk(f'{item}/{name}')
