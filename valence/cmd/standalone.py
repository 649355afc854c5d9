"""All of Valence in one process: SQLite, no broker, for a newcomer.

It listens on a loopback address only, since it authenticates nobody.
"""

import logging
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from cheroot import wsgi
from oslo_config import cfg

from valence.api.app import Api
from valence.cmd import parts
from valence.common import exception, http_addresses, service
from valence.common.local_bus import LocalBus
from valence.conf import CONF
from valence.db import connect, credentials

LOG = logging.getLogger(__name__)

_HOST = '127.0.0.1'

_OPTS = [
    cfg.StrOpt(
        'state-dir',
        default=str(Path.home() / '.local' / 'state' / 'valence'),
        sample_default='~/.local/state/valence',
        dest='standalone_dir',
        help='Directory of the database and of the keys of credentials; '
        'made where it is missing.',
    ),
    cfg.PortOpt(
        'port',
        default=8181,
        dest='standalone_port',
        help='Port to listen on, on 127.0.0.1.',
    ),
]


class _HttpServer:
    """A part that serves the API on threads of this process."""

    def __init__(self, api: Api, port: int) -> None:
        self._server = wsgi.Server(
            (_HOST, port), api.application, numthreads=CONF.api.threads
        )
        self._thread = threading.Thread(
            target=self._server.serve, name='http', daemon=True
        )

    def start(self) -> None:
        self._server.prepare()
        self._thread.start()

    def stop(self) -> None:
        self._server.stop()
        self._thread.join()


def _build() -> Iterator[service.Part]:
    connect.upgrade(CONF)
    _seal_credentials()
    bus = LocalBus(threads=CONF.rpc_threads, timeout=CONF.rpc_call_timeout)
    shared = parts.share(CONF, bus)
    yield from parts.base_parts(shared)
    yield from parts.conductor_parts(shared)
    yield from parts.compute_parts(shared)
    yield from parts.network_parts(shared)
    yield from parts.storage_parts(shared)
    api = Api(CONF, shared.database, bus)
    yield api
    yield _HttpServer(api, CONF.standalone_port)


def _seal_credentials() -> None:
    """Encrypt what is in clear: nobody else works with the database."""
    with connect.opened(CONF) as database:
        try:
            credentials.set_up(database, connect.key_file(CONF))
            if credentials.in_clear(database):
                credentials.rotate(database)
        except exception.CredentialsKeyError as error:
            LOG.error('%s', error)


def main() -> int:
    service.configure('valence-standalone', sys.argv[1:], cli_opts=_OPTS)
    state_dir = Path(CONF.standalone_dir).absolute()
    asked_to_stop = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        asked_to_stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    made = service.Service('valence-standalone', _build)
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        CONF.set_default(
            'connection',
            f'sqlite:///{state_dir}/valence.sqlite',
            group='database',
        )
        CONF.set_default(
            'key_file', f'{state_dir}/credentials.keys', group='credentials'
        )
        CONF.set_default(
            'allowed_networks',
            [str(network) for network in http_addresses.LOOPBACK],
            group='http_client',
        )
        made.start()
    except OSError as error:
        return service.fail(
            f'valence-standalone cannot start: {error}. Is the port taken, '
            'or the state directory not writable?'
        )
    url = f'http://{_HOST}:{CONF.standalone_port}'
    print(f'Valence listens on {url}; state in {state_dir}', flush=True)
    asked_to_stop.wait()
    made.stop()
    return 0
