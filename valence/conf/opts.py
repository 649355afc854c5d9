"""All options, for oslo-config-generator."""

from oslo_config import cfg

from valence import conf


def list_opts() -> list[tuple[cfg.OptGroup, list[cfg.Opt]]]:
    return [group.list_opts() for group in conf.GROUPS]
