"""Many pod managers in one event loop.

Each has a socket and a pipeline of its own, and shares everything else.
"""

import asyncio
import dataclasses
import fractions
import math
import ssl
import typing
from collections.abc import Mapping

from valence.simulator import (
    home,
    listener,
    modes,
    pipeline,
    routes,
    sockets,
)
from valence.simulator import pod as pods


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """The modes that pods begin with, by name.

    ``some_modes`` come on top, for a share of the pods that is ``some``:
    exactly that share, spread evenly.
    """

    modes: Mapping[str, typing.Any] = dataclasses.field(default_factory=dict)
    some_modes: Mapping[str, typing.Any] = dataclasses.field(
        default_factory=dict
    )
    some: float = 0

    def is_one_of_some(self, position: int) -> bool:
        """Tell whether the pod at a position, from 0, is in the share."""
        # Exact: three tenths of ten pods are three.
        share = fractions.Fraction(str(self.some))
        return math.floor((position + 1) * share) > math.floor(
            position * share
        )


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
        beginning: Beginning | None = None,
    ) -> None:
        """Prepare.

        :raises ValueError: for a wrong mode to begin with
        """
        self.host = host
        self.port = port
        self.tls = tls
        self.ports: list[int] = []
        self._home = home.Home()
        beginning = beginning or Beginning()
        most = _usual(settings, beginning.modes)
        some = _usual(settings, {**beginning.modes, **beginning.some_modes})
        self.pods = [
            pods.Pod(
                first_pod + n,
                settings,
                some if beginning.is_one_of_some(n) else most,
                self._home,
            )
            for n in range(count)
        ]
        self._router = routes.build(settings.personality)
        self._listeners: list[listener.Listener] = []

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
        self._home.enter()
        siblings = {pod.layout.pod: pod for pod in self.pods}
        for pod, sock in zip(self.pods, opened, strict=True):
            pipe = pipeline.Pipeline(pod, self._router, siblings)
            self._listeners.append(
                listener.Listener(pod, pipe, sock, self.tls)
            )
        try:
            for each in self._listeners:
                await each.start()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop listening, drop connections, timers and work."""
        for pod in self.pods:
            pod.events.end_streams()
        # At once: each may have to wait for a connection that hangs.
        await asyncio.gather(*(each.stop() for each in self._listeners))
        self._listeners.clear()
        await self._home.leave()
        for pod in self.pods:
            pod.close()
        # Transports close for good in the next round of the loop.
        await asyncio.sleep(0)


def _usual(
    settings: pods.Settings, values: Mapping[str, typing.Any]
) -> pods.Modes:
    own = {
        'assembly_ms': settings.assembly_ms,
        'latency_ms': settings.latency_ms,
    }
    parsed = modes.parse_all({**own, **values})
    return {name: each for name, each in parsed.items() if each is not None}
