"""Simulated pod managers to read, plain or over TLS."""

import dataclasses
import pathlib

import trustme

from bench.processes import program
from bench.processes.simulator import Simulator
from tests.unit.podm import records
from valence.common.http_addresses import LOOPBACK
from valence.common.http_client import HttpClient, Limits
from valence.common.http_tls import Trust
from valence.podm.redfish.auth import RedfishAuth
from valence.podm.redfish.driver import RedfishConnection
from valence.podm.redfish.service import Service

CONNECTIONS = 16
LATENCY_MS = 20
CREDENTIALS = ('admin', 'admin')

#: It tells of no ``$expand``.
WITHOUT_EXPAND = 'rsd2.2'
WITH_EXPAND = 'plain'


@dataclasses.dataclass(frozen=True)
class Pod:
    """A pod manager.

    :ivar ca: path of the CA's certificate; None where it is plain HTTP.
    """

    simulator: Simulator
    ca: str | None

    @property
    def url(self) -> str:
        return self.simulator.urls[0]

    def connect(self) -> RedfishConnection:
        """Give a connection of ours, which the caller closes."""
        return RedfishConnection(
            records.record(self.url, tls=self._tls()), _limits(CONNECTIONS)
        )

    def service(self, threads: int) -> Service:
        """Give what our driver reads with; its client is to be closed."""
        return Service(
            HttpClient(
                self.url,
                auth=RedfishAuth(*CREDENTIALS),
                limits=_limits(threads),
                trust=Trust.of(self._tls()),
            )
        )

    def _tls(self) -> dict[str, str] | None:
        if self.ca is None:
            return None
        return {'ca': pathlib.Path(self.ca).read_text()}


def _limits(connections: int) -> Limits:
    return Limits(
        max_connections=connections,
        allowed_networks=LOOPBACK,
    )


def start(
    workspace: program.Workspace,
    *,
    mode: str,
    systems: int,
    latency_ms: int = LATENCY_MS,
    tls: bool = False,
) -> Pod:
    if not tls:
        return Pod(_start(workspace, mode, systems, latency_ms), None)
    authority = trustme.CA()
    certificate = authority.issue_cert('127.0.0.1')
    directory = workspace.directory
    ca = directory / 'ca.pem'
    cert, key = directory / 'cert.pem', directory / 'key.pem'
    authority.cert_pem.write_to_path(ca)
    certificate.private_key_pem.write_to_path(key)
    certificate.cert_chain_pems[0].write_to_path(cert)
    more = {'tls_cert': cert, 'tls_key': key}
    return Pod(_start(workspace, mode, systems, latency_ms, **more), str(ca))


def _start(
    workspace: program.Workspace,
    mode: str,
    systems: int,
    latency_ms: int,
    **more: object,
) -> Simulator:
    return Simulator(
        workspace, latency_ms=latency_ms, systems=systems, mode=mode, **more
    )
