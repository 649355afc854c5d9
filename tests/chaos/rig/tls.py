"""Pod managers that cannot be trusted, by what they show of themselves."""

import contextlib
import datetime
import shutil
import socket
import ssl
import threading
from dataclasses import dataclass

import fixtures
import trustme

from tests.fixtures import processes

_LONG_AGO = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
_PATIENCE = 5


@dataclass(frozen=True, slots=True)
class Identity:
    """What a server shows.

    :ivar ca: path of what it is to be verified by; None leaves it to what
        the system trusts.
    """

    context: ssl.SSLContext
    ca: str | None


class Identities(fixtures.Fixture):
    """Makes identities of all kinds, by one authority of its own.

    :ivar ca: path of its certificate.
    """

    ca: str

    def _setUp(self) -> None:
        self._directory = processes.make_directory('tls')
        self.addCleanup(shutil.rmtree, self._directory, ignore_errors=True)
        self._authority = trustme.CA()
        self.ca = str(self._directory / 'ca.pem')
        self._authority.cert_pem.write_to_path(self.ca)

    def expired(self) -> Identity:
        return self._issued(
            self._authority.issue_cert(processes.LOOPBACK, not_after=_LONG_AGO)
        )

    def of_another_host(self) -> Identity:
        return self._issued(self._authority.issue_cert('pod.example.org'))

    def of_unknown_authority(self) -> Identity:
        made = self._issued(self._authority.issue_cert(processes.LOOPBACK))
        return Identity(made.context, None)

    def self_signed(self) -> Identity:
        """Show the authority's own certificate, which nobody knows."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        key = self._directory / 'self-signed.pem'
        self._authority.private_key_pem.write_to_path(str(key))
        context.load_cert_chain(self.ca, key)
        return Identity(context, None)

    def old(self) -> Identity:
        """Speak only what nobody should any more."""
        made = self._issued(self._authority.issue_cert(processes.LOOPBACK))
        made.context.set_ciphers('DEFAULT:@SECLEVEL=0')
        made.context.minimum_version = ssl.TLSVersion.TLSv1
        made.context.maximum_version = ssl.TLSVersion.TLSv1_1
        return made

    def good_files(self) -> tuple[str, str]:
        """Give the files of a certificate to be trusted, and of its key."""
        certificate = self._authority.issue_cert(processes.LOOPBACK)
        chain, key = (str(self._directory / name) for name in ('c', 'k'))
        certificate.cert_chain_pems[0].write_to_path(chain)
        certificate.private_key_pem.write_to_path(key)
        return chain, key

    def _issued(self, certificate: trustme.LeafCert) -> Identity:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        return Identity(context, self.ca)


class Listener(fixtures.Fixture):
    """A port that shows an identity to whoever comes, and says no more.

    :ivar connections: how many came.
    """

    def __init__(self, identity: Identity) -> None:
        super().__init__()
        self._identity = identity
        self.connections = 0

    def _setUp(self) -> None:
        self._socket = socket.create_server(
            (processes.LOOPBACK, processes.free_port())
        )
        self.port = self._socket.getsockname()[1]
        self.url = f'https://{processes.LOOPBACK}:{self.port}'
        thread = threading.Thread(target=self._serve, daemon=True)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self._socket.close)
        self.addCleanup(self._socket.shutdown, socket.SHUT_RDWR)

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _address = self._socket.accept()
                self.connections += 1
                self._greet(connection)

    def _greet(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.closing(connection):
            connection.settimeout(_PATIENCE)
            self._identity.context.wrap_socket(
                connection, server_side=True
            ).close()
