"""A simulated pod manager of which parts fail, hide, or take their time."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import orjson

from valence.simulator import errors, exchange, modes
from valence.simulator.pod import Pod


class Faults(modes.Mode):
    """What one pod manager does wrong.

    Set :attr:`hidden` and :attr:`broken` between two syncs only.

    :ivar hidden: paths that are not there, nor what is below them.
    :ivar broken: what to answer to a GET of a path.
    :ivar lasts: how many requests are answered before it goes away; None for
        all.
    """

    name = 'faults'

    def __init__(self, pod: Pod) -> None:
        super().__init__(True)
        self.hidden: set[str] = set()
        self.broken: dict[str, Callable[[], exchange.Reply]] = {}
        self.lasts: int | None = None
        self._held: str | None = None
        self.reached = threading.Event()
        self._released = threading.Event()
        pod.modes = {**pod.modes, self.name: self}

    def hold(self, path: str) -> None:
        """Let whoever asks for a path wait, once, until :meth:`release`."""
        self.reached.clear()
        self._released.clear()
        self._held = path

    def release(self) -> None:
        self._released.set()

    def leave(self) -> exchange.Reply:
        """Go away for good, without an answer."""
        self.lasts = 0
        raise modes.Disconnect

    async def before(self, call: exchange.Call) -> exchange.Reply | None:
        path = call.path.rstrip('/')
        if self.lasts is not None:
            if not self.lasts:
                raise modes.Disconnect
            self.lasts -= 1
        if path == self._held:
            self._held = None
            self.reached.set()
            while not self._released.is_set():
                await asyncio.sleep(0.01)
        if self._hides(path):
            return exchange.refusal(errors.unknown_endpoint(path))
        if path in self.broken:
            return self.broken[path]()
        return None

    async def after(
        self, call: exchange.Call, reply: exchange.Reply
    ) -> exchange.Reply:
        content = reply.content()
        if not self.hidden or not content:
            return reply
        # Without its ETag, which is that of the whole.
        return exchange.Reply(reply.status, self._shown(orjson.loads(content)))

    def _hides(self, path: str) -> bool:
        path = path.partition('#')[0]
        return any(
            path == each or path.startswith(f'{each}/') for each in self.hidden
        )

    def _shown(self, value: Any) -> Any:
        """Give a document without what is hidden, and without its counts."""
        if isinstance(value, list):
            return [
                self._shown(each) for each in value if self._is_shown(each)
            ]
        if not isinstance(value, dict):
            return value
        return {
            name: self._shown(each)
            for name, each in value.items()
            if self._is_shown(each) and not name.endswith('@odata.count')
        }

    def _is_shown(self, value: Any) -> bool:
        link = value.get('@odata.id') if isinstance(value, dict) else None
        return not isinstance(link, str) or not self._hides(link)


def server_error() -> exchange.Reply:
    """Answer as a pod manager that is not well."""
    return exchange.refusal(errors.unknown_exception(500))


def first_page(path: str, *members: str) -> Callable[[], exchange.Reply]:
    """Answer with a page of some members, and a next one that fails."""
    following = f'{path}/broken'
    document = {
        'Members': [{'@odata.id': member} for member in members],
        'Members@odata.nextLink': following,
    }
    return lambda: exchange.Reply(document=document)
