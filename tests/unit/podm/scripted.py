"""A pod manager that answers what a test tells it to, by real HTTP."""

import dataclasses
import http.server
import pathlib
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import fixtures
import orjson


@dataclasses.dataclass(frozen=True)
class Request:
    """What the server was asked."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return orjson.loads(self.body)


@dataclasses.dataclass(frozen=True)
class Reply:
    """An answer: bytes are sent as they are, anything else as JSON."""

    status: int = 200
    body: Any = dataclasses.field(default_factory=dict)
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def __call__(self, handler: 'Handler', request: Request) -> None:
        body = self.body
        if not isinstance(body, bytes):
            body = orjson.dumps(body)
        handler.send_response(self.status)
        for name, value in self.headers.items():
            handler.send_header(name, value)
        handler.send_header('Content-Length', str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


Step = Callable[['Handler', Request], None]


def drop(handler: 'Handler', request: Request) -> None:
    """Close the connection without an answer."""
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def hang(handler: 'Handler', request: Request) -> None:
    """Never answer."""
    handler.server.stopping.wait(30)
    handler.close_connection = True


def drip(start: bytes, piece: bytes = b'x', pause: float = 0.05) -> Step:
    """Send so many bytes at once, then small pieces without end."""

    def step(handler: 'Handler', request: Request) -> None:
        handler.close_connection = True
        handler.wfile.write(start)
        try:
            while not handler.server.stopping.wait(pause):
                handler.wfile.write(piece)
        except OSError:
            pass

    return step


def raw(content: bytes) -> Step:
    """Send bytes that need not be HTTP."""

    def step(handler: 'Handler', request: Request) -> None:
        handler.close_connection = True
        handler.wfile.write(content)

    return step


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    disable_nagle_algorithm = True
    server: 'Server'

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def answer(self) -> None:
        length = int(self.headers.get('Content-Length', 0))
        request = Request(
            self.command, self.path, self.headers, self.rfile.read(length)
        )
        self.server.fixture.answer(self, request)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815

    def log_message(self, *args: Any) -> None:
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    fixture: 'Scripted'

    def __init__(self) -> None:
        super().__init__(('127.0.0.1', 0), Handler)
        self.stopping = threading.Event()
        self.connections = 0

    def process_request(self, *args: Any) -> None:
        self.connections += 1
        super().process_request(*args)

    def handle_error(self, *args: Any) -> None:
        pass


class Scripted(fixtures.Fixture):
    """The server: ``script[method, path]`` is one step, or a list of them.

    Of a list each is used once, but the last one for ever. What is not in
    the script is answered by 404.

    :param tls: paths of certificate and key.
    """

    def __init__(self, tls: tuple[str, str] | None = None) -> None:
        super().__init__()
        self.tls = tls
        self.script: dict[tuple[str, str], Any] = {}
        self.requests: list[Request] = []
        self.check: Callable[[Request], Reply | None] = lambda request: None
        self._lock = threading.Lock()

    def _setUp(self) -> None:
        self.server = Server()
        self.server.fixture = self
        if self.tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self.tls)
            self.server.socket = context.wrap_socket(
                self.server.socket, server_side=True
            )
        thread = threading.Thread(
            target=self.server.serve_forever, args=(0.01,), daemon=True
        )
        thread.start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.addCleanup(self.server.stopping.set)

    @property
    def url(self) -> str:
        scheme = 'https' if self.tls else 'http'
        return f'{scheme}://127.0.0.1:{self.server.server_port}'

    def get(self, path: str, document: Any) -> None:
        """Answer a GET with a document."""
        self.script['GET', path] = Reply(body=document)

    def asked(self, method: str) -> list[str]:
        """Give the paths that were asked for by a method."""
        return [each.path for each in self.requests if each.method == method]

    def answer(self, handler: Handler, request: Request) -> None:
        with self._lock:
            self.requests.append(request)
            step = self.script.get(
                (request.method, request.path), Reply(404, b'')
            )
            if isinstance(step, list):
                step = step.pop(0) if len(step) > 1 else step[0]
        refused = self.check(request)
        (refused or step)(handler, request)


class Certificate(fixtures.Fixture):
    """A self-signed certificate for 127.0.0.1."""

    def _setUp(self) -> None:
        directory = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.certificate = str(directory / 'certificate.pem')
        self.key = str(directory / 'key.pem')
        subprocess.run(
            [
                *('openssl', 'req', '-x509', '-newkey', 'ec', '-nodes'),
                *('-pkeyopt', 'ec_paramgen_curve:prime256v1'),
                *('-subj', '/CN=127.0.0.1', '-days', '2'),
                *('-addext', 'subjectAltName=IP:127.0.0.1'),
                *('-keyout', self.key, '-out', self.certificate),
            ],
            check=True,
            capture_output=True,
        )

    @property
    def files(self) -> tuple[str, str]:
        return self.certificate, self.key


class Stopwatch:
    """Measures the seconds of a ``with``."""

    seconds: float

    def __enter__(self) -> 'Stopwatch':
        self._started = time.monotonic()
        return self

    def __exit__(self, *args: object) -> None:
        self.seconds = time.monotonic() - self._started
