"""Options of the processes themselves: who they are and how they end."""

import socket

from oslo_config import cfg

GROUP = cfg.OptGroup('DEFAULT')

OPTS = [
    cfg.HostAddressOpt(
        'host',
        default=socket.gethostname(),
        sample_default='<hostname>',
        help='Name of this host on the message bus and in the list of '
        'services. Two processes of one kind on one machine need two names.',
    ),
    cfg.FloatOpt(
        'report_interval',
        default=10,
        min=0.1,
        help='Seconds between two state reports of a service.',
    ),
    cfg.IntOpt(
        'service_down_time',
        default=60,
        min=1,
        help='A service that has not reported for so many seconds is down.',
    ),
    cfg.FloatOpt(
        'rpc_call_timeout',
        default=10,
        min=0.1,
        help='Seconds that the API waits for the answer of a service before '
        'it answers 503.',
    ),
    cfg.IntOpt(
        'rpc_threads',
        default=8,
        min=1,
        help='Threads of a service that answer calls. More than a few only '
        'get into the way of each other, unless pod managers are slow.',
    ),
]


def register_opts(conf: cfg.ConfigOpts) -> None:
    conf.register_opts(OPTS)


def list_opts() -> tuple[cfg.OptGroup, list[cfg.Opt]]:
    return GROUP, OPTS
