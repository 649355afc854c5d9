"""A host that nobody should call: it counts who does."""

import contextlib
import socket
import threading

import fixtures

_KNOCK = b'Anybody there?'


class SecondHost(fixtures.Fixture):
    """Listens on one port of two addresses, the pod manager's and another."""

    def __init__(self) -> None:
        super().__init__()
        self._connections = 0
        self._received = 0
        self._knocks = 0
        self._lock = threading.Lock()

    def calls(self) -> tuple[int, int]:
        """Give how many connections were made so far, and their bytes."""
        for listener in self._listeners:
            # Who came before was there first.
            with socket.create_connection(listener.getsockname()) as sock:
                sock.sendall(_KNOCK)
                sock.recv(1)
            self._knocks += 1
        return (
            self._connections - self._knocks,
            self._received - self._knocks * len(_KNOCK),
        )

    def _setUp(self) -> None:
        first = socket.create_server(('127.0.0.1', 0))
        port = first.getsockname()[1]
        second = socket.create_server(('127.0.0.2', port))
        self.url = f'http://127.0.0.2:{port}'
        self._listeners = first, second
        for listener in self._listeners:
            thread = threading.Thread(
                target=self._accept, args=(listener,), daemon=True
            )
            thread.start()
            self.addCleanup(thread.join)
            self.addCleanup(listener.close)
            self.addCleanup(listener.shutdown, socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket) -> None:
        # The shutdown of the listener ends it.
        with contextlib.suppress(OSError):
            while True:
                sock, _address = listener.accept()
                with self._lock, sock:
                    self._count(sock)

    def _count(self, sock: socket.socket) -> None:
        """Read what comes, and say that there is nothing."""
        self._connections += 1
        sock.settimeout(10)
        with contextlib.suppress(OSError):
            self._received += len(sock.recv(65536))
            sock.sendall(b'HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n')
