"""The way to the worker: stock oslo.messaging."""

from typing import Any

import oslo_messaging as messaging
from oslo_config import cfg

from bench.usual.context import RequestContext, Serializer

TOPIC = 'usual-worker'
VERSION = '1.0'


class WorkerAPI:
    def __init__(self) -> None:
        self._client = messaging.get_rpc_client(
            messaging.get_rpc_transport(cfg.CONF),
            messaging.Target(topic=TOPIC, version=VERSION),
            serializer=Serializer(),
        )

    def compose_node(self, ctxt: RequestContext, task_uuid: str) -> None:
        self._client.cast(ctxt, 'compose_node', task_uuid=task_uuid)

    def get_flavor(self, ctxt: RequestContext, uuid: str) -> dict[str, Any]:
        found: dict[str, Any] = self._client.call(
            ctxt, 'get_flavor', uuid=uuid
        )
        return found
