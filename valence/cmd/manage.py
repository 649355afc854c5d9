"""Commands of the operator: schema, keys, services, tasks."""

import math
import sys
from collections.abc import Callable
from typing import Any

from oslo_config import cfg

from valence.cmd import manage_credentials as credentials
from valence.common import exception, service
from valence.conf import CONF
from valence.db import connect
from valence.db.api import Query
from valence.objects import times


def db_sync() -> int:
    """Bring the database to what this version of Valence needs."""
    connect.upgrade(CONF)
    db_version()
    return credentials.after_upgrade()


def db_version() -> int:
    """Print the revision of the schema."""
    print(connect.schema_version(CONF) or 'none')
    return 0


def service_list() -> int:
    """Print the services, and whether they are up."""
    with connect.opened(CONF) as database:
        services = database.services.list(
            query=Query(sort_key='binary'), down_time=CONF.service_down_time
        )
    for found in services:
        status = 'up' if found.up else 'down'
        seen = times.show(found.last_seen)
        print(f'{found.binary:20} {found.host:30} {status:5} {seen}')
    return 0


def tasks_purge() -> int:
    """Delete the tasks that ended long ago, and what replays of them need."""
    age = CONF.command.days * 86400
    with connect.opened(CONF) as database:
        tasks = _all(database.tasks.purge, age)
        _all(database.idempotency_keys.purge, age)
    print(f'{tasks} tasks deleted')
    return 0


def _all(purge: Callable[..., int], age: float) -> int:
    """Purge in batches, so that nobody has to wait for long."""
    deleted = 0
    while batch := purge(age=age, limit=_BATCH):
        deleted += batch
    return deleted


def _days(value: str) -> float:
    days = float(value)
    if not 0 <= days < math.inf:
        raise ValueError(value)
    return days


#: Rows that are deleted in one transaction.
_BATCH = 500
_COMMANDS: dict[str, dict[str, Callable[[], int]]] = {
    'credentials': {
        'setup': credentials.setup,
        'status': credentials.status,
        'new-key': credentials.new_key,
        'rotate': credentials.rotate,
    },
    'db': {'sync': db_sync, 'version': db_version},
    'service': {'list': service_list},
    'tasks': {'purge': tasks_purge},
}
_OPTIONS: dict[Callable[[], int], dict[str, Any]] = {
    credentials.new_key: {
        '--standby': {
            'action': 'store_true',
            'help': 'as the last one: it only decrypts, until it is made the '
            'first one when all hosts have it',
        },
    },
    tasks_purge: {
        '--days': {
            'type': _days,
            'default': 30,
            'help': 'how long ago they must have ended (default 30)',
        },
    },
}


def _add_commands(subparsers: Any) -> None:
    for group, commands in _COMMANDS.items():
        parser = subparsers.add_parser(group)
        verbs = parser.add_subparsers(dest='verb', required=True)
        for verb, function in commands.items():
            help_ = (function.__doc__ or '').strip()
            added = verbs.add_parser(verb, help=help_)
            added.set_defaults(run=function)
            for option, settings in _OPTIONS.get(function, {}).items():
                added.add_argument(option, **settings)


def main() -> int:
    command = cfg.SubCommandOpt(
        'command', title='Commands', handler=_add_commands
    )
    service.configure('valence-manage', sys.argv[1:], cli_opts=[command])
    try:
        run: Callable[[], int] = CONF.command.run
        return run()
    except exception.DatabaseUnavailable as error:
        cause = str(error.__cause__).partition('\n')[0]
        return service.fail(f'{error.detail} ({cause})')
    except exception.CredentialsKeyError as error:
        return service.fail(error.detail)
