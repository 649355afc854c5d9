"""Options of what is read of pod managers, and of where it is kept.

Those of ``[cache]`` are oslo.cache's own; without them it is in memory.
"""

import oslo_cache
from oslo_config import cfg

GROUP = cfg.OptGroup('inventory', title='What pod managers tell')

OPTS = [
    cfg.FloatOpt(
        'ttl',
        default=60,
        min=0,
        help='Seconds for which lists tell what a pod manager has told, '
        'before they ask again. What Valence has changed itself is asked for '
        'at once. 0 asks each time.',
    ),
    cfg.IntOpt(
        'cache_mib',
        default=64,
        min=0,
        max=65536,
        help='Memory of one process, MiB, for what pod managers have told, '
        'about 1 MiB for 1000 systems. Not used with [cache] enabled.',
    ),
    cfg.IntOpt(
        'readers',
        default=128,
        min=1,
        max=4096,
        help='Threads of one process that read pod managers for lists, at '
        'the most. More than a few are busy only while pod managers do not '
        'answer.',
    ),
]


def register_opts(conf: cfg.ConfigOpts) -> None:
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)
    oslo_cache.configure(conf)


def list_opts() -> tuple[cfg.OptGroup, list[cfg.Opt]]:
    return GROUP, OPTS
