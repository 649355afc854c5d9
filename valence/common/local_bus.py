"""The bus within one process: calls and bells go straight to the endpoints.

What crosses it is serialised as between processes, so that nothing works
here which would not work there.
"""

import concurrent.futures
import threading
from collections.abc import Callable
from typing import Any

import orjson

from valence.common import bus, exception
from valence.common.context import RequestContext


class _Server(bus.Server):
    def __init__(
        self, endpoint: bus.Endpoint, look: Callable[[], None]
    ) -> None:
        self.methods = {
            name: getattr(endpoint, name)
            for name in bus.public_methods(endpoint)
        }
        self.look = look
        self._stopped = False

    @property
    def serving(self) -> bool:
        return not self._stopped

    def stop(self) -> None:
        self._stopped = True


class _Client(bus.Client):
    def __init__(self, owner: 'LocalBus', topic: str) -> None:
        self._owner = owner
        self._topic = topic

    def call(self, ctxt: RequestContext, method: str, **args: Any) -> Any:
        return self._owner.call(self._topic, ctxt, method, args)


class LocalBus(bus.Bus):
    """Endpoints by topic, called on a thread pool.

    :param threads: how many calls are answered at once.
    :param timeout: seconds that a call waits for its answer.
    """

    def __init__(self, *, threads: int, timeout: float) -> None:
        self._timeout = timeout
        self._servers: dict[str, _Server] = {}
        self._lock = threading.Lock()
        self._pool = concurrent.futures.ThreadPoolExecutor(
            threads, thread_name_prefix='call'
        )

    def client(self, topic: str, version: str) -> bus.Client:
        return _Client(self, topic)

    def call(
        self,
        topic: str,
        ctxt: RequestContext,
        method: str,
        args: dict[str, Any],
    ) -> Any:
        server = self._server(topic)
        if server is None:
            raise exception.ServiceUnavailable(service=topic)
        message = orjson.dumps([ctxt.to_wire(), args])
        future = self._pool.submit(_answer, server.methods[method], message)
        try:
            return orjson.loads(future.result(self._timeout))
        except concurrent.futures.TimeoutError as error:
            raise exception.ServiceUnavailable(service=topic) from error

    def ring(self, topic: str) -> None:
        server = self._server(topic)
        if server is not None:
            server.look()

    def serve(
        self,
        topic: str,
        host: str,
        endpoint: bus.Endpoint,
        look: Callable[[], None],
    ) -> bus.Server:
        server = _Server(endpoint, look)
        with self._lock:
            self._servers[topic] = server
        return server

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _server(self, topic: str) -> _Server | None:
        with self._lock:
            server = self._servers.get(topic)
        return server if server is not None and server.serving else None


def _answer(method: Callable[..., Any], message: bytes) -> bytes:
    context, args = orjson.loads(message)
    return orjson.dumps(method(RequestContext.from_wire(context), **args))
