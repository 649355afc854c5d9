"""The configuration: one module per group, all registered on ``CONF``.

oslo.messaging reads the process-wide ``cfg.CONF``, so ``CONF`` is that one.
"""

from oslo_config import cfg

from valence.conf import (
    api,
    conductor,
    credentials,
    database,
    default,
    events,
    http_client,
    inventory,
    tasks,
)

CONF = cfg.CONF

GROUPS = (
    default,
    api,
    conductor,
    credentials,
    database,
    events,
    http_client,
    inventory,
    tasks,
)

for _group in GROUPS:
    _group.register_opts(CONF)
