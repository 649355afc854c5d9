"""Run pod managers from threaded code, which is what tests are.

    with Simulator(pods=2, systems=10) as sim:
        requests.get(sim.urls[0] + '/redfish/v1')
        sim.pods[0].set_modes(away=True)

The event loop has a thread of its own; nothing is shared with the caller
but the pods, whose methods say what may be called from outside.
"""

import asyncio
import threading
import types
import typing
from collections.abc import Mapping

from valence.simulator import fleet, personality, sockets
from valence.simulator import pod as pod_state


class Simulator:
    """Pod managers on ports of the loopback interface."""

    def __init__(
        self,
        pods: int = 1,
        systems: int = 10,
        latency_ms: float = 0,
        assembly_ms: float = 50,
        mode: str = 'rsd',
        tls: tuple[str, str] | None = None,
        username: str = 'admin',
        password: str = 'admin',
        port: int = 0,
        first_pod: int = 0,
        seed: int = 0,
        modes: Mapping[str, typing.Any] | None = None,
        some_modes: Mapping[str, typing.Any] | None = None,
        some: float = 0,
    ) -> None:
        """Prepare; nothing listens before ``start``.

        :param mode: the name of a personality, such as ``rsd2.5``
        :param tls: the files of the certificate and of its key
        :param port: of the first pod manager; 0 takes free ports
        :param first_pod: number of the first; UUIDs follow from it
        :param seed: of what happens by chance
        :param modes: the modes that all begin with
        :param some_modes: those that a share of them begins with besides
        :param some: that share
        :raises ValueError: for a wrong mode
        :raises sockets.Unavailable: when the TLS files are of no use
        """
        settings = pod_state.Settings(
            systems=systems,
            latency_ms=latency_ms,
            assembly_ms=assembly_ms,
            username=username,
            password=password,
            personality=personality.PERSONALITIES[mode],
            seed=seed,
        )
        self._fleet = fleet.Fleet(
            pods,
            settings,
            port=port,
            tls=None if tls is None else sockets.tls_context(*tls),
            first_pod=first_pod,
            beginning=fleet.Beginning(
                modes=modes or {}, some_modes=some_modes or {}, some=some
            ),
        )
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @property
    def urls(self) -> list[str]:
        """The address of each pod manager, without a path."""
        return self._fleet.urls

    @property
    def pods(self) -> list[pod_state.Pod]:
        """The state of each pod manager."""
        return self._fleet.pods

    def start(self) -> None:
        """Listen on all ports, in a thread of its own.

        :raises sockets.Unavailable: and nothing is left behind
        """
        loop = self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=loop.run_forever, name='podm-simulator', daemon=True
        )
        self._thread.start()
        try:
            _run(loop, self._fleet.start())
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop listening and end the thread.  May be called twice."""
        if self._loop is None or self._thread is None:
            return
        _run(self._loop, self._fleet.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._loop = self._thread = None

    def __enter__(self) -> typing.Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: types.TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()


def _run(
    loop: asyncio.AbstractEventLoop,
    work: typing.Coroutine[typing.Any, typing.Any, None],
) -> None:
    asyncio.run_coroutine_threadsafe(work, loop).result()
