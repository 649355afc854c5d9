"""Options of the task engine."""

from oslo_config import cfg

GROUP = cfg.OptGroup('tasks', title='The task engine')

OPTS = [
    cfg.IntOpt(
        'threads',
        default=16,
        min=1,
        help='Tasks that one service process works on at the same time.',
    ),
    cfg.IntOpt(
        'short_threads',
        default=2,
        min=0,
        help='How many of the threads are kept for short tasks, such as a '
        'change of power, so that they need not wait for long ones.',
    ),
    cfg.FloatOpt(
        'lease',
        default=30,
        min=1,
        help='Seconds for which a worker holds a task. It renews while it '
        'works; when it dies, another one goes on after this time.',
    ),
    cfg.FloatOpt(
        'sweep_interval',
        default=2,
        min=0.05,
        help='Seconds between two looks for tasks whose doorbell was lost, '
        'whose worker died or whose next look is due.',
    ),
    cfg.IntOpt(
        'max_open',
        default=10000,
        min=1,
        help='Tasks in progress past which the API accepts no more, but '
        'answers 429.',
    ),
    cfg.IntOpt(
        'breaker_failures',
        default=3,
        min=1,
        help='Calls in a row without an answer after which a pod manager is '
        'Offline and is left alone.',
    ),
    cfg.FloatOpt(
        'breaker_pause',
        default=30,
        min=0.1,
        help='Seconds until a pod manager that did not answer is tried '
        'again, by one call, more or less a fifth.',
    ),
    cfg.FloatOpt(
        'poll_interval',
        default=1,
        min=0.01,
        help='Seconds between two looks at what a pod manager is doing, '
        'where it does not ask for other ones.',
    ),
    cfg.FloatOpt(
        'assemble_timeout',
        default=1800,
        min=1,
        help='Seconds after which a node that is still being assembled is '
        'given up and deleted.',
    ),
]


def register_opts(conf: cfg.ConfigOpts) -> None:
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts() -> tuple[cfg.OptGroup, list[cfg.Opt]]:
    return GROUP, OPTS
