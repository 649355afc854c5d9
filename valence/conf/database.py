"""Options of the database: oslo.db's own, with our defaults."""

from oslo_config import cfg
from oslo_db import options

GROUP = cfg.OptGroup('database', title='The database')


def register_opts(conf: cfg.ConfigOpts) -> None:
    options.set_defaults(
        conf,
        connection='sqlite:////var/lib/valence/valence.sqlite',
        max_pool_size=32,
    )


def list_opts() -> tuple[cfg.OptGroup, list[cfg.Opt]]:
    (group, opts), *_others = options.list_opts()
    return GROUP, list(opts)
