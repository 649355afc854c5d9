"""Options of the events of pod managers."""

from oslo_config import cfg

GROUP = cfg.OptGroup('events', title='Events of pod managers')

OPTS = [
    cfg.URIOpt(
        'destination',
        schemes=['http', 'https'],
        max_length=512,
        help='Url of the API as pod managers reach it, for example '
        'https://valence.example:8181: they are asked to send their events '
        'there. Where it is not set they are not asked, and the streams of '
        'events (server-sent events) of those that have one are read.',
    ),
    cfg.BoolOpt(
        'sse',
        default=False,
        help='Read the streams of events also where destination is set.',
    ),
    cfg.FloatOpt(
        'interval',
        default=10,
        min=0.1,
        help='Seconds between two looks at a pod manager that tells of '
        'changes. What it tells meanwhile is looked at at their end.',
    ),
    cfg.IntOpt(
        'max_streams',
        default=100,
        min=0,
        help='Streams that a conductor process reads, each on a thread of '
        'its own. They are shared among the conductors that are up. 0 reads '
        'none.',
    ),
    cfg.FloatOpt(
        'stream_idle',
        default=300,
        min=1,
        help='Seconds without a sign of life after which a stream is opened '
        'anew.',
    ),
]


def register_opts(conf: cfg.ConfigOpts) -> None:
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts() -> tuple[cfg.OptGroup, list[cfg.Opt]]:
    return GROUP, OPTS
