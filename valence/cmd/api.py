"""The REST API, served by granian with processes of its own."""

import ipaddress
import os
import socket
import sys

from granian import Granian
from granian.constants import Interfaces

from valence.common import service
from valence.conf import CONF
from valence.wsgi import api

#: granian's loggers, left to oslo.log.
_LOGGING = {
    'formatters': {},
    'handlers': {},
    'loggers': {
        '_granian': {'handlers': [], 'propagate': True},
        'granian.access': {'handlers': [], 'propagate': True},
    },
}


def main() -> int:
    service.configure('valence-api', sys.argv[1:])
    try:
        check_loopback(CONF.api.bind_host)
    except ValueError as error:
        return service.fail(str(error))
    # The processes that answer read the same files.
    os.environ[api.CONFIG_FILES] = ':'.join(CONF.config_file or ())
    Granian(
        'valence.wsgi.worker:application',
        address=CONF.api.bind_host,
        port=CONF.api.bind_port,
        interface=Interfaces.WSGI,
        workers=CONF.api.workers,
        blocking_threads=CONF.api.threads,
        respawn_failed_workers=True,
        log_dictconfig=_LOGGING,
    ).serve()
    return 0


def check_loopback(host: str) -> None:
    """Make sure that only this machine can ask, since anybody may.

    :raises ValueError: names the address, and what to do.
    """
    try:
        infos = socket.getaddrinfo(host, None)
    except OSError:
        infos = []
    addresses = [info[4][0] for info in infos]
    if addresses and all(
        ipaddress.ip_address(address).is_loopback for address in addresses
    ):
        return
    raise ValueError(
        f'[api] bind_host {host} is not a loopback address, and the API has '
        'no authentication: bind it to 127.0.0.1 and put a proxy that '
        'authenticates in front of it.'
    )
