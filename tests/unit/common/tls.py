"""Servers that show a certificate, and note what they are sent after that."""

import contextlib
import datetime
import socket
import ssl
import threading

import fixtures
import trustme

#: What each of them answers, whatever it is asked.
_ANSWER = b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'
_LONG_AGO = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
_PATIENCE = 10


class Authority:
    """Issues certificates.

    :ivar pem: its own, by which all others are verified.
    """

    def __init__(self):
        self._authority = trustme.CA()
        self.pem = self._authority.cert_pem.bytes().decode()

    def context(self, *names, expired=False):
        """Give what a server needs that is to be known by these names."""
        more = {'not_after': _LONG_AGO} if expired else {}
        certificate = self._authority.issue_cert(*names, **more)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        context.certificate = certificate.cert_chain_pems[0].bytes().decode()
        return context


class Listener(fixtures.Fixture):
    """Answers on 127.0.0.1 what comes by TLS.

    :param context: None for no TLS.
    :ivar received: what came, without the TLS.
    :ivar names: that it was called by.
    """

    def __init__(self, context):
        super().__init__()
        self._context = context
        self.received = b''
        self.names = []

    def _setUp(self):
        if self._context is not None:
            self._context.sni_callback = self._note
        self._socket = socket.create_server(('127.0.0.1', 0))
        self.port = self._socket.getsockname()[1]
        self.url = f'https://127.0.0.1:{self.port}'
        thread = threading.Thread(target=self._serve)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self._socket.close)
        self.addCleanup(self._socket.shutdown, socket.SHUT_RDWR)

    def _note(self, sock, name, context):
        self.names.append(name)

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _address = self._socket.accept()
                connection.settimeout(_PATIENCE)
                with contextlib.suppress(OSError), connection:
                    self._answer(connection)

    def _answer(self, connection):
        if self._context is None:
            connection.recv(65536)
            connection.sendall(b'HTTP/1.1 400 This is no TLS\r\n\r\n')
            return
        with self._context.wrap_socket(
            connection, server_side=True
        ) as secured:
            while data := secured.recv(65536):
                self.received += data
                if b'\r\n\r\n' in data:
                    secured.sendall(_ANSWER)
