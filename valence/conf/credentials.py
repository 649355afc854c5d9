"""Options of the credentials of pod managers, which are kept encrypted."""

from oslo_config import cfg

GROUP = cfg.OptGroup('credentials', title='The credentials of pod managers')

OPTS = [
    cfg.StrOpt(
        'key_file',
        default='/var/lib/valence/credentials.keys',
        help='File of the keys with which the credentials of pod managers '
        'are encrypted in the database, one a line: the first one encrypts, '
        'all of them decrypt. The same file has to be on every host, with '
        'mode 0600. "valence-manage db sync" makes it where it is missing. '
        'It is read again when it has changed.',
    ),
]


def register_opts(conf: cfg.ConfigOpts) -> None:
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts() -> tuple[cfg.OptGroup, list[cfg.Opt]]:
    return GROUP, OPTS
