"""How a process is set up, started and stopped.

A service is a list of parts that are started in order and stopped in
reverse. The constructor stores, ``start`` builds: between the two lies the
fork of the process that works.
"""

import ctypes
import logging as python_logging
import resource
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from oslo_config import cfg
from oslo_log import log as logging
from oslo_service import service
from pbr import version

from valence.common import rpc
from valence.conf import CONF

LOG = python_logging.getLogger(__name__)

_QUIET = [
    # It warns of each channel that is closed while it is in use.
    'amqp=ERROR',
    'amqplib=WARNING',
    'sqlalchemy=WARNING',
    'oslo.messaging=INFO',
    'oslo_messaging=INFO',
    'alembic=WARNING',
    'stevedore=INFO',
    'urllib3=WARNING',
    'cotyledon=WARNING',
]


#: Of Linux's prctl(2).
_PR_SET_PDEATHSIG = 1


class Part(Protocol):
    """Something that a service is made of."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


def version_string() -> str:
    return str(version.VersionInfo('valence').version_string())


def configure(
    program: str,
    argv: Sequence[str],
    *,
    cli_opts: Sequence[cfg.Opt] = (),
    config_files: list[str] | None = None,
) -> None:
    """Read the configuration and set logging up.

    ``--help``, ``--version`` and a wrong option end the process, as oslo
    does.
    """
    logging.register_options(CONF)
    logging.set_defaults(
        default_log_levels=[*logging.get_default_log_levels(), *_QUIET]
    )
    CONF.register_cli_opts(cli_opts)
    CONF(
        argv,
        project='valence',
        prog=program,
        version=version_string(),
        default_config_files=config_files,
    )
    rpc.set_defaults(CONF)
    logging.setup(CONF, program)
    allow_descriptors()


def allow_descriptors() -> None:
    """Let this process have as many open files as it may have at the most.

    Each pod manager is an open connection, and the usual 1024 were chosen
    for programs that call select(2), which none of ours does.
    """
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Service(service.ServiceBase):
    """Parts that live and die together, in a process of their own.

    :param build: yields the parts; called in the process that works. Each is
        started before the next one is made, so that this one may use it.
    """

    def __init__(self, name: str, build: Callable[[], Iterator[Part]]) -> None:
        self.name = name
        self._build = build
        self._parts: list[Part] = []
        self._ended = threading.Event()

    def start(self) -> None:
        try:
            for part in self._build():
                part.start()
                self._parts.append(part)
        except Exception:
            self.stop()
            raise
        LOG.info('%s %s is working', self.name, version_string())

    def stop(self) -> None:
        while self._parts:
            part = self._parts.pop()
            try:
                part.stop()
            except Exception:
                LOG.exception('%s did not stop; it goes on', part)
        self._ended.set()

    def wait(self) -> None:
        self._ended.wait()

    def reset(self) -> None:
        """Do nothing: on SIGHUP the launcher starts a new process."""


def launch(made: Service) -> int:
    """Run a service until SIGTERM or SIGINT; give the exit code."""
    launcher = service.launch(CONF, made)
    return int(launcher.wait() or 0)


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent process dies.

    Called by the first thread of a process that another one started: while
    the starter lives it ends it in order; killed, it cannot.
    """
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def fail(message: str) -> int:
    """Say in one line why a process cannot start; give its exit code."""
    print(message, file=sys.stderr)
    return 1
