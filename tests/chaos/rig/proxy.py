"""A network cable that can be cut: a TCP proxy in front of a server.

While it is cut nothing gets through and nobody is told, as when packets are
dropped: connections are accepted and stay open, bytes and farewells wait.
"""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from typing import Any

import fixtures

from tests.fixtures import processes

_CHUNK = 65536


class Proxy(fixtures.Fixture):
    """:ivar port: where it listens, for the server behind it.

    :param target: port of the server.
    """

    port: int

    def __init__(self, target: int) -> None:
        super().__init__()
        self._target = target

    def _setUp(self) -> None:
        self.port = processes.free_port()
        self._loop = asyncio.new_event_loop()
        self._whole = asyncio.Event()
        self._whole.set()
        self._tasks: set[asyncio.Task[None]] = set()
        thread = threading.Thread(
            target=self._loop.run_forever, name='proxy', daemon=True
        )
        thread.start()
        self.addCleanup(self._loop.close)
        self.addCleanup(thread.join)
        self.addCleanup(self._loop.call_soon_threadsafe, self._loop.stop)
        self._run(self._start())
        self.addCleanup(lambda: self._run(self._stop()))

    def cut(self) -> None:
        """Let nothing through."""
        self._loop.call_soon_threadsafe(self._whole.clear)

    def mend(self) -> None:
        """Let everything through, with what was held up."""
        self._loop.call_soon_threadsafe(self._whole.set)

    def drop(self) -> None:
        """Close all connections, and let clients make new ones."""
        self._loop.call_soon_threadsafe(self._drop)

    def _drop(self) -> None:
        for task in self._tasks:
            task.cancel()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _start(self) -> None:
        self._server = await asyncio.start_server(
            self._serve, processes.LOOPBACK, self.port
        )

    async def _stop(self) -> None:
        self._server.close()
        self._drop()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with (
                contextlib.suppress(OSError, asyncio.CancelledError),
                contextlib.closing(writer),
            ):
                await self._connect(reader, writer)
        finally:
            self._tasks.discard(task)

    async def _connect(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await self._whole.wait()
        far_reader, far_writer = await asyncio.open_connection(
            processes.LOOPBACK, self._target
        )
        with contextlib.closing(far_writer):
            await self._join(reader, writer, far_reader, far_writer)

    async def _join(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        far_reader: asyncio.StreamReader,
        far_writer: asyncio.StreamWriter,
    ) -> None:
        """Forward both ways until either side has had enough."""
        ways = [
            asyncio.ensure_future(self._forward(reader, far_writer)),
            asyncio.ensure_future(self._forward(far_reader, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _forward(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while True:
            data = await reader.read(_CHUNK)
            await self._whole.wait()
            if not data:
                return
            writer.write(data)
            await writer.drain()
