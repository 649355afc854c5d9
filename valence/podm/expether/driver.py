"""The driver ``expether``: NEC's ExpEther manager (EEM).

It composes nodes of a server board and I/O devices. There is no control of
power and boot.
"""

import urllib.parse

from valence.common import (
    http_auth,
    http_client,
    http_health,
    http_tls,
)
from valence.objects import hardware
from valence.objects.pod_manager import PodManager
from valence.podm import base
from valence.podm.expether import urls
from valence.podm.expether.compute import ExpEtherCompute
from valence.podm.expether.eem import Eem
from valence.podm.expether.inventory import ExpEtherInventory

#: Where an EEM is, unless the url of its record has a path.
_BASE = '/eem'


class ExpEtherConnection(base.Connection):
    """An ExpEther manager, at ``http://HOST:PORT/eem``."""

    def __init__(
        self,
        podm: PodManager,
        limits: http_client.Limits,
        health: http_health.Health | None = None,
    ) -> None:
        super().__init__(podm)
        path = urllib.parse.urlsplit(podm.url).path.rstrip('/') or _BASE
        self._client = http_client.HttpClient(
            podm.url,
            auth=http_auth.BasicAuth(*podm.credentials()),
            limits=limits,
            trust=http_tls.Trust.of(podm.tls),
            under=f'{path.lower()}/',
            health=health,
        )
        self._eem = Eem(self._client, path)

    def check(self) -> bool:
        self._eem.version()
        return True

    @property
    def compute(self) -> base.Compute:
        return ExpEtherCompute(self._eem, self.podm.name)

    @property
    def inventory(self) -> base.Inventory:
        return ExpEtherInventory(self._eem)

    def look(self, monitor: str) -> hardware.Monitor:
        """Give the node that was chosen: nothing goes on."""
        if urls.read_place(monitor) is None:
            return hardware.Monitor(hardware.MonitorState.GONE)
        return hardware.Monitor(hardware.MonitorState.DONE, location=monitor)

    def drop_idle(self, seconds: float) -> None:
        self._client.drop_idle(seconds)

    def close(self) -> None:
        self._client.close()
