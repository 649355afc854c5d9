"""What stands before the pod managers, and sees every request.

The simulator counts what it acted upon; how often something was asked for
that it refused, only a witness can tell. It also makes of them what some are:
pod managers that know sessions only.
"""

import asyncio
import functools
import re
import threading
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
import fixtures
from aiohttp import web

from tests.fixtures import processes

_T = TypeVar('_T')
_TAG = re.compile(rb'valence-[0-9a-f-]{36}')
#: Headers of one connection, and those that the client makes anew.
_HOPS = frozenset({'connection', 'content-length', 'transfer-encoding'})
#: Seconds.
_FAREWELL = 0.5


@dataclass(frozen=True, slots=True)
class Seen:
    """A request and its answer.

    :ivar at: monotonic, when it came.
    :ivar tag: of the node that its body names, if it does.
    """

    at: float
    url: str
    method: str
    path: str
    tag: str
    status: int


class Front(fixtures.Fixture):
    """One port before each pod manager.

    :param targets: their urls.
    :param no_basic: whether they know sessions only.
    :ivar urls: where they are found instead.
    :ivar seen: what was answered, in order.
    """

    urls: Sequence[str]

    def __init__(
        self, targets: Sequence[str], *, no_basic: bool = False
    ) -> None:
        super().__init__()
        self._targets = targets
        self._no_basic = no_basic
        self.seen: list[Seen] = []

    def _setUp(self) -> None:
        self._loop = asyncio.new_event_loop()
        thread = threading.Thread(
            target=self._loop.run_forever, name='front', daemon=True
        )
        thread.start()
        self.addCleanup(self._loop.close)
        self.addCleanup(thread.join)
        self.addCleanup(self._loop.call_soon_threadsafe, self._loop.stop)
        self._servers: list[web.Server] = []
        self.addCleanup(lambda: self._run(self._stop()))
        self.urls = self._run(self._start())

    def _run(self, work: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _start(self) -> list[str]:
        self._client = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0)
        )
        return [await self._open(target) for target in self._targets]

    async def _open(self, target: str) -> str:
        server = web.Server(
            functools.partial(self._answer, target), access_log=None
        )
        self._servers.append(server)
        port = processes.free_port()
        await self._loop.create_server(server, processes.LOOPBACK, port)
        return f'http://{processes.LOOPBACK}:{port}'

    async def _stop(self) -> None:
        await asyncio.gather(
            *(server.shutdown(_FAREWELL) for server in self._servers)
        )
        await self._client.close()

    async def _answer(
        self, target: str, request: web.BaseRequest
    ) -> web.StreamResponse:
        at = time.monotonic()
        body = await request.read()
        tag = _TAG.search(body)
        try:
            answer = await self._ask(target, request, body)
            status = answer.status
        except aiohttp.ClientConnectionError:
            answer, status = _nothing(request), 0
        self.seen.append(
            Seen(
                at,
                target,
                request.method,
                request.path,
                tag[0].decode() if tag else '',
                status,
            )
        )
        return answer

    async def _ask(
        self, target: str, request: web.BaseRequest, body: bytes
    ) -> web.Response:
        headers = _onward(request.headers.items())
        if self._no_basic:
            headers.pop('Authorization', None)
        async with self._client.request(
            request.method,
            f'{target}{request.raw_path}',
            data=body or None,
            headers=headers,
            allow_redirects=False,
        ) as answer:
            return web.Response(
                status=answer.status,
                headers=_onward(answer.headers.items()),
                body=await answer.read(),
            )


def _onward(headers: Any) -> dict[str, str]:
    return {
        name: value for name, value in headers if name.lower() not in _HOPS
    }


def _nothing(request: web.BaseRequest) -> web.Response:
    """Close a connection as the one behind was closed."""
    if request.transport is not None:
        request.transport.close()
    return web.Response()
