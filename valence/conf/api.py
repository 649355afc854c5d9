"""Options of the REST API."""

from oslo_config import cfg

GROUP = cfg.OptGroup('api', title='The REST API')

OPTS = [
    cfg.HostAddressOpt(
        'bind_host',
        default='127.0.0.1',
        help='Address to listen on. Without authentication only a loopback '
        'address is accepted.',
    ),
    cfg.PortOpt('bind_port', default=8181, help='Port to listen on.'),
    cfg.IntOpt(
        'workers',
        default=1,
        min=1,
        help='Processes that answer requests.',
    ),
    cfg.IntOpt(
        'threads',
        default=16,
        min=2,
        help='Threads of each process that answer requests. At most half of '
        'them are given to requests that wait for a task.',
    ),
    cfg.IntOpt(
        'max_limit',
        default=1000,
        min=1,
        help='Items of a list in one answer, at the most and by default.',
    ),
    cfg.FloatOpt(
        'max_wait',
        default=60,
        min=0,
        help='Seconds that a request may wait for a task, at the most.',
    ),
    cfg.IntOpt(
        'max_body_kib',
        default=1024,
        min=1,
        help='Size of a request body, KiB, at the most.',
    ),
    cfg.IntOpt(
        'max_body_depth',
        default=25,
        min=2,
        help='Nesting of a request body, at the most.',
    ),
]


def register_opts(conf: cfg.ConfigOpts) -> None:
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts() -> tuple[cfg.OptGroup, list[cfg.Opt]]:
    return GROUP, OPTS
