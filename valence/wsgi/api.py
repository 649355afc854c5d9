"""The API for a WSGI server: ``valence.wsgi.api:application``.

Configuration files are named in the environment, since the command line is
the server's: ``OS_VALENCE_CONFIG_FILES``, separated by colons.
"""

import atexit
import logging
import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

from valence.api.app import Api
from valence.common import service
from valence.common.rpc import RpcBus
from valence.conf import CONF
from valence.db.connect import connect

LOG = logging.getLogger(__name__)

CONFIG_FILES = 'OS_VALENCE_CONFIG_FILES'


class LazyApplication:
    """Builds the API at the first request: in the worker, after any fork."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._application: Callable[..., Iterable[bytes]] | None = None

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        if self._application is None:
            with self._lock:
                if self._application is None:
                    self._application = _build_or_log()
        return self._application(environ, start_response)


def _build_or_log() -> Callable[..., Iterable[bytes]]:
    try:
        return _build()
    except Exception:
        LOG.exception('The API cannot be built')
        raise


def _build() -> Callable[..., Iterable[bytes]]:
    files = os.environ.get(CONFIG_FILES)
    # A server that forks its workers has read the configuration already.
    CONF.clear()
    service.configure(
        'valence-api', [], config_files=files.split(':') if files else None
    )
    bus = RpcBus(CONF)
    database = connect(CONF)
    api = Api(CONF, database, bus)
    api.start()
    atexit.register(database.close)
    atexit.register(bus.close)
    atexit.register(api.stop)
    return api.application


application = LazyApplication()
