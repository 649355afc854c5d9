"""The worker: an oslo.messaging server within oslo.service."""

import logging
import sys
from typing import Any

# Chooses the backend of oslo.service, before anything else loads it.
import valence  # noqa: F401  isort: skip
import oslo_messaging as messaging
from oslo_config import cfg
from oslo_service import service
from oslo_utils import timeutils

from bench.hollow.driver import HollowCompute
from bench.usual import config
from bench.usual.context import RequestContext, Serializer
from bench.usual.db import api as dbapi
from bench.usual.db import models
from bench.usual.rpcapi import TOPIC, VERSION
from valence.objects.requirements import Requirements

LOG = logging.getLogger(__name__)


class Endpoint:
    target = messaging.Target(version=VERSION)

    def __init__(self) -> None:
        self._compute = HollowCompute()

    def get_flavor(self, ctxt: RequestContext, uuid: str) -> dict[str, Any]:
        return dbapi.get_by_uuid(models.Flavor, uuid).as_dict()

    def compose_node(self, ctxt: RequestContext, task_uuid: str) -> None:
        task = dbapi.get_by_uuid(models.Task, task_uuid)
        LOG.info('Task %s (%s)', task.uuid, task.action)
        try:
            self._compose(task)
        except Exception as error:
            LOG.exception('Task %s failed', task.uuid)
            self._save(
                task,
                state='failed',
                error={'detail': str(error)},
                finished_at=timeutils.utcnow(),
            )
        LOG.info('Task %s ended', task.uuid)

    def _compose(self, task: models.Task) -> None:
        request = task.request
        self._save(
            task, state='running', attempt=1, started_at=timeutils.utcnow()
        )
        self._step(task, 'allocate', 10)
        url = self._compute.allocate_node(
            name=request['name'],
            description=request['description'],
            tag=task.resource_uuid,
            requirements=Requirements.from_properties(request['properties']),
        )
        self._step(task, 'inspect', 30)
        self._compute.get_node(url)
        self._step(task, 'assemble', 50)
        self._compute.assemble_node(url)
        self._step(task, 'verify', 80)
        live = self._compute.get_node(url)
        dbapi.update(
            models.Node,
            task.resource_uuid,
            {
                'resource_url': live.url,
                'index': live.id,
                'system_url': live.system_url,
                'state': 'composed',
                'host': cfg.CONF.host,
                'task_uuid': None,
            },
        )
        self._save(
            task,
            state='completed',
            percent=100,
            message='Composed',
            result={'node_uuid': task.resource_uuid, 'resource_url': url},
            finished_at=timeutils.utcnow(),
        )

    def _step(self, task: models.Task, step: str, percent: int) -> None:
        if cfg.CONF.save_steps:
            self._save(task, step=step, percent=percent, message=step)

    def _save(self, task: models.Task, **values: Any) -> None:
        dbapi.update(models.Task, task.uuid, values)


class Worker(service.Service):
    def start(self) -> None:
        dbapi.start()
        self._server = messaging.get_rpc_server(
            messaging.get_rpc_transport(cfg.CONF),
            messaging.Target(topic=TOPIC, server=cfg.CONF.host),
            [Endpoint()],
            serializer=Serializer(),
        )
        self._server.start()
        LOG.info('%s is working', TOPIC)

    def stop(self, graceful: bool = False) -> None:
        self._server.stop()
        self._server.wait()
        super().stop(graceful)


def main() -> int:
    config.configure('usual-worker')
    launcher = service.launch(cfg.CONF, Worker())
    return int(launcher.wait() or 0)


if __name__ == '__main__':
    sys.exit(main())
