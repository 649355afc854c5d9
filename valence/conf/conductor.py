"""Options of the conductor."""

from oslo_config import cfg

GROUP = cfg.OptGroup('conductor', title='The conductor')

OPTS = [
    cfg.FloatOpt(
        'probe_timeout',
        default=5,
        min=0.1,
        help='Seconds that the registration of a pod manager waits for it '
        'before it is recorded as Offline.',
    ),
    cfg.IntOpt(
        'max_tasks',
        default=4,
        min=1,
        help='Tasks that a pod manager is given at once, by all services '
        'together, where its record says nothing else.',
    ),
    cfg.FloatOpt(
        'sync_interval',
        default=300,
        min=0.1,
        help='Seconds between two syncs of a pod manager, more or less a '
        'fifth: what it holds is read, and nodes that it lost, or that '
        'nobody owns, are found.',
    ),
]


def register_opts(conf: cfg.ConfigOpts) -> None:
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts() -> tuple[cfg.OptGroup, list[cfg.Opt]]:
    return GROUP, OPTS
