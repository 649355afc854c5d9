"""The configuration, in the process-wide ``cfg.CONF``."""

import os

from oslo_config import cfg
from oslo_db import options
from oslo_log import log as logging

CONF = cfg.CONF

#: The environment variable that names the configuration file.
FILE = 'BENCH_USUAL_CONFIG'

OPTS = [
    cfg.StrOpt('host', default='usual'),
    cfg.BoolOpt(
        'save_steps',
        default=True,
        help='Whether the worker saves each step of a task, as nova does '
        'with task_state and ironic with the steps of a deployment.',
    ),
]


def configure(program: str) -> None:
    CONF.register_opts(OPTS)
    options.set_defaults(CONF)
    logging.register_options(CONF)
    CONF([], project='usual', default_config_files=[os.environ[FILE]])
    logging.setup(CONF, program)
