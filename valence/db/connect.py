"""The way to a database: the one place that names its implementation."""

import contextlib
import logging
from collections.abc import Iterator, Mapping
from typing import Any

from oslo_config import cfg

from valence.common import exception
from valence.common.key_file import KeyFile
from valence.db.api import Database
from valence.db.sqlalchemy import migration
from valence.db.sqlalchemy.database import SqlDatabase

LOG = logging.getLogger(__name__)

#: SQLAlchemy's names of oslo.db's options.
_POOL = {
    'pool_size': 'max_pool_size',
    'max_overflow': 'max_overflow',
    'pool_timeout': 'pool_timeout',
    'pool_recycle': 'connection_recycle_time',
}


def connect(conf: cfg.ConfigOpts) -> Database:
    """Open the database of ``[database]``.

    Connections are made when they are needed. Without keys of credentials
    all works that needs none, so that is only told.
    """
    keys = key_file(conf)
    try:
        keys.ring()
    except exception.CredentialsKeyError as error:
        LOG.error('%s', error)
    return _open(conf, keys)


def key_file(conf: cfg.ConfigOpts) -> KeyFile:
    """Give the file of the keys of credentials, which need not be there."""
    return KeyFile(conf.credentials.key_file)


@contextlib.contextmanager
def opened(conf: cfg.ConfigOpts) -> Iterator[SqlDatabase]:
    """Open the database, and close it after."""
    with contextlib.closing(_open(conf, key_file(conf))) as database:
        yield database


def upgrade(conf: cfg.ConfigOpts) -> None:
    """Bring the schema to what this version of Valence needs.

    :raises DatabaseUnavailable:
    """
    with opened(conf) as database:
        database.ping()
        migration.upgrade(database.engine)


def schema_version(conf: cfg.ConfigOpts) -> str | None:
    """Give the revision of the schema; None before the first.

    :raises DatabaseUnavailable:
    """
    with opened(conf) as database:
        database.ping()
        return migration.current(database.engine)


def _open(conf: cfg.ConfigOpts, keys: KeyFile) -> SqlDatabase:
    return SqlDatabase(conf.database.connection, keys.ring, **_options(conf))


def _options(conf: cfg.ConfigOpts) -> Mapping[str, Any]:
    return {
        name: value
        for name, option in _POOL.items()
        if (value := getattr(conf.database, option)) is not None
    }
