"""Many pod managers in one event loop.

Each has a socket and a pipeline of its own, and shares everything else.
"""

import asyncio
import socket
import ssl

from aiohttp import web

from valence.simulator import pipeline, routes, sockets
from valence.simulator import pod as pods

# Long enough for an answer under way, too short for one that hangs.
_SHUTDOWN_SECONDS = 0.5


class Fleet:
    """Pod managers that listen on a host's ports."""

    def __init__(
        self,
        count: int,
        settings: pods.Settings,
        *,
        host: str = '127.0.0.1',
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        first_pod: int = 0,
    ) -> None:
        self.host = host
        self.port = port
        self.tls = tls
        self.pods = [pods.Pod(first_pod + n, settings) for n in range(count)]
        self.ports: list[int] = []
        self._router = routes.build(settings.personality)
        self._listeners: list[tuple[web.Server, asyncio.Server]] = []

    @property
    def urls(self) -> list[str]:
        """The address of each pod manager, without a path."""
        scheme = 'http' if self.tls is None else 'https'
        return [f'{scheme}://{self.host}:{port}' for port in self.ports]

    async def start(self) -> None:
        """Listen on all ports.

        :raises sockets.Unavailable: and nothing is left behind
        """
        opened = sockets.open_all(self.host, self.port, len(self.pods))
        self.ports = [sock.getsockname()[1] for sock in opened]
        try:
            for pod, sock in zip(self.pods, opened, strict=True):
                await self._serve(pod, sock)
        except BaseException:
            await self.stop()
            sockets.close_all(opened)
            raise

    async def _serve(self, pod: pods.Pod, sock: socket.socket) -> None:
        web_server = web.Server(
            pipeline.Pipeline(pod, self._router),
            # A client that gives up ends what it waits for, hangs
            # included; what was asked for has happened all the same.
            handler_cancellation=True,
            access_log=None,
        )
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            web_server, sock=sock, ssl=self.tls, backlog=512
        )
        self._listeners.append((web_server, server))

    async def stop(self) -> None:
        """Stop listening, drop connections and timers."""
        for _, server in self._listeners:
            server.close()
        # At once: each may have to wait for a connection that hangs.
        await asyncio.gather(
            *(_shut_down(web_server) for web_server, _ in self._listeners)
        )
        self._listeners.clear()
        for pod in self.pods:
            pod.close()
        # Transports close for good in the next round of the loop.
        await asyncio.sleep(0)


async def _shut_down(web_server: web.Server) -> None:
    transports = [each.transport for each in web_server.connections]
    await web_server.shutdown(_SHUTDOWN_SECONDS)
    for transport in transports:
        if transport is not None:
            # A client need not take part in the farewell of TLS.
            transport.abort()
