"""Deviations in links and in the paths they lead to."""

import contextlib
import typing
from collections.abc import Callable

import orjson

from valence.simulator import errors, exchange, routing
from valence.simulator import layout as layouts
from valence.simulator.modes import rewriting
from valence.simulator.modes.deviations import base

_READS = frozenset({'GET', 'HEAD'})
_REDFISH = ['redfish', 'v1']
_DEAD = 0.15
# Below the collections, as these are what everything hangs on.
_DEEP = 4


class RootSlash(base.Deviation):
    """``/redfish/v1/`` is there, ``/redfish/v1`` is not."""

    name = 'root_slash'
    excludes = 'the service root'

    def before(self, call: exchange.Call) -> exchange.Reply | None:
        """Answer 404 without the slash."""
        return _missing(call) if call.path == layouts.ROOT else None


class RootNoSlash(base.Deviation):
    """``/redfish/v1`` is there, ``/redfish/v1/`` is not."""

    name = 'root_no_slash'
    excludes = 'the service root'

    def before(self, call: exchange.Call) -> exchange.Reply | None:
        """Answer 404 with the slash."""
        return _missing(call) if call.path == f'{layouts.ROOT}/' else None


class _OtherLinks(base.Deviation):
    """Links look other than what they are, and are understood."""

    names: typing.ClassVar[frozenset[str]]

    def shown(self, call: exchange.Call, link: str) -> str:
        """Return what a link looks like."""
        raise NotImplementedError

    def meant(self, call: exchange.Call, link: str) -> str:
        """Return what it means."""
        raise NotImplementedError

    def before(self, call: exchange.Call) -> None:
        """Understand the path, and links in the body."""
        call.path = self.meant(call, call.path)
        if b'@odata.id' not in call.body:
            return
        # What is wrong with a body, its handler says.
        with contextlib.suppress(errors.RedfishError):
            body = self._changed(call.json(), call, self.meant)
            call.body = orjson.dumps(body)

    def document(self, call: exchange.Call, document: base.Json) -> base.Json:
        """Show all links."""
        return self._changed(document, call, self.shown)

    def _changed(
        self,
        document: base.Json,
        call: exchange.Call,
        spell: Callable[[exchange.Call, str], str],
    ) -> base.Json:
        def change(name: str, each: typing.Any) -> typing.Any:
            is_link = name in self.names and isinstance(each, str)
            return spell(call, each) if is_link else each

        return rewriting.changed(document, change)


class LowerLinks(_OtherLinks):
    """Links are in lower case, and so is Location."""

    name = 'lower_links'
    names = frozenset({'@odata.id', 'TaskMonitor', 'target'})

    def shown(self, call: exchange.Call, link: str) -> str:
        """Lower what is no id."""
        path, mark, fragment = link.partition('#')
        return call.router.lowered(path) + mark + fragment

    def meant(self, call: exchange.Call, link: str) -> str:
        """Raise it again."""
        return call.router.spelled(link)

    def after(
        self, call: exchange.Call, reply: exchange.Reply
    ) -> exchange.Reply:
        """Lower Location, too."""
        reply = super().after(call, reply)
        place = reply.headers.get('Location')
        return rewriting.placed(reply, place and self.shown(call, place))


class SlashLinks(_OtherLinks):
    """Links have a slash at their end; Location has none."""

    name = 'slash_links'
    names = frozenset({'@odata.id'})

    def shown(self, call: exchange.Call, link: str) -> str:
        """Add it, unless the link goes on behind the path."""
        goes_on = '#' in link or '?' in link or link.endswith('/')
        return link if goes_on else f'{link}/'

    def meant(self, call: exchange.Call, link: str) -> str:
        """Take it off, but for the root, which can be without."""
        bare = link.rstrip('/')
        return link if bare == layouts.ROOT else bare


class DeadLinks(base.Deviation):
    """Up to 15 % of what is below collections answers 404."""

    name = 'dead_links'

    def before(self, call: exchange.Call) -> exchange.Reply | None:
        """Answer 404 to the same ones each time."""
        parts = routing.segments(call.path)
        if call.method not in _READS or parts[:2] != _REDFISH:
            return None
        path = '/'.join(parts)
        if _was_made(call, parts) or len(parts) < _DEEP:
            return None
        return _missing(call) if call.pod.chance.always(path, _DEAD) else None


def _was_made(call: exchange.Call, parts: list[str]) -> bool:
    """Tell whether a path leads into what clients make and delete."""
    return any(
        'DELETE' in found[0].actions
        for n in range(_DEEP, len(parts) + 1)
        if (found := call.router.find('/'.join(parts[:n])))
    )


def _missing(call: exchange.Call) -> exchange.Reply:
    return exchange.refusal(errors.unknown_endpoint(call.path))
