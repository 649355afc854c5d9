"""Options of the HTTP client that talks to pod managers."""

from oslo_config import cfg

GROUP = cfg.OptGroup(
    'http_client', title='The HTTP client that talks to pod managers'
)

OPTS = [
    cfg.FloatOpt(
        'connect_timeout',
        default=5,
        min=0.1,
        help='Seconds to wait for a connection to a pod manager.',
    ),
    cfg.FloatOpt(
        'timeout',
        default=30,
        min=0.1,
        help='Seconds that one read from a pod manager may take in all, with '
        'its body, its redirects and its repetitions.',
    ),
    cfg.FloatOpt(
        'change_timeout',
        default=120,
        min=0.1,
        help='Seconds that one request which changes something may take in '
        'all. Pod managers take a node apart, and erase its drives, before '
        'they answer.',
    ),
    cfg.IntOpt(
        'max_connections',
        default=16,
        min=1,
        max=256,
        help='Connections of one process to one pod manager, at the most; '
        'they are kept alive.',
    ),
    cfg.IntOpt(
        'max_body_mib',
        default=16,
        min=1,
        max=1024,
        help='Size of one answer, MiB, at the most.',
    ),
]


def register_opts(conf: cfg.ConfigOpts) -> None:
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts() -> tuple[cfg.OptGroup, list[cfg.Opt]]:
    return GROUP, OPTS
