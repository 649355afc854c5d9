"""Options of the HTTP client that talks to pod managers."""

import ipaddress

from oslo_config import cfg, types

GROUP = cfg.OptGroup(
    'http_client', title='The HTTP client that talks to pod managers'
)


class _Network(types.String):  # type: ignore[misc]
    """A network in the notation of CIDR, without host bits."""

    def __init__(self) -> None:
        super().__init__(type_name='network value')

    def __call__(self, value: object) -> str:
        return str(ipaddress.ip_network(super().__call__(value)))


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
        'they are kept alive while they are used.',
    ),
    cfg.IntOpt(
        'max_body_mib',
        default=16,
        min=1,
        max=1024,
        help='Size of one answer, MiB, at the most.',
    ),
    cfg.ListOpt(
        'allowed_networks',
        item_type=_Network(),
        default=[],
        sample_default=[],
        help='Networks (CIDR) whose addresses pod managers may have although '
        'they are refused otherwise: loopback, link-local, multicast, '
        'unspecified and reserved ones, and those of the metadata services '
        'of clouds. Other addresses, private ones too, need not be in it. '
        'Only valence-standalone has a default: loopback, 127.0.0.0/8 and '
        '::1/128.',
    ),
    cfg.IntOpt(
        'cache_mib',
        default=32,
        min=0,
        max=65536,
        help='Memory of one process, MiB, for what pod managers have sent '
        'with an ETag, so that it need not be sent again unchanged. 0 keeps '
        'nothing.',
    ),
]


def register_opts(conf: cfg.ConfigOpts) -> None:
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts() -> tuple[cfg.OptGroup, list[cfg.Opt]]:
    return GROUP, OPTS
