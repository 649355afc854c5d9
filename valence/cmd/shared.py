"""What a process has once, and the parts that all of its services have."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from oslo_config import cfg

from valence.common import service
from valence.common.bus import Bus, Endpoint, Server
from valence.common.periodic import Periodic
from valence.db.api import Database
from valence.podm.pool import Pool
from valence.tasks.worker import Worker

LOG = logging.getLogger(__name__)

#: Seconds that the start of a service waits for the broker.
_LISTENING = 5
#: Seconds between two looks for connections that are of no use any more.
_TIDYING = 15
#: Seconds that one is kept that nobody uses.
_IDLE = 30


@dataclass(frozen=True, slots=True)
class Shared:
    """What the services of one process have in common."""

    conf: cfg.ConfigOpts
    database: Database
    bus: Bus
    pool: Pool
    boot_id: str

    @property
    def owner(self) -> str:
        """Give the name under which this process claims tasks."""
        return f'{self.conf.host}:{self.boot_id}'

    def close(self) -> None:
        self.pool.close()
        self.bus.close()
        self.database.close()


class Closing:
    """A part that only has an end."""

    def __init__(self, close: Callable[[], None]) -> None:
        self._close = close

    def start(self) -> None:
        """Do nothing: it has been opened already."""

    def stop(self) -> None:
        self._close()


class Listener:
    """A part that answers the calls and bells of a topic.

    It begins once the broker is there; tasks are worked on before that.
    """

    def __init__(
        self, shared: Shared, topic: str, endpoint: Endpoint, worker: Worker
    ) -> None:
        self._shared = shared
        self._topic = topic
        self._endpoint = endpoint
        self._worker = worker
        self._server: Server | None = None
        self._stopped = False
        self._thread = threading.Thread(
            target=self._listen, name=f'{topic}-listener', daemon=True
        )

    def start(self) -> None:
        self._thread.start()
        self._thread.join(_LISTENING)

    def _listen(self) -> None:
        server = self._shared.bus.serve(
            self._topic,
            self._shared.conf.host,
            self._endpoint,
            self._worker.look,
        )
        self._server = server
        if self._stopped:
            server.stop()

    def stop(self) -> None:
        self._stopped = True
        if self._server is not None:
            self._server.stop()


class StateReport:
    """A part that says again and again that a service is alive.

    It hears in return whether the service is disabled.
    """

    def __init__(
        self, shared: Shared, binary: str, topic: str, worker: Worker
    ) -> None:
        self._services = shared.database.services
        self._worker = worker
        self._host = shared.conf.host
        self._binary = binary
        self._topic = topic
        self._boot_id = shared.boot_id
        self._periodic = Periodic(
            self._report,
            interval=shared.conf.report_interval,
            name=f'{binary}-report',
        )

    def start(self) -> None:
        self._periodic.start()

    def stop(self) -> None:
        self._periodic.stop()
        self._services.retire(
            host=self._host, binary=self._binary, boot_id=self._boot_id
        )

    def _report(self) -> None:
        disabled = self._services.report(
            host=self._host,
            binary=self._binary,
            topic=self._topic,
            boot_id=self._boot_id,
            version=service.version_string(),
        )
        self._worker.pause(disabled)


class Tidying:
    """A part that closes connections to pod managers that nobody needs.

    Those that were not used for a while, and all to pod managers that were
    deleted: who deletes one closes its own, and other processes do not hear
    of it.
    """

    def __init__(self, shared: Shared) -> None:
        self._pool = shared.pool
        self._pod_managers = shared.database.pod_managers
        self._periodic = Periodic(
            self._tidy, interval=_TIDYING, name='pool-tidying', jitter=0.2
        )

    def start(self) -> None:
        self._periodic.start()

    def stop(self) -> None:
        self._periodic.stop()

    def _tidy(self) -> None:
        self._pool.drop_idle(_IDLE)
        kept = self._pool.uuids()
        for uuid in kept - self._pod_managers.existing(uuids=kept):
            LOG.debug('The pod manager %s is gone.', uuid)
            self._pool.discard(uuid)
