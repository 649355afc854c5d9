"""The driver ``redfishv1``: looks at the service root, and chooses.

Where there are Intel RSD's Nodes, or DMTF's CompositionService, it composes;
with plain Redfish it reads systems and changes their power and boot.
"""

from valence.common import http_client, http_health, http_tls
from valence.objects import hardware
from valence.objects.pod_manager import PodManager
from valence.podm import base
from valence.podm.redfish import monitors
from valence.podm.redfish.auth import RedfishAuth
from valence.podm.redfish.composition.compute import CompositionCompute
from valence.podm.redfish.events import RedfishEvents
from valence.podm.redfish.inventory import RedfishInventory
from valence.podm.redfish.rsd import RsdCompute
from valence.podm.redfish.service import Service
from valence.podm.redfish.systems import SystemsCompute


class RedfishConnection(base.Connection):
    """A pod manager that speaks Redfish."""

    def __init__(
        self,
        podm: PodManager,
        limits: http_client.Limits,
        health: http_health.Health | None = None,
    ) -> None:
        super().__init__(podm)
        self._auth = RedfishAuth(*podm.credentials())
        self._client = http_client.HttpClient(
            podm.url,
            auth=self._auth,
            limits=limits,
            trust=http_tls.Trust.of(podm.tls),
            under='/redfish/',
            health=health,
        )
        self._service = Service(self._client)

    def check(self) -> bool:
        self._service.refresh()
        # The root is open to everybody: ask for what is not.
        for name in ('Systems', 'Nodes', 'Chassis', 'Managers'):
            path = self._service.link(name)
            if path is not None:
                self._client.get(path)
                break
        return self.compute.composes

    @property
    def compute(self) -> base.Compute:
        service = self._service
        nodes = service.link('Nodes')
        if nodes is not None:
            return RsdCompute(service, nodes)
        systems = service.link('Systems')
        composition = service.link('CompositionService')
        if systems is not None and composition is not None:
            return CompositionCompute(service, systems, composition)
        return SystemsCompute(service)

    @property
    def inventory(self) -> base.Inventory:
        return RedfishInventory(self._service)

    @property
    def events(self) -> base.Events:
        return RedfishEvents(self._service)

    def look(self, monitor: str) -> hardware.Monitor:
        return monitors.look(self._client, monitor, self._auth.masked)

    def drop_idle(self, seconds: float) -> None:
        self._client.drop_idle(seconds)

    def close(self) -> None:
        self._client.close()
