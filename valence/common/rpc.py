"""The bus between processes: oslo.messaging.

The row of the database is the queue, so nothing here has to be durable or
retried: a call fails fast, a lost bell is made up for by the sweep.
"""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

# kombu's lazy import races between threads unless it is imported first.
import kombu
import kombu.exceptions
import oslo_messaging as messaging
from oslo_config import cfg
from oslo_messaging import opts

from valence.common import bus, exception
from valence.common.context import RequestContext

LOG = logging.getLogger(__name__)

_EXCEPTION_MODULES = [exception.__name__]
_DOORBELL = 'doorbell'
#: What says that the broker, or whoever should answer, is away.
_AWAY = (
    messaging.MessagingTimeout,
    messaging.MessageDeliveryFailure,
    messaging.MessageUndeliverable,
    messaging.rpc.client.ClientSendError,
    kombu.exceptions.OperationalError,
    OSError,
)


class _Serializer(messaging.NoOpSerializer):
    def serialize_context(self, ctxt: RequestContext) -> dict[str, Any]:
        return ctxt.to_wire()

    def deserialize_context(self, ctxt: dict[str, Any]) -> RequestContext:
        return RequestContext.from_wire(ctxt)


class _Doorbell:
    """The endpoint behind every topic's bell."""

    target = messaging.Target(
        namespace=_DOORBELL, version=bus.DOORBELL_VERSION
    )

    def __init__(self, look: Callable[[], None]) -> None:
        self._look = look

    def look(self, ctxt: RequestContext) -> None:
        self._look()


class _Exposed:
    """An endpoint as oslo.messaging wants it.

    A :class:`ValenceError` is an answer, so it is not logged as a crash.
    """

    def __init__(self, endpoint: bus.Endpoint) -> None:
        self.target = messaging.Target(version=endpoint.version)
        expected = messaging.expected_exceptions(exception.ValenceError)
        for name in bus.public_methods(endpoint):
            setattr(self, name, expected(getattr(endpoint, name)))


class _Server(bus.Server):
    def __init__(self, server: Any) -> None:
        self._server = server
        server.start()

    def stop(self) -> None:
        self._server.stop()
        self._server.wait()


class _Replies:
    """The queue of the answers to our calls.

    oslo.messaging makes it with the first call, and tries without end while
    the broker is away: here a thread of its own does that.
    """

    def __init__(self, transport: Any) -> None:
        self._client = messaging.get_rpc_client(
            transport, messaging.Target(topic='nobody'), timeout=0.001, retry=0
        )
        self._ready = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def wait(self, seconds: float) -> None:
        """Wait until there is the queue.

        :raises MessagingTimeout:
        """
        if self._ready.is_set():
            return
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._make, name='replies', daemon=True
                )
                self._thread.start()
        if not self._ready.wait(seconds):
            raise messaging.MessagingTimeout('no queue for the answer')

    def _make(self) -> None:
        with contextlib.suppress(*_AWAY):
            self._client.call({}, 'nothing')
        self._ready.set()


class _Client(bus.Client):
    def __init__(
        self, client: Any, topic: str, replies: _Replies, timeout: float
    ) -> None:
        self._client = client
        self._topic = topic
        self._replies = replies
        self._timeout = timeout

    def call(self, ctxt: RequestContext, method: str, **args: Any) -> Any:
        with _away_is_unavailable(self._topic):
            self._replies.wait(self._timeout)
            return self._client.call(ctxt, method, **args)


class RpcBus(bus.Bus):
    """oslo.messaging over ``[DEFAULT] transport_url``.

    :param conf: the process-wide ``cfg.CONF``; oslo.messaging needs that one.
    """

    def __init__(self, conf: cfg.ConfigOpts) -> None:
        self._conf = conf
        self._transport = messaging.get_rpc_transport(
            conf, allowed_remote_exmods=_EXCEPTION_MODULES
        )
        self._replies = _Replies(self._transport)
        self._bells = messaging.get_rpc_client(
            self._transport,
            messaging.Target(
                namespace=_DOORBELL,
                version=bus.DOORBELL_VERSION,
                fanout=True,
            ),
            serializer=_Serializer(),
            retry=0,
        )

    def client(self, topic: str, version: str) -> bus.Client:
        timeout = self._conf.rpc_call_timeout
        return _Client(
            messaging.get_rpc_client(
                self._transport,
                messaging.Target(topic=topic, version=version),
                serializer=_Serializer(),
                timeout=timeout,
                retry=0,
            ),
            topic,
            self._replies,
            timeout,
        )

    def ring(self, topic: str) -> None:
        self._bells.prepare(topic=topic).cast(RequestContext(), 'look')

    def serve(
        self,
        topic: str,
        host: str,
        endpoint: bus.Endpoint,
        look: Callable[[], None],
    ) -> bus.Server:
        return _Server(
            messaging.get_rpc_server(
                self._transport,
                messaging.Target(topic=topic, server=host),
                [_Exposed(endpoint), _Doorbell(look)],
                serializer=_Serializer(),
            )
        )

    def close(self) -> None:
        self._transport.cleanup()


@contextlib.contextmanager
def _away_is_unavailable(topic: str) -> Iterator[None]:
    try:
        yield
    except _AWAY as error:
        LOG.warning('No answer on %s: %s', topic, error)
        raise exception.ServiceUnavailable(service=topic) from error


def set_defaults(conf: cfg.ConfigOpts) -> None:
    """Set our defaults of oslo.messaging's options.

    It registers some of them only when a server is made, and its 64 threads
    a server get into the way of each other.
    """
    messaging.set_transport_defaults('valence')
    for group, options in opts.list_opts():
        if group is None:
            conf.register_opts(options)
    conf.set_default('executor_thread_pool_size', conf.rpc_threads)
