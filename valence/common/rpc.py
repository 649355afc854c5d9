"""The bus between processes: oslo.messaging.

The row of the database is the queue, so nothing here has to be durable or
retried: a call fails fast, a lost bell is made up for by the sweep.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

# kombu's lazy import races between threads unless it is imported first.
import kombu
import kombu.exceptions
import oslo_messaging as messaging
from oslo_config import cfg
from oslo_messaging import opts

from valence.common import broker_log, bus, exception
from valence.common.context import RequestContext

LOG = logging.getLogger(__name__)

#: Where the errors are that may come with an answer.
_EXCEPTION_MODULES = sorted(
    {getattr(exception, name).__module__ for name in exception.__all__}
)
_DOORBELL = 'doorbell'
_RABBIT = 'oslo_messaging_rabbit'
#: Seconds that calls wait for the first connection; then they fail at once.
_CONNECT_PATIENCE = 3
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
    the broker is away: here a thread of its own does that. Its call is one
    that the broker gives back, since nobody is there to take it: a short
    timeout instead would stay on the connection's socket.
    """

    def __init__(self, transport: Any, timeout: float) -> None:
        self._client = messaging.get_rpc_client(
            transport,
            messaging.Target(topic='nobody'),
            timeout=timeout,
            retry=0,
            transport_options=messaging.TransportOptions(at_least_once=True),
        )
        self._ready = threading.Event()
        self._lock = threading.Lock()
        self._asked_at: float | None = None

    @property
    def there(self) -> bool:
        """Tell whether the broker was reached."""
        return self._ready.is_set()

    def wait(self) -> None:
        """Wait until there is the queue, or until the broker seems away.

        :raises MessagingTimeout:
        """
        if self._ready.is_set():
            return
        with self._lock:
            if self._asked_at is None:
                self._asked_at = time.monotonic()
                threading.Thread(
                    target=self._make, name='replies', daemon=True
                ).start()
        left = self._asked_at + _CONNECT_PATIENCE - time.monotonic()
        if not self._ready.wait(max(0.0, left)):
            raise messaging.MessagingTimeout('no queue for the answer')

    def _make(self) -> None:
        with contextlib.suppress(*_AWAY):
            self._client.call({}, 'nothing')
        self._ready.set()


class _Sender:
    """What sends calls and bells: a transport with its connections."""

    def __init__(self, conf: cfg.ConfigOpts) -> None:
        self._conf = conf
        self._rang = False
        self._transport = _transport(conf)
        self._replies = _Replies(self._transport, conf.rpc_call_timeout)
        self._bells = self._client(
            namespace=_DOORBELL, version=bus.DOORBELL_VERSION, fanout=True
        )
        self._clients: dict[tuple[str, str], Any] = {}

    @property
    def connected(self) -> bool:
        """Tell whether it ever reached the broker."""
        return self._rang or self._replies.there

    def call(
        self,
        topic: str,
        version: str,
        ctxt: RequestContext,
        method: str,
        args: dict[str, Any],
    ) -> Any:
        self._replies.wait()
        client = self._clients.get((topic, version))
        if client is None:
            client = self._client(topic=topic, version=version)
            self._clients[topic, version] = client
        return client.call(ctxt, method, **args)

    def ring(self, topic: str) -> None:
        self._bells.prepare(topic=topic).cast(RequestContext(), 'look')
        self._rang = True

    def close(self) -> None:
        self._transport.cleanup()

    def _client(self, **target: Any) -> Any:
        return messaging.get_rpc_client(
            self._transport,
            messaging.Target(**target),
            serializer=_Serializer(),
            timeout=self._conf.rpc_call_timeout,
            retry=0,
        )


class _Client(bus.Client):
    def __init__(self, owner: 'RpcBus', topic: str, version: str) -> None:
        self._owner = owner
        self._topic = topic
        self._version = version

    def call(self, ctxt: RequestContext, method: str, **args: Any) -> Any:
        with _away_is_unavailable(self._topic), self._owner.sender() as sender:
            return sender.call(self._topic, self._version, ctxt, method, args)


class RpcBus(bus.Bus):
    """oslo.messaging over ``[DEFAULT] transport_url``.

    :param conf: the process-wide ``cfg.CONF``; oslo.messaging needs that one.
    """

    def __init__(self, conf: cfg.ConfigOpts) -> None:
        self._conf = conf
        self._lock = threading.Lock()
        self._sender = _Sender(conf)
        self._listening: Any = None

    def client(self, topic: str, version: str) -> bus.Client:
        return _Client(self, topic, version)

    def ring(self, topic: str) -> None:
        with self.sender() as sender:
            sender.ring(topic)

    def serve(
        self,
        topic: str,
        host: str,
        endpoint: bus.Endpoint,
        look: Callable[[], None],
    ) -> bus.Server:
        with self._lock:
            if self._listening is None:
                self._listening = _transport(self._conf)
        return _Server(
            messaging.get_rpc_server(
                self._listening,
                messaging.Target(topic=topic, server=host),
                [_Exposed(endpoint), _Doorbell(look)],
                serializer=_Serializer(),
            )
        )

    def close(self) -> None:
        self._sender.close()
        if self._listening is not None:
            self._listening.cleanup()

    @contextlib.contextmanager
    def sender(self) -> Iterator[_Sender]:
        """Give what sends, and replace it when it could not.

        A connection that failed once while the broker was slow may fail for
        ever, since without retries nobody opens it again.
        """
        sender = self._sender
        try:
            yield sender
        except messaging.MessagingTimeout:
            # It was sent, and nobody answered.
            raise
        except _AWAY:
            self._replace(sender)
            raise

    def _replace(self, failed: _Sender) -> None:
        with self._lock:
            # One that was never there waits for the broker, as a new one
            # would.
            if self._sender is not failed or not failed.connected:
                return
            self._sender = _Sender(self._conf)
        threading.Thread(
            target=failed.close, name='close-sender', daemon=True
        ).start()


def _transport(conf: cfg.ConfigOpts) -> Any:
    return messaging.get_rpc_transport(
        conf, allowed_remote_exmods=_EXCEPTION_MODULES
    )


@contextlib.contextmanager
def _away_is_unavailable(topic: str) -> Iterator[None]:
    try:
        yield
    except _AWAY as error:
        LOG.warning('No answer on %s: %s', topic, error)
        raise exception.ServiceUnavailable(service=topic) from error


def set_defaults(conf: cfg.ConfigOpts) -> None:
    """Set our defaults of oslo.messaging's options, and of its log.

    It registers some of them only when a server is made, and its 64 threads
    a server get into the way of each other.
    """
    messaging.set_transport_defaults('valence')
    for group, options in opts.list_opts():
        if group in (None, _RABBIT):
            conf.register_opts(options, group=group)
    conf.set_default('executor_thread_pool_size', conf.rpc_threads)
    # Seconds, at the most, between two tries to reach the broker.
    conf.set_default('rabbit_interval_max', 2, group=_RABBIT)
    broker_log.install(messaging.MessageDeliveryFailure)
