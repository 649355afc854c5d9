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
        help='Tasks that a pod manager is said to bear at once, where its '
        'record says nothing else. It is recorded; no task waits for it yet.',
    ),
]


def register_opts(conf: cfg.ConfigOpts) -> None:
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts() -> tuple[cfg.OptGroup, list[cfg.Opt]]:
    return GROUP, OPTS
