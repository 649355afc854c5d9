"""The port of one pod manager: open, or closed while it is dead.

A dead one keeps its port by a socket that refuses connections, or
something else could take the port meanwhile.
"""

import asyncio
import socket
import ssl

from aiohttp import web

from valence.simulator import pipeline, sockets
from valence.simulator import pod as pods

# Long enough for an answer under way, too short for one that hangs.
_SHUTDOWN_SECONDS = 0.5


class Listener:
    """Serves a pod on its port, as its modes tell."""

    def __init__(
        self,
        pod: pods.Pod,
        pipe: pipeline.Pipeline,
        sock: socket.socket,
        tls: ssl.SSLContext | None,
    ) -> None:
        self._pod = pod
        self._pipe = pipe
        self._tls = tls
        self._address: tuple[str, int] = sock.getsockname()
        # A socket that is not served: before the start, and while dead.
        self._idle: socket.socket | None = sock
        self._server: asyncio.Server | None = None
        self._opening: asyncio.Task[None] | None = None
        self._web = web.Server(
            pipe,
            # A client that gives up ends what it waits for, hangs
            # included; what it asked for happens all the same.
            handler_cancellation=True,
            access_log=None,
        )

    async def start(self) -> None:
        """Serve, and follow the modes of the pod from now on."""
        self._pod.follow = self.follow
        await self._open()

    def follow(self) -> None:
        """Open or close the port, if the modes ask for what it is not."""
        if 'dead' in self._pod.modes:
            if self._server is not None:
                self._close(self._server)
        elif self._server is None and self._opening is None:
            self._open()

    def _open(self) -> 'asyncio.Task[None]':
        sock = self._idle = self._idle or sockets.bound(*self._address)
        # From here on clients can connect.
        sock.listen(sockets.BACKLOG)
        loop = asyncio.get_running_loop()
        self._opening = loop.create_task(self._serve(sock))
        return self._opening

    async def _serve(self, sock: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(
                self._web, sock=sock, ssl=self._tls, backlog=sockets.BACKLOG
            )
        finally:
            self._opening = None
        self._idle = None
        # The modes may have changed meanwhile.
        self.follow()

    def _close(self, server: asyncio.Server) -> None:
        server.close()
        self._server = None
        for connection in self._web.connections:
            transport = connection.transport
            # Who asks for this by the port itself gets an answer.
            if transport is not None and transport is not self._pipe.asking:
                sockets.reset(transport)
        self._idle = sockets.bound(*self._address)

    async def stop(self) -> None:
        """Stop listening, and drop connections."""
        self._pod.follow = None
        if self._opening is not None:
            await self._opening
        if self._server is not None:
            self._server.close()
        if self._idle is not None:
            self._idle.close()
        transports = [each.transport for each in self._web.connections]
        await self._web.shutdown(_SHUTDOWN_SECONDS)
        for transport in transports:
            if transport is not None:
                # A client need not take part in the farewell of TLS.
                transport.abort()
