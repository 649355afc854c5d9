"""What the sides have in common, and ours and the bare oslo.messaging.

``serve`` starts to answer and returns; ``connect`` gives what calls once.
"""

import abc
from collections.abc import Callable
from typing import Any

import oslo_messaging as messaging

from valence.common import bus, context, service
from valence.common.rpc import RpcBus
from valence.conductor import rpcapi
from valence.conf import CONF

_TOPIC = 'bench'


class Side(abc.ABC):
    @abc.abstractmethod
    def serve(self, url: str) -> None:
        """Start to answer calls."""

    @abc.abstractmethod
    def connect(self, url: str) -> Callable[[], Any]:
        """Give a function that calls once; called in many threads."""


class _Conductor(bus.Endpoint):
    """The part of the conductor's endpoint that is called."""

    version = rpcapi.VERSION

    def ping(self, ctxt: context.RequestContext) -> dict[str, Any]:
        return {'topic': 'conductor'}


class Ours(Side):
    """ConductorAPI over RpcBus, as the API calls the conductor."""

    def serve(self, url: str) -> None:
        _bus(url).serve(rpcapi.TOPIC, 'bench', _Conductor(), lambda: None)

    def connect(self, url: str) -> Callable[[], Any]:
        conductor = rpcapi.ConductorAPI(_bus(url))
        ctxt = context.RequestContext(is_admin=True, roles=['admin'])
        return lambda: conductor.ping(ctxt)


class _Bare:
    def ping(self, ctxt: dict[str, Any]) -> dict[str, Any]:
        return {'topic': 'conductor'}


class Oslo(Side):
    """oslo.messaging with stock settings and nothing around it."""

    def serve(self, url: str) -> None:
        messaging.get_rpc_server(
            messaging.get_rpc_transport(CONF, url),
            messaging.Target(topic=_TOPIC, server='bench'),
            [_Bare()],
        ).start()

    def connect(self, url: str) -> Callable[[], Any]:
        client = messaging.get_rpc_client(
            messaging.get_rpc_transport(CONF, url),
            messaging.Target(topic=_TOPIC),
        )
        return lambda: client.call({}, 'ping')


def _bus(url: str) -> RpcBus:
    service.configure('bench', [], config_files=[])
    CONF.set_override('transport_url', url)
    return RpcBus(CONF)
